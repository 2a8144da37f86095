"""Reading order from a line on: down its column, on to the next column and page; and where an abstract ends."""

import re
from collections.abc import Iterator
from statistics import median

from papers.extraction.finders.front import Front
from papers.extraction.finders.words import (
    ABSTRACT,
    AFTER_ABSTRACT,
    CAPTION,
    FIRST_SECTION,
    INTRODUCTION,
    SMALL_PRINT,
)
from papers.extraction.layout import Line, Page

HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐\u00ad]$")
FULL_STOP = re.compile(r"[.!?。．][)\]”’\"']*\s*\W?$")
RUNS_ON = re.compile(r"(?!key\s?words?\b|index terms|doi\b)[a-z]+[\s.,;)]")
SHORTEST = 60  # signs
SAME_SIZE = 0.08
MOST_LINES = 80


def shares(line: Line, other: Line) -> bool:
    return min(line.x1, other.x1) > max(line.x0, other.x0)


def reading_order(front: Front, first: Line, head: Line) -> Iterator[Line]:
    """Lines in reading order from `first` on: down its column, then the next column, then the next page."""
    page = front.page
    lines = column(page, first, head)
    yield from lines
    right = max(line.x1 for line in lines[:4])
    if right < 0.6 * page.width:
        beside = [line for line in page.lines if line.x0 > right and line.y <= max(first.y, head.y) + 1.2 * first.size]
        if beside:
            yield from column(page, beside[0])
    for page in front.after:
        body = [
            line for line in page.lines if abs(line.size - first.size) < SAME_SIZE * first.size and len(line.text) > 20
        ]
        if body:
            yield from column(page, body[0])
        return


def column(page: Page, first: Line, head: Line | None = None) -> list[Line]:
    """The lines from `first` down that overlap with it and its next lines; with labels below a `head` in the margin."""
    out = [first]
    left, right = first.x0, first.x1
    for line in page.lines:
        if line.y >= first.y - 0.3 * first.size or line is first:
            continue
        overlap = min(right, line.x1) - max(left, line.x0)
        outdented = line.x1 > left - 8 * first.size and line.x0 < left and _opens_body(line, first)
        label = head is not None and head.x1 < first.x0 and head.y < first.y + head.size and shares(line, head)
        if overlap < 0.3 * min(right - left, line.width) and not outdented and not (label and ends(line, out)):
            continue
        if len(out) < 5 and abs(line.size - first.size) < SAME_SIZE * first.size:
            left, right = min(left, line.x0), max(right, line.x1)
        out.append(line)
    return out


def _opens_body(line: Line, first: Line) -> bool:
    text = line.text
    return bool(INTRODUCTION.match(text) or (FIRST_SECTION.match(text) and heading_like(line, [first])))


def gather(lines: Iterator[Line], out: list[Line]) -> list[Line]:
    """Takes lines until something ends the abstract; small print between two columns is passed over."""
    skipping = False
    for line in lines:
        if line in out:
            continue
        if len(out) > MOST_LINES or ends(line, out) or _centered_heading(line, out):
            break
        jump = bool(out) and (
            _beside_column(out, line) or line.page != out[-1].page or line.y > out[-1].y or far_below(out, line)
        )
        odd = bool(out) and (not _same_look(out, line) or bool(CAPTION.match(line.text)))
        if (jump or odd or skipping) and complete(out):
            break
        if odd or (far_below(out, line) and line.page == out[-1].page and line.y < out[-1].y):
            skipping = True
            continue
        skipping = False
        out.append(line)
    return out


def _centered_heading(line: Line, out: list[Line]) -> bool:
    """A short line in the middle of the column, between a full stop and none of its own."""
    if len(out) < 2 or not complete(out) or FULL_STOP.search(line.text) or line.y > out[-1].y:
        return False
    left, right = min(other.x0 for other in out), max(other.x1 for other in out)
    return line.x0 > left + 3 * line.size and line.x1 < right - 3 * line.size


def _beside_column(out: list[Line], line: Line) -> bool:
    """Does the line reach out of the lines so far, as a wider or another column does?"""
    if len(out) < 2 or line.page != out[-1].page or line.y > out[-1].y:
        return False
    left, right, em = min(other.x0 for other in out), max(other.x1 for other in out), line.size
    wider = len(out) > 2 and line.x0 < left - 0.7 * em and line.x1 > right + 1.5 * em
    return wider or line.x0 < left - 1.5 * em or (line.x0 > left + 4 * em and line.x1 > right + em)


def complete(out: list[Line]) -> bool:
    return bool(FULL_STOP.search(out[-1].text)) and sum(len(line.text) for line in out) > SHORTEST


def far_below(out: list[Line], line: Line) -> bool:
    """Is there a gap of more than two lines and a half?"""
    if not out or line.y > out[-1].y:
        return False
    steps = [above.y - below.y for above, below in zip(out, out[1:], strict=False) if above.y > below.y]
    step = median(steps) if steps else 1.3 * line.size
    return out[-1].y - line.y > 2.5 * max(step, line.size)


def _same_look(out: list[Line], line: Line) -> bool:
    size = median(other.size for other in out)
    if len(out) < 2:
        return abs(line.size - size) < 0.3 * size
    if abs(line.size - size) < SAME_SIZE * size:
        return True
    return len(line.text) < 25 and line.size > 0.6 * size and shares(line, out[-1])


def ends(line: Line, out: list[Line]) -> bool:
    """Does this line close an abstract? Not in the midst of a sentence that runs on."""
    text = line.text
    if out and RUNS_ON.match(text) and not FULL_STOP.search(out[-1].text) and abs(line.size - out[-1].size) < 0.5:
        return False
    if AFTER_ABSTRACT.match(text) or INTRODUCTION.match(text) or SMALL_PRINT.search(text):
        return True
    if ABSTRACT.match(text) and len(text) < 30:
        return True
    return bool(FIRST_SECTION.match(text)) and heading_like(line, out)


def heading_like(line: Line, out: list[Line]) -> bool:
    """Short, and in another look than the text above: bold, larger, capitals, or with room above."""
    if len(line.text) > 70:
        return False
    if not out:
        return line.bold or line.text.isupper()
    above = out[-1]
    return (
        (line.bold and not above.bold)
        or line.size > 1.07 * above.size
        or line.text.upper() == line.text
        or above.y - line.y > 1.5 * line.size
    )


def joined(texts: list[str]) -> str:
    """Lines as one paragraph; a word hyphenated at a line's end is whole again."""
    out = ""
    for text in texts:
        text = text.strip()
        if HYPHEN.search(out) and text[:1].islower():
            out = out[:-1] + text
        elif re.search("[\u3040-\u30ff\u3400-\u9fff，。、；：]$", out) and re.match(
            "[\u3040-\u30ff\u3400-\u9fff，。、；：]", text
        ):
            out += text
        else:
            out += (" " if out else "") + text
    return out
