"""The paper's own DOI and arXiv id: printed in its margin, head or foot, never the ones it cites."""

import re

from papers.extraction.finders.front import Found, Front
from papers.extraction.layout import Line, Page

ARXIV = re.compile(
    r"arxiv\s*[:.]\s*(?:abs/)?\s*((?:\d{4}\.\d{4,5})|(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}))(?:\s*v\d+)?", re.I
)
ARXIV_URL = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.I)
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|\\^\[\]`]+[^\s\"<>{}|\\^\[\]`.,;:)'’”]", re.I)
PLACEHOLDER = re.compile(r"10\.1145/(?:n+|x+)|1122445|10\.475/123|xx\.?xxx|nnnn|0000000\.0000000|10\.1000/182", re.I)
DATA = re.compile(r"10\.(?:5281|6084|17605|7910|13026|17632|57967)/")  # repositories of data and code
OWN = re.compile(
    r"digital object identifier|^\W*(?:https?://(?:dx\.)?doi\.org|doi\b)|isbn|issn|©|copyright|reference format|pages\.? https",
    re.I,
)
CITING = re.compile(r"\[\d+\]|et al|preprint arxiv|in proceedings of|\bin: |\(\d{4}[a-z]?\)", re.I)


def arxiv_id(front: Front) -> Found | None:
    """The stamp in the margin; else an id that a head or foot line of the title page bears."""
    for page in [*front.covers, front.page]:
        for text in page.margin:
            match = ARXIV.search(text)
            if match:
                return Found(_bare(match[1]), 0.99, "stamp")
    for line in edge_lines(front.page):
        match = ARXIV.search(line.text) or ARXIV_URL.search(line.text)
        if match and _speaks_of_itself(front.page, line) and not CITING.search(line.text.replace(match[0], "")):
            return Found(_bare(match[1]), 0.8)
    return None


def _speaks_of_itself(page: Page, line: Line) -> bool:
    """A line that begins with the id, or stands in the outermost margin: not running text that reached the page's foot."""
    outside = line.y > 0.93 * page.height or line.y < 0.07 * page.height
    return outside or bool(
        re.match(r"\W*(?:available (?:at|from|online):?\s*)?(?:e-?print:?\s*)?(?:https?://)?arxiv", line.text, re.I)
    )


def _bare(identifier: str) -> str:
    return identifier[0].lower() + identifier[1:] if "/" in identifier else identifier


def doi(front: Front) -> Found | None:
    """A DOI in heads, feet, margins or around the title; else the only one in the small print, data sets aside."""
    for page in [front.page, *front.covers]:
        outside, inside = _dois(page, _outer_lines(front, page)), _dois(page, _small_lines(page))
        for text in page.margin:
            outside += _found(text)
        outside = [one for one in outside if page is not front.page or not DATA.match(one)]
        if outside:
            return Found(_shortest(outside), 0.95)
        inside = [one for one in inside if not DATA.match(one)]
        if len({one.lower() for one in inside}) == 1:
            return Found(inside[0], 0.85)
    return None


def _outer_lines(front: Front, page: Page) -> list[Line]:
    """Heads and feet; on covers every line; what speaks of rights or of how to cite."""
    if page is not front.page:
        return page.lines
    notes = footnotes(page)
    edges = [line for line in edge_lines(page) if line not in notes]
    return edges + [line for line in page.lines if line not in edges and line not in notes and OWN.search(line.text)]


def footnotes(page: Page) -> list[Line]:
    """What numbered notes at the foot of the page say: they cite others."""
    out: list[Line] = []
    for line in page.lines:
        if line.y > 0.4 * page.height or line.size > 0.95 * page.body_size:
            continue
        marked = line.words[0].raised and line.words[0].text[:1].isdigit() and not OWN.search(line.plain)
        above = next((note for note in reversed(out) if note.x0 < line.x1 and line.x0 < note.x1), None)
        if marked or (above and 0 < above.y - line.y < 1.6 * line.size and abs(above.size - line.size) < 0.3):
            out.append(line)
    return out


def _small_lines(page: Page) -> list[Line]:
    """Lines that are no running text: smaller than the body, or in the upper third."""
    notes = footnotes(page)
    small = (line for line in page.lines if line.size < 0.93 * page.body_size or line.y > 0.67 * page.height)
    return [line for line in small if line not in notes]


def _dois(page: Page, lines: list[Line]) -> list[str]:
    """DOIs of those lines, completed from the line below where they break; those in citations are left out."""
    out = []
    for line in lines:
        if re.search(r"doi|10\.\d{4,}/", line.text, re.I) and (
            not CITING.search(line.text) or line in edge_lines(page)
        ):
            follow = _below(page.lines, page.lines.index(line))
            out += _found(line.text + follow.text if follow and _broken(line.text) else line.text)
    return out


def _found(text: str) -> list[str]:
    found = _doi_in(text) if re.search(r"doi|10\.\d{4,}/", text, re.I) else None
    return [found] if found and not PLACEHOLDER.search(found) else []


def _shortest(found: list[str]) -> str:
    """The first; of two, the one that begins the other."""
    return min(found, key=lambda one: sum(not other.startswith(one) for other in found))


def _broken(text: str) -> bool:
    """Does the line end inside a DOI?"""
    return bool(re.search(r"(?:doi\.org/?|10\.\d{4,9}/?|[/._-])$|doi:?$", text, re.I))


def _below(lines: list[Line], index: int) -> Line | None:
    line = lines[index]
    for other in lines[index + 1 : index + 8]:
        if other.x0 < line.x1 and line.x0 < other.x1 and line.y - other.y < 2 * line.size:
            return other
    return None


def _doi_in(text: str) -> str | None:
    match = DOI.search(text)
    if not match:
        match = DOI.search(re.sub(r"(?<=doi.org/)\s+|(?<=10\.\d{4}/)\s+", "", text))
    return match[0].rstrip(".,;:)") if match else None


def edge_lines(page: Page) -> list[Line]:
    """Running heads and feet, and the block above the title: the top and bottom tenths of the page."""
    return [line for line in page.lines if line.y > 0.88 * page.height or line.y < 0.12 * page.height]
