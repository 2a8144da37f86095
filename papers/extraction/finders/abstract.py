"""The abstract: the text under its heading, in the heading's column, until keywords or the introduction."""

import re

from papers.extraction.finders.front import Found, Front
from papers.extraction.finders.words import ABSTRACT, AFTER_ABSTRACT, FIRST_SECTION, INTRODUCTION
from papers.extraction.layout import Line, Page

HYPHEN = re.compile(r"(?<=[a-z])[-‐\u00ad]$")


def abstract(front: Front) -> Found | None:
    """Lines below the heading that share its column, across columns and onto the next page."""
    page = front.page
    head = next((line for line in page.lines if ABSTRACT.match(line.text)), None)
    if head is None:
        return None
    rest = ABSTRACT.sub("", head.text).strip(" \t.:：—–-―·•]>)")
    lines = _below(page, head, has_text=bool(rest))
    text = joined([rest] * bool(rest) + [line.text for line in lines])
    return Found(text, 0.9) if len(text) > 40 else None


def _below(page: Page, head: Line, *, has_text: bool) -> list[Line]:
    out: list[Line] = []
    left, right = (head.x0, head.x1) if has_text else (None, None)
    last = head
    for line in page.lines[page.lines.index(head) + 1 :]:
        if left is None and last is head:
            if line.x0 > head.x1 + 200 or line.x1 < head.x0 - 200 or head.y - line.y < 0.3 * head.size:
                continue
        elif left is not None and (line.x0 > right or line.x1 < left):
            continue
        if ends(line) or last.y - line.y > 3.5 * line.size and out:
            break
        left = line.x0 if left is None else min(left, line.x0)
        right = line.x1 if right is None else max(right, line.x1)
        out.append(line)
        last = line
    return out


def ends(line: Line) -> bool:
    """Does this line close an abstract?"""
    text = line.text
    return bool(
        AFTER_ABSTRACT.match(text) or INTRODUCTION.match(text) or (FIRST_SECTION.match(text) and len(text) < 60)
    )


def joined(texts: list[str]) -> str:
    """Lines as one paragraph; a word hyphenated at a line's end is whole again."""
    out = ""
    for text in texts:
        if HYPHEN.search(out) and text[:1].islower():
            out = out[:-1] + text
        else:
            out += (" " if out else "") + text
    return out
