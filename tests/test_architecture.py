"""The structure keeps its rules, and each rule notices when it is broken."""

import pytest

from tests.architecture import ORDER, ROOT, complaints, sources, templates


def test_the_structure_keeps_its_rules():
    assert len(templates()) > 50
    assert complaints(sources() | templates()) == []


def test_the_order_names_what_there_is():
    there = {app: {path.stem for path in (ROOT / app).iterdir() if _is_code(path)} for app in ORDER}
    assert {app: set(names) for app, names in ORDER.items()} == there


def _is_code(path):
    package = path.is_dir() and any(path.glob("*.py")) and path.name != "migrations"
    return package or (path.suffix == ".py" and path.stem != "__init__")


@pytest.mark.parametrize(
    ("path", "source", "said"),
    [
        ("members/views.py", "from papers.models import Paper", "imports papers.models"),
        ("papers/library.py", "import schedule.models", "imports schedule.models"),
        ("papers/library.py", "from studygroup import settings", "imports studygroup"),
        ("studygroup/health.py", "from members.models import Member", "imports members.models"),
        ("studygroup/health.py", "from members import archive, models", "imports members.models"),
        ("members/archive.py", "from django.conf import settings", "plain Python"),
        ("schedule/rotation/solver.py", "from django.db import models", "plain Python"),
        ("papers/extraction/page.py", "from papers.models import Paper", "plain Python"),
        (
            "schedule/models/term.py",
            "from schedule.planning import turns",
            "imports schedule.planning, which stands below",
        ),
        (
            "schedule/notifications/outbox.py",
            "from schedule import planning",
            "imports schedule.planning, which stands",
        ),
        ("papers/library.py", "from papers.tasks import read_paper", "imports papers.tasks, which stands below"),
        ("papers/forms.py", "from papers import labels, views", "imports papers.views, which stands below"),
        ("members/views/sign_in.py", "import members.urls", "imports members.urls, which stands below"),
        ("papers/novelty.py", "", "papers.novelty has no place in the order"),
        ("papers/library.py", "paper.presentations", "uses .presentations, which schedule.Presentation declares"),
        ("papers/library.py", "papers.prefetch_related('presentations')", 'spells "presentations", which schedule'),
        ("papers/library.py", "Q('presentations__session__state')", 'spells "presentations__session__state"'),
        ("members/membership.py", "apps.get_model('schedule.Term')", 'spells the model "schedule.Term"'),
        ("papers/models.py", "class Base:\n    class Meta:\n        abstract = True", "has an abstract model"),
        ("papers/library.py", "def f():\n    import json", "inside a function"),
        ("papers/library.py", "def f():\n" + "    pass\n" * 41, "f() has 42 lines"),
        ("papers/library.py", "\n" * 301, "301 lines"),
        ("papers/utils.py", "", "named for a layer"),
        ("papers/library.py", "from django.db.models.signals import post_save", "signals"),
        ("papers/lookup/__init__.py", '"""Asks."""\nfrom papers.lookup.queue import ask', "does more than say"),
        ("papers/lookup/__init__.py", "", "does not say what the package is for"),
        ("papers/views.py", "if request.membership.is_organizer: pass", "line 1 asks for is_organizer"),
        ("members/views/people.py", "show = place.role == 'organizer'", "line 1 asks for role"),
        ("schedule/home.py", "Member.objects.filter(is_staff=True)", "line 1 asks for is_staff"),
        ("schedule/home.py", "from members.access import organizes", "line 1 asks for organizes"),
        ("templates/schedule/home/home.html", "\n{% if me.is_organizer %}", "line 2 asks for is_organizer"),
        ("templates/members/join.html", "{{ invitation.role }}", "line 1 asks for role"),
        ("templates/members/start.html", "{% if user.is_staff %}", "line 1 asks for is_staff"),
    ],
)
def test_a_broken_rule_is_noticed(path, source, said):
    assert [words for words in complaints({path: source}) if said in words] != []


def test_a_circle_of_two_is_noticed():
    two = {"papers/labels.py": "from papers import demo_pdf", "papers/demo_pdf.py": "from papers.labels import words"}
    assert "in a circle of imports: papers.demo_pdf, papers.labels" in complaints(two)
    inside = {
        "papers/lookup/queue.py": "import papers.lookup.merge",
        "papers/lookup/merge.py": "import papers.lookup.queue",
    }
    assert "in a circle of imports: papers.lookup.merge, papers.lookup.queue" in complaints(inside)


def test_one_class_name_in_two_modules_is_noticed():
    two = {"papers/labels.py": "class Line: pass", "papers/library.py": "class Line: pass\nclass Meta: pass"}
    assert "class Line is defined in papers/labels.py, papers/library.py" in complaints(two)


def test_what_is_allowed_is_not_complained_about():
    allowed = "from members.models import Member\nfrom papers import library\ndef f():\n    import holidays"
    assert complaints({"schedule/home.py": allowed}) == []
    assert complaints({"studygroup/backup_archive.py": "from members.archive import open_archive"}) == []
    assert complaints({"papers/views.py": "from papers import forms, library, models, tasks"}) == []
    assert complaints({"schedule/home.py": "paper.presentations"}) == []
    assert complaints({"schedule/access.py": "me.is_organizer", "members/models.py": "self.role"}) == []
    assert complaints({"members/admin.py": "COLUMNS = ['is_staff']"}) == []
    assert complaints({"templates/members/members.html": '<ul role="list">{{ place.shown_role }}</ul>'}) == []
