"""Every string that the product marks for translation, read from the sources without GNU gettext."""

import ast
import re
from importlib.util import find_spec
from pathlib import Path

import polib
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("studygroup", "members", "papers", "schedule")
CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}


def python_messages(source: str) -> set[str]:
    """The msgids of gettext calls with literal arguments; both forms of ngettext; pgettext's text behind its context."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in CALLS:
            texts = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            found.update(["\4".join(texts[:2])] if name.startswith("pgettext") else texts[:2])
    return found


def template_messages(source: str) -> set[str]:
    """The same for a template, by way of Django's own templatize()."""
    calls = re.findall(r"\b(?:_|gettext|ngettext|pgettext)\(.*?\)(?= |$|\n)", templatize(source), re.DOTALL)
    found = set()
    for call in calls:
        try:
            found |= python_messages(call)
        except SyntaxError:
            continue
    return found


def all_messages() -> dict[str, Path]:
    """{msgid: a file that says it} over the whole product."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            found.update(dict.fromkeys(python_messages(path.read_text("utf8")), path))
    for path in sorted((ROOT / "templates").rglob("*.*")):
        found.update(dict.fromkeys(template_messages(path.read_text("utf8")), path))
    return {message: path.relative_to(ROOT) for message, path in found.items() if message.strip()}


def library_messages() -> set[str]:
    """What Django and allauth say to users, and have Korean for: our catalogues may say it in our words."""
    folders = ("django/conf", "django/contrib/auth", "allauth")
    packages = Path(find_spec("django").origin).parent.parent
    return {
        entry.msgid
        for folder in folders
        for entry in polib.pofile(str(packages / folder / "locale/ko/LC_MESSAGES/django.po"))
    }
