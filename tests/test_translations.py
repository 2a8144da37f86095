"""Korean is complete: every marked string has a translation, with the same placeholders."""

import re

import polib
import pytest

from tests.translatable import ROOT, all_messages, library_messages, python_messages, template_messages

CATALOGUE = ROOT / "studygroup" / "locale" / "ko" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.fixture(scope="module")
def korean():
    entries = [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]
    return {f"{e.msgctxt}\4{e.msgid}" if e.msgctxt else e.msgid: e for e in entries}


def test_the_finder_finds_strings_in_python_and_templates():
    assert python_messages("_('a'); ngettext('%(n)s b', '%(n)s bs', n); print('c')") == {"a", "%(n)s b", "%(n)s bs"}
    assert python_messages("pgettext('of an hour', 'Minutes')") == {"of an hour\4Minutes"}
    template = "{% load i18n %}{% translate 'one' %} {% blocktranslate count n=n %}{{ n }} two{% plural %}{{ n }} twos{% endblocktranslate %} three"
    assert template_messages(template) == {"one", "%(n)s two", "%(n)s twos"}


def test_every_string_has_korean(korean):
    singular_forms = {entry.msgid_plural for entry in korean.values() if entry.msgid_plural}
    missing = {m: str(p) for m, p in all_messages().items() if m not in korean and m not in singular_forms}
    assert missing == {}
    assert [
        e.msgid for e in korean.values() if "fuzzy" in e.flags or not (e.msgstr or any(e.msgstr_plural.values()))
    ] == []


def test_translations_keep_their_placeholders(korean):
    wrong = {}
    for entry in korean.values():
        wanted = set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid))
        for text in [entry.msgstr] if entry.msgstr else entry.msgstr_plural.values():
            if set(PLACEHOLDER.findall(text)) != wanted:
                wrong[entry.msgid] = text
    assert wrong == {}


def test_the_catalogue_holds_nothing_that_nobody_says(korean):
    said = set(all_messages()) | library_messages()
    assert [m for m, entry in korean.items() if m not in said and entry.msgid_plural not in said] == []


def test_the_english_catalogue_says_what_libraries_say_in_our_words():
    english = polib.pofile(str(CATALOGUE.parents[2] / "en" / "LC_MESSAGES" / "django.po"))
    said, ours = {entry.msgid for entry in english}, set(all_messages())
    assert (said - library_messages(), said & ours) == (set(), set())
