"""The paper's own DOI and arXiv id: printed in its margin, head or foot, never the ones it cites."""

import re

from papers.extraction.finders.front import Found, Front
from papers.extraction.layout import Line, Page

ARXIV = re.compile(
    r"arxiv\s*[:.]\s*(?:abs/)?\s*((?:\d{4}\.\d{4,5})|(?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}))(?:\s*v\d+)?", re.I
)
ARXIV_STAMP = re.compile(r"arxiv\s*[:.]\s*(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})\s*(?:v\s*\d+)?\s*\[?", re.I)
ARXIV_URL = re.compile(r"arxiv\.org/(?:abs|pdf)/(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})", re.I)
DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>{}|\\^\[\]`]+[^\s\"<>{}|\\^\[\]`.,;:)'’”]", re.I)
PLACEHOLDER = re.compile(r"10\.1145/(?:n+|x+)|1122445|10\.475/123|xx\.?xxx|nnnn|0000000\.0000000|10\.1000/182", re.I)
CITING = re.compile(r"\[\d+\]|et al|preprint arxiv|in proceedings of|\(\d{4}[a-z]?\)", re.I)


def arxiv_id(front: Front) -> Found | None:
    """The stamp in the margin; else an id that a head or foot line of the title page bears."""
    for page in [*front.covers, front.page]:
        for text in page.margin:
            match = ARXIV.search(text)
            if match:
                return Found(_bare(match[1]), 0.99, "stamp")
    for line in edge_lines(front.page):
        match = ARXIV.search(line.text) or ARXIV_URL.search(line.text)
        if match and not CITING.search(line.text.replace(match[0], "")):
            return Found(_bare(match[1]), 0.8)
    return None


def _bare(identifier: str) -> str:
    return identifier[0].lower() + identifier[1:] if "/" in identifier else identifier


def doi(front: Front) -> Found | None:
    """A DOI printed outside the running text of the title page or its cover; of two, the one that begins the other."""
    for page in [front.page, *front.covers]:
        found = [doi for text in _places(page) if (doi := _doi_in(text)) and not PLACEHOLDER.search(doi)]
        if found:
            return Found(min(found, key=lambda one: sum(not other.startswith(one) for other in found)), 0.95)
    return None


def _places(page: Page):
    """Texts that speak of a DOI, heads and feet first; citations are left out."""
    edges = set(map(id, edge_lines(page)))
    for index, line in sorted(enumerate(page.lines), key=lambda pair: id(pair[1]) not in edges):
        text = line.text
        if re.search(r"doi|10\.\d{4,}/", text, re.I) and (id(line) in edges or not CITING.search(text)):
            follow = _below(page.lines, index)
            yield text + follow.text if follow and _broken(text) else text
    for text in page.margin:
        if re.search(r"doi", text, re.I):
            yield text


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
