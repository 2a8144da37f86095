"""No template lies unused."""

import re
from pathlib import Path

import allauth
import crispy_forms

from tests.translatable import PACKAGES, ROOT

HOME = ROOT / "templates"
THEIRS = {"account": allauth, "allauth": allauth, "mfa": allauth}
MAIL = re.compile(r"_(subject|message)\.txt$")  # allauth is asked for both by what stands before
LAYOUT = re.compile(r"__\w+(?=\.html$)")  # allauth looks for h1__entrance.html before h1.html in its layout "entrance"
OUR_PACK = "study"  # crispy puts this name before the names of its own templates


def unused(names: list[str], said: str, replaced: set[str], asked: str) -> list[str]:
    """Those that no source names, that stand in for none of a library's, and that crispy does not ask its pack for."""
    return [
        name
        for name in names
        if name not in said
        and f'"{MAIL.sub("", name)}"' not in said
        and LAYOUT.sub("", name) not in replaced
        and not (name.startswith(f"{OUR_PACK}/") and name.removeprefix(OUR_PACK) in asked)
    ]


def read(folder: Path, *endings: str) -> str:
    return "\n".join(path.read_text("utf8") for path in sorted(folder.rglob("*.*")) if path.suffix in endings)


def test_every_template_is_shown_somewhere():
    names = [str(path.relative_to(HOME)) for path in sorted(HOME.rglob("*.*"))]
    said = "\n".join([read(HOME, ".html", ".txt"), *(read(ROOT / package, ".py") for package in PACKAGES)])
    replaced = {
        str(path.relative_to(folder))
        for library in set(THEIRS.values())
        for folder in [Path(library.__file__).parent / "templates"]
        for path in folder.rglob("*.*")
        if path.relative_to(folder).parts[0] in THEIRS
    }
    assert len(names) > 50 and len(replaced) > 50
    assert unused(names, said, replaced, read(Path(crispy_forms.__file__).parent, ".py")) == []


def test_an_unused_template_is_found():
    names = ["schedule/old.html", "schedule/home/home.html", "account/login.html", "study/field.html", "study/old.html"]
    found = unused(
        names, 'render(request, "schedule/home/home.html")', {"account/login.html"}, '"%s/field.html" % pack'
    )
    assert found == ["schedule/old.html", "study/old.html"]
