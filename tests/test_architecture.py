"""The house keeps its rules, and each rule notices when it is broken."""

import pytest

from tests.architecture import complaints, sources


def test_the_house_keeps_its_rules():
    assert complaints(sources()) == []


@pytest.mark.parametrize(
    ("path", "source", "said"),
    [
        ("members/views.py", "from papers.models import Paper", "imports papers.models"),
        ("papers/library.py", "import schedule.models", "imports schedule.models"),
        ("papers/library.py", "from studygroup import settings", "imports studygroup"),
        ("studygroup/health.py", "from members.models import Member", "imports members.models"),
        ("schedule/rotation.py", "from django.db import models", "plain Python"),
        ("papers/extraction/page.py", "from papers.models import Paper", "plain Python"),
        ("schedule/models.py", "from schedule import planning", "imports schedule.planning from above models"),
        ("papers/library.py", "from papers.tasks import read_paper", "imports papers.tasks from above library"),
        ("papers/forms.py", "from papers import shelf, views", "imports papers.views from above forms"),
        ("members/views/door.py", "import members.urls", "imports members.urls from above views"),
        ("papers/models.py", "class Base:\n    class Meta:\n        abstract = True", "has an abstract model"),
        ("papers/library.py", "def f():\n    import json", "inside a function"),
        ("papers/library.py", "def f():\n" + "    pass\n" * 41, "f() has 42 lines"),
        ("papers/library.py", "\n" * 301, "301 lines"),
        ("papers/utils.py", "", "named for a layer"),
        ("papers/library.py", "from django.db.models.signals import post_save", "signals"),
    ],
)
def test_a_broken_rule_is_noticed(path, source, said):
    assert [words for words in complaints({path: source}) if said in words] != []


def test_what_is_allowed_is_not_complained_about():
    allowed = "from members.models import Member\nfrom papers import library\ndef f():\n    import holidays"
    assert complaints({"schedule/home.py": allowed}) == []
    assert complaints({"papers/views.py": "from papers import forms, library, models, tasks"}) == []
