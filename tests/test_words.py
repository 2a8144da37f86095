"""Words that people read: none is written down in one language only, and Korean particles fit whatever stands before them."""

import re

import polib
import pytest

from tests.hardcoded import in_javascript, in_python, in_template
from tests.translatable import PACKAGES, ROOT

CATALOGUE = ROOT / "studygroup" / "locale" / "ko" / "LC_MESSAGES" / "django.po"
# its tag has either name, so that HTML cannot be read before the template is
UNREADABLE = {"templates/allauth/elements/button.html"}

VARIABLE = r"(?:%\((?P<name>\w+)\)[sd]|%[sd]|\{\w*\})"
# forms that depend on how the word before ends; whatever follows must not go on the word
PARTICLES = "이었|였|이에요|예요|이라|라|이나|나|이랑|랑|으로|로|이|가|을|를|은|는|과|와"
BARE = re.compile(rf"{VARIABLE}[’”'\"]?(?:{PARTICLES})(?=[\s.,!?…)’]|어요|고|는|면|서|$)")
# always end alike: dates in 일, counted people in 명
ENDS_IN_IL = {"day", "date", "old", "new", "other_date", "share", "new_date"}


def catalogue():
    return [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]


def bare(text: str) -> list[str]:
    """The variables of a Korean text that a particle follows which may not fit."""
    found = []
    for match in BARE.finditer(text):
        particle = match[0].rpartition(match["name"] or "}")[2].lstrip(")sd’”'\"")
        fits = match["name"] in ENDS_IN_IL and particle in {"이었", "이에요", "이", "을", "은", "과", "로"}
        found += [] if fits else [match[0]]
    return found


def test_the_finder_finds_bare_particles():
    assert bare("%(name)s이 발표해요") == ["%(name)s이"]
    assert bare("{name}를 불러요, ‘%(title)s’예요.") == ["{name}를", "%(title)s’예요"]
    assert bare("%(name)s 님이 발표해요. %(day)s로 옮기기, %(day)s이었어요, %(n)s명이 %(names)s에게") == []
    assert bare("%(day)s를 골라요") == ["%(day)s를"]


def test_no_particle_depends_on_a_variable():
    texts = [text for entry in catalogue() for text in [entry.msgstr, *entry.msgstr_plural.values()]]
    assert {text: found for text in texts if (found := bare(text))} == {}


def test_the_finder_finds_words_that_are_not_translated():
    page = """{% load i18n %}{# why #}<p title="A hint" class="wide">Read {{ me }}</p><input placeholder="{% translate 'fine' %}">
    {% blocktranslate %}this is fine{% endblocktranslate %}<svg aria-label="a chart"></svg><code>manage.py up</code> · PDF"""
    assert in_template(page) == ["title=A hint", "Read", "aria-label=a chart"]
    assert in_template("{{ name }}:\nHello you\n{% translate 'fine' %}", plain=True) == ["Hello you"]
    code = "messages.success(request, 'All saved.'); ValidationError(f'Nobody took {x}'); NotPossible(_('fine')); f(label='Your name')"
    assert sorted(in_python(code)) == ["All saved.", "Nobody took ", "Your name"]
    script = "a.textContent = 'Please wait'; b.title = words.fine; alert(`Really ${x}?`); c.setAttribute('aria-label', \"Close\") // x"
    assert in_javascript(script) == ["Please wait", "Really ${x}?", "Close"]


def test_templates_say_nothing_in_one_language_only():
    found = {}
    for path in sorted((ROOT / "templates").rglob("*.*")):
        name = str(path.relative_to(ROOT))
        if name not in UNREADABLE and (words := in_template(path.read_text("utf8"), plain=path.suffix == ".txt")):
            found[name] = words
    assert found == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_python_says_nothing_in_one_language_only(package):
    """Commands speak to whoever runs the server, in English."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        if {"migrations", "management"} & set(path.parts):
            continue
        if words := in_python(path.read_text("utf8"), form="forms" in str(path.relative_to(ROOT))):
            found[path.name] = words
    assert found == {}


def test_scripts_say_nothing_in_one_language_only():
    scripts = sorted((ROOT / "static" / "js").glob("*.js"))
    assert len(scripts) > 3
    assert {path.name: found for path in scripts if (found := in_javascript(path.read_text("utf8")))} == {}
