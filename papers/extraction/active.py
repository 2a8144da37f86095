"""What a PDF can do by itself, for the reader to know before opening it: run scripts, start programs, unpack files."""

import contextlib
from typing import Any

from pypdf import PdfReader

MOST_PAGES, MOST_ANNOTATIONS, DEEPEST = 50, 200, 8


def active_content(reader: PdfReader) -> tuple[str, ...]:
    """Of "javascript", "launch", "embedded", those that the catalog, its name trees, pages or annotations hold."""
    found: set[str] = set()
    with contextlib.suppress(Exception):  # a damaged catalog: what was found so far stands
        root = reader.trailer["/Root"].get_object()
        _actions(root, found)
        names = _entry(root, "/Names")
        if _entry(names, "/JavaScript"):
            found.add("javascript")
        if _entry(names, "/EmbeddedFiles"):
            found.add("embedded")
        for number in range(min(MOST_PAGES, len(reader.pages))):
            page = reader.pages[number]
            _actions(page, found)
            for annotation in list(_entry(page, "/Annots") or [])[:MOST_ANNOTATIONS]:
                annotation = annotation.get_object()
                _actions(annotation, found)
                if annotation.get("/Subtype") == "/FileAttachment":
                    found.add("embedded")
    return tuple(sorted(found))


def _actions(holder: Any, found: set[str]) -> None:
    for key in ("/OpenAction", "/A"):
        _action(_entry(holder, key), found, 0)
    more = _entry(holder, "/AA")
    if isinstance(more, dict):
        for key in more:
            _action(_entry(more, key), found, 0)


def _action(action: Any, found: set[str], depth: int) -> None:
    """Follows an action and those chained behind it."""
    if isinstance(action, list):
        for one in action[:MOST_ANNOTATIONS]:
            with contextlib.suppress(Exception):
                _action(one.get_object(), found, depth + 1)
    if not isinstance(action, dict) or depth > DEEPEST:
        return
    kind = action.get("/S")
    if kind in ("/JavaScript", "/Rendition") and "/JS" in action:
        found.add("javascript")
    if kind == "/Launch":
        found.add("launch")
    _action(_entry(action, "/Next"), found, depth + 1)


def _entry(holder: Any, key: str) -> Any:
    with contextlib.suppress(Exception):
        return holder[key].get_object()
    return None
