"""The abstract: the text under its heading, in the heading's column, until keywords or the introduction.

Without a heading it is the first paragraph below the authors that is set apart from the body (in size, weight, slope or
width), or that keywords or the introduction's heading follow.
"""

import re
from collections.abc import Iterator

from papers.extraction.finders.flow import (
    FULL_STOP,
    SAME_SIZE,
    SHORTEST,
    column,
    ends,
    far_below,
    gather,
    heading_like,
    joined,
    reading_order,
    shares,
)
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
)
from papers.extraction.layout import Line, Page

LONGEST = 6_000  # signs
# What closes an abstract, and may as well stand between the authors and an abstract without a heading
ABOVE_AS_WELL = re.compile(
    r"^\W{0,3}(?:received|manuscript received|copyright|©|\(c\)|permission|the authors?)\b|^\W*©", re.I
)


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
                return gather(iter(column(page, first)), []) if first else []
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
        return gather(_first_lines(front), [])
    lines = reading_order(front, first, head)
    return gather(lines, [first])[1:] if has_text else gather(lines, [])


def _first_below(page: Page, head: Line) -> Line | None:
    """The nearest line below the heading in its column; a line beside it, where the heading stands in the margin."""
    below = [line for line in page.lines if line.y < head.y - 0.3 * head.size and shares(line, head)]
    first = max(below, key=lambda line: line.y, default=None)
    beside = [
        line for line in page.lines if line is not head and abs(line.y - head.y) < 0.5 * head.size and line.x0 > head.x1
    ]
    near = min(beside, key=lambda line: line.x0, default=None)
    if near and near.x0 - head.x1 < 8 * head.size and len(near.text) > 25 and not shares(near, first or head):
        return near
    return first


def _first_lines(front: Front) -> Iterator[Line]:
    for page in front.after:
        yield from page.lines
        return


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
        if INTRODUCTION.match(line.text) or (AFTER_ABSTRACT.match(line.text) and not ABOVE_AS_WELL.match(line.text)):
            return []
        if FIRST_SECTION.match(line.text) and heading_like(line, []):
            return []
        if CAPTION.match(line.text) or not _running_text(line) or any(_runs_into(above, line) for above in page.lines):
            continue
        if any(shares(line, earlier) for earlier in judged):
            continue
        paragraph = column(page, line)
        if len(paragraph) < 3 or not all(_running_text(other) for other in paragraph[:2]):
            continue
        found = _judged(page, paragraph)
        if found:
            return found
        judged.append(line)
    return []


def _runs_into(above: Line, line: Line) -> bool:
    """Is `line` in the midst of a text that begins above it?"""
    return 0.5 * line.size < above.y - line.y < 1.6 * line.size and shares(above, line) and _running_text(above)


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


def _judged(page: Page, lines: list[Line]) -> list[Line]:
    """The first paragraph, if its look is not the body's or if what follows closes an abstract."""
    first = lines[0]
    out: list[Line] = []
    closed = False
    for line in lines:
        if out and ends(line, out):
            closed = _closes(line, out)
            break
        if out and (_look(line) != _look(first) or far_below(out, line)) and not _last_words(line, out):
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
