"""The abstract: the text under its heading, in the heading's column, until keywords or the introduction.

Without a heading it is the first paragraph below the authors that is set apart from the body (in size, weight, slope or
width), or that keywords or the introduction's heading follow.
"""

import re
from collections.abc import Iterator
from statistics import median

from papers.extraction.finders.front import Found, Front
from papers.extraction.finders.title import title_block
from papers.extraction.finders.words import (
    ABSTRACT,
    AFFILIATION,
    AFTER_ABSTRACT,
    CAPTION,
    EMAIL,
    FIRST_SECTION,
    INTRODUCTION,
    SMALL_PRINT,
)
from papers.extraction.layout import Line, Page

HYPHEN = re.compile(r"(?<=[^\W\d_])[-‐\u00ad]$")
FULL_STOP = re.compile(r"[.!?。．][)\]”’\"']*\s*\W?$")
LONGEST, SHORTEST = 6_000, 60  # signs
SAME_SIZE = 0.08
MOST_LINES = 80


def abstract(front: Front) -> Found | None:
    """The text below the heading; else the paragraph that is set apart."""
    head = heading(front)
    if head is not None:
        rest = _behind(head)
        texts = [rest] * bool(rest) + [line.plain for line in _under(front, head, has_text=bool(rest))]
        text = joined(texts)
        if len(text) >= SHORTEST:
            return Found(text, 0.95 if len(text) < 3500 else 0.6)
    lines = _set_apart(front)
    if not lines and front.is_title_page:
        lines = _on_a_page_of_its_own(front)
    text = joined([line.plain for line in lines])
    return Found(text, 0.7) if len(text) >= 2 * SHORTEST else None


def _on_a_page_of_its_own(front: Front) -> list[Line]:
    """Behind a title page: the heading stands alone in the upper half of a following page."""
    for page in front.after:
        for line in page.lines:
            if line.y > 0.5 * page.height and ABSTRACT.match(line.text) and not _behind(line):
                first = _first_below(page, line)
                return _gather(iter(_column(page, first)), []) if first else []
    return []


def start(front: Front) -> Line | None:
    """The line with which the abstract begins, heading included: where the authors end."""
    head = heading(front)
    if head is not None:
        return head
    lines = _set_apart(front)
    return lines[0] if lines else None


def heading(front: Front) -> Line | None:
    """The first line below the title that is the heading, or starts with it."""
    return front.once("heading", lambda: _heading(front))


def _heading(front: Front) -> Line | None:
    page, block = front.page, title_block(front)
    for line in page.lines:
        if line in block or not ABSTRACT.match(line.text):
            continue
        rest = ABSTRACT.sub("", line.text)
        if not re.search(r"\w", rest) or re.match(r"\s*[.:：—–―\-‐•∙·|\]】」>/]", rest) or _stands_out(line):
            return line
    return None


def _stands_out(line: Line) -> bool:
    """Is the first word set differently from the rest of its line?"""
    first, rest = line.words[0], line.words[1:]
    if not rest:
        return False
    caps = first.text.isupper() and not rest[0].text.isupper()
    bold = first.style.bold and not rest[-1].style.bold
    italic = first.style.italic and not rest[-1].style.italic
    wide = rest[0].x0 - first.x1 > 0.6 * line.size
    return caps or bold or italic or wide or HANGUL.match(first.text) is not None


HANGUL = re.compile("[가-힣\u3400-\u9fff]")


def _behind(head: Line) -> str:
    """The text that follows the heading on its own line."""
    rest = ABSTRACT.sub("", head.plain, count=1)
    return re.sub(r"^[\s.:：—–―\-‐•∙·|\])】」>/]+", "", rest)


def _under(front: Front, head: Line, *, has_text: bool) -> list[Line]:
    """The abstract's lines after its heading's line."""
    page = front.page
    first = head if has_text else _first_below(page, head)
    if first is None:
        return _gather(_first_lines(front), [])
    lines = _flow(front, first, head)
    return _gather(lines, [first])[1:] if has_text else _gather(lines, [])


def _first_below(page: Page, head: Line) -> Line | None:
    """The nearest line below the heading in its column; a line beside it, where the heading stands in the margin."""
    below = [line for line in page.lines if line.y < head.y - 0.3 * head.size and _shares(line, head)]
    first = max(below, key=lambda line: line.y, default=None)
    beside = [
        line for line in page.lines if line is not head and abs(line.y - head.y) < 0.5 * head.size and line.x0 > head.x1
    ]
    near = min(beside, key=lambda line: line.x0, default=None)
    if near and near.x0 - head.x1 < 8 * head.size and len(near.text) > 25 and not _shares(near, first or head):
        return near
    return first


def _shares(line: Line, other: Line) -> bool:
    return min(line.x1, other.x1) > max(line.x0, other.x0)


def _first_lines(front: Front) -> Iterator[Line]:
    for page in front.after:
        yield from page.lines
        return


def _flow(front: Front, first: Line, head: Line) -> Iterator[Line]:
    """Lines in reading order from `first` on: down its column, then the next column, then the next page."""
    page = front.page
    column = _column(page, first)
    yield from column
    right = max(line.x1 for line in column[:4])
    if right < 0.6 * page.width:
        beside = [line for line in page.lines if line.x0 > right and line.y <= max(first.y, head.y) + 1.2 * first.size]
        if beside:
            yield from _column(page, beside[0])
    for page in front.after:
        body = [
            line for line in page.lines if abs(line.size - first.size) < SAME_SIZE * first.size and len(line.text) > 20
        ]
        if body:
            yield from _column(page, body[0])
        return


def _column(page: Page, first: Line) -> list[Line]:
    """The lines from `first` down that overlap with it and its next lines."""
    out = [first]
    left, right = first.x0, first.x1
    for line in page.lines:
        if line.y >= first.y - 0.3 * first.size or line is first:
            continue
        overlap = min(right, line.x1) - max(left, line.x0)
        outdented = line.x1 > left - 8 * first.size and line.x0 < left and _opens_body(line, first)
        if overlap < 0.3 * min(right - left, line.width) and not outdented:
            continue
        if len(out) < 5 and abs(line.size - first.size) < SAME_SIZE * first.size:
            left, right = min(left, line.x0), max(right, line.x1)
        out.append(line)
    return out


def _opens_body(line: Line, first: Line) -> bool:
    text = line.text
    return bool(INTRODUCTION.match(text) or (FIRST_SECTION.match(text) and _heading_like(line, [first])))


def _gather(lines: Iterator[Line], out: list[Line]) -> list[Line]:
    """Takes lines until something ends the abstract; small print between two columns is passed over."""
    skipping = False
    for line in lines:
        if line in out:
            continue
        if len(out) > MOST_LINES or ends(line, out) or _centered_heading(line, out):
            break
        jump = bool(out) and (
            _beside_column(out, line) or line.page != out[-1].page or line.y > out[-1].y or _far_below(out, line)
        )
        odd = bool(out) and (not _same_look(out, line) or bool(CAPTION.match(line.text)))
        if (jump or odd or skipping) and _complete(out):
            break
        if odd or (_far_below(out, line) and line.page == out[-1].page and line.y < out[-1].y):
            skipping = True
            continue
        skipping = False
        out.append(line)
    return out


def _centered_heading(line: Line, out: list[Line]) -> bool:
    """A short line in the middle of the column, between a full stop and none of its own."""
    if len(out) < 2 or not _complete(out) or FULL_STOP.search(line.text) or line.y > out[-1].y:
        return False
    left, right = min(other.x0 for other in out), max(other.x1 for other in out)
    return line.x0 > left + 3 * line.size and line.x1 < right - 3 * line.size


def _beside_column(out: list[Line], line: Line) -> bool:
    """Does the line reach out of the lines so far, as a wider or another column does?"""
    if len(out) < 2 or line.page != out[-1].page or line.y > out[-1].y:
        return False
    left, right, em = min(other.x0 for other in out), max(other.x1 for other in out), line.size
    return line.x0 < left - 1.5 * em or (line.x0 > left + 4 * em and line.x1 > right + em)


def _complete(out: list[Line]) -> bool:
    return bool(FULL_STOP.search(out[-1].text)) and sum(len(line.text) for line in out) > SHORTEST


def _far_below(out: list[Line], line: Line) -> bool:
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
    return len(line.text) < 25 and line.size > 0.6 * size and _shares(line, out[-1])


def ends(line: Line, out: list[Line]) -> bool:
    """Does this line close an abstract?"""
    text = line.text
    if AFTER_ABSTRACT.match(text) or INTRODUCTION.match(text) or SMALL_PRINT.search(text):
        return True
    if ABSTRACT.match(text) and len(text) < 30:
        return True
    return bool(FIRST_SECTION.match(text)) and _heading_like(line, out)


def _heading_like(line: Line, out: list[Line]) -> bool:
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


def _set_apart(front: Front) -> list[Line]:
    return front.once("set apart", lambda: _find_set_apart(front))


def _find_set_apart(front: Front) -> list[Line]:
    """The paragraph that is an abstract without saying so."""
    page, block = front.page, title_block(front)
    floor = min((line.y for line in block), default=page.height)
    judged: list[Line] = []  # the first paragraph of each column speaks for it
    for line in page.lines:
        if line.y >= floor or line in block or line.y < 0.2 * page.height:
            continue
        if INTRODUCTION.match(line.text) or AFTER_ABSTRACT.match(line.text):
            return []
        if FIRST_SECTION.match(line.text) and _heading_like(line, []):
            return []
        if CAPTION.match(line.text) or not _running_text(line) or any(_runs_into(above, line) for above in page.lines):
            continue
        if any(_shares(line, earlier) for earlier in judged):
            continue
        column = _column(page, line)
        if len(column) < 3 or not all(_running_text(other) for other in column[:2]):
            continue
        found = _judged(page, column)
        if found:
            return found
        judged.append(line)
    return []


def _runs_into(above: Line, line: Line) -> bool:
    """Is `line` in the midst of a text that begins above it?"""
    return 0.5 * line.size < above.y - line.y < 1.6 * line.size and _shares(above, line) and _running_text(above)


def _running_text(line: Line) -> bool:
    text = line.text
    if (
        len(text) < 30
        or EMAIL.search(text)
        or (AFFILIATION.search(text) and not re.search(r"\b[a-z]+ [a-z]+ [a-z]+\b", text))
    ):
        return False
    words = text.split()
    small = sum(word[0].islower() for word in words)
    return small >= 0.5 * len(words) or len(HANGUL.findall(text)) > 0.4 * len(text)


def _judged(page: Page, column: list[Line]) -> list[Line]:
    """The column's first paragraph, if its look is not the body's or if what follows closes an abstract."""
    first = column[0]
    out: list[Line] = []
    closed = False
    for line in column:
        if out and ends(line, out):
            closed = _closes(line, out)
            break
        if out and (_look(line) != _look(first) or _far_below(out, line)) and not _last_words(line, out):
            break
        out.append(line)
    text = sum(len(line.text) for line in out)
    apart = _look(first) != _body_look(page)
    if text > LONGEST or text < 2 * SHORTEST or not (closed or apart):
        return []
    return out


def _closes(line: Line, out: list[Line]) -> bool:
    """Keywords and the introduction close an abstract that nothing else marks; a number in front could be a list's."""
    if AFTER_ABSTRACT.match(line.text) or INTRODUCTION.match(line.text):
        return True
    return line.bold > out[-1].bold or line.size > 1.07 * out[-1].size


def _last_words(line: Line, out: list[Line]) -> bool:
    """A short last line may look different because of a name or a sign in it."""
    return not FULL_STOP.search(out[-1].text) and abs(line.size - out[-1].size) < SAME_SIZE * line.size


def _look(line: Line) -> tuple:
    return (round(line.size * 2), line.bold, line.italic)


def _body_look(page: Page) -> tuple:
    count: dict[tuple, int] = {}
    for line in page.lines:
        count[_look(line)] = count.get(_look(line), 0) + len(line.text)
    return max(count, key=count.__getitem__)


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
