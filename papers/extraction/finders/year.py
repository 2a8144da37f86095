"""The year of publication as the title page prints it outside its running text; else the year of the arXiv id."""

import re
from collections.abc import Iterator

from papers.extraction.finders import abstract, identifiers
from papers.extraction.finders.front import Found, Front
from papers.extraction.finders.title import title_block
from papers.extraction.layout import Line

YEAR = r"(?<![\d.-])((?:19[3-9]|20[0-3])\d)(?!\d|[.-]\d)"
MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"

# "75 (2009) 178–189", "J. Cryptology (1988) 1:65", "14(3): 268 - 280, 2021", "Vol. 3, No. 1, February 1985"
ISSUE = re.compile(
    rf"\b\d{{1,4}}\s*\(\s*{YEAR}\s*\)\s*[\dA-Z]|\(\s*{YEAR}\s*\)\s*\d+\s*:\s*\d|\d+\(\d+\):\s*\d+.{{0,20}}?,\s*{YEAR}"
    rf"|\bvol(?:ume|\.)?\s*\w+.{{0,60}}?{YEAR}|{YEAR}\s*,?\s*vol\b|{YEAR}年\s*(?:第|\d+\s*月)|제?\s*\d+\s*권.{{0,20}}?{YEAR}",
    re.I,
)
# "Published as a conference paper at ICLR 2018", "Proceedings of … 2019", "’23, April 23–28, 2023"
MEETING = re.compile(
    rf"(?:proceedings|proc\.|conference|symposium|workshop|congress|meeting|journal|transactions|published|appear|presented|"
    rf"논문집|학술|학회|会议|年会|大会).{{0,90}}?{YEAR}"
    rf"|{YEAR}.{{0,60}}?(?:conference|symposium|workshop|congress|meeting|학술|학회|논문집)|[’'`]\d\d\b,?.{{0,50}}?{YEAR}",
    re.I,
)
# "SOSP 2007", in heads, feet and around the title only
ACRONYM = re.compile(rf"\b[A-Z][A-Za-z]*[A-Z]{{2,}}\w*\s*[’'`-]?\s?{YEAR}")
# a line above the title that begins or ends with a year: "2019 数据可视化分析挑战赛"
EDGE_OF_LINE = re.compile(rf"^\W*{YEAR}\W+\w\D{{4,}}$|^\D{{6,}}\W{YEAR}\W*$")
# a citation on a cover: "Carroll, A 2015, 'How long …", "(2015)"
CITED = re.compile(rf"[,(\w]\s*{YEAR}\s*[,).:]")
COPYRIGHT = re.compile(
    rf"(?:©|\(c\)|copyright|\bc⃝).{{0,60}}?{YEAR}|"
    rf"^\W*\w?\W*{YEAR}\s+(?:ACM|IEEE|Springer|Elsevier|International Association|The Authors?|by)\b",
    re.I,
)
DATE = re.compile(
    rf"(?:{MONTH}\s*(?:\d{{1,2}}(?:st|nd|rd|th)?)?(?:\s*[-–]\s*\d{{1,2}})?,?\s*{YEAR}|\d{{1,2}}[./ -]\d{{1,2}}[./ -]{YEAR}"
    rf"|(?<!\d)((?:19|20)\d\d)[./ -]\d{{1,2}}(?:[./ -]\d{{1,2}})?\b|{YEAR}\s*[년年]|^\W*{YEAR}\W*$)",
    re.I,
)
ONLINE = re.compile(rf"(?:available online|published online|first published|published).{{0,40}}?{YEAR}", re.I)
ACCEPTED = re.compile(rf"(?:accepted|revised|received).{{0,40}}?{YEAR}", re.I)
FOOT_DATE = re.compile(rf"\bdate[:.]\s*((?:19[3-9]|20[0-3])\d)(?!\d)|{MONTH}\s*(?:\d{{1,2}},?\s*)?{YEAR}\W*$", re.I)
RIGHTS = re.compile(r"©|copyright|permission to|proceedings of|isbn|issn|pvldb|reference format", re.I)
HISTORY = re.compile(
    r"received|revised|accepted|submitted|approved|grant|uploaded|download|supported|horizon 2020", re.I
)


def year(front: Front) -> Found | None:
    """Issue, meeting, copyright, date of publication; the arXiv id; a bare date; the date of acceptance."""
    covers = [line.text for cover in front.covers for line in cover.lines]
    near = [line.text for line in _near(front)] + covers
    small = [*small_print(front), *(text for text in front.page.margin if "arxiv" not in text.lower())]
    fresh, small_fresh = _without_history(near), _without_history(small)
    for pattern, sure, texts in (
        (ISSUE, 0.95, fresh),
        (MEETING, 0.9, fresh),
        (ACRONYM, 0.85, fresh),
        (ISSUE, 0.9, small_fresh),
        (COPYRIGHT, 0.9, near + small),
        (MEETING, 0.8, small_fresh),
        (ONLINE, 0.8, near + small),
        (CITED, 0.7, _without_history(covers)),
        (EDGE_OF_LINE, 0.7, _without_history(_above_title(front))),
    ):
        found = _first(pattern, texts)
        if found:
            return Found(found, sure)
    return _by_date(front, near + small)


def places(front: Front) -> list[str]:
    """Everything on the title page that may tell when and where it appeared: heads, feet, what is around the title, small print."""
    return (
        [line.text for line in _near(front)]
        + [line.text for cover in front.covers for line in cover.lines]
        + list(small_print(front))
    )


def _by_date(front: Front, places: list[str]) -> Found | None:
    stamp = identifiers.arxiv_id(front)
    dated = _first(DATE, _without_history(_head(front)))
    if stamp and not (dated and dated < arxiv_year(stamp.value)):
        return Found(arxiv_year(stamp.value), 0.8, "stamp")
    if dated:
        return Found(dated, 0.75)
    foot = _first(FOOT_DATE, [line.text for line in front.page.lines if line.y < 0.25 * front.page.height])
    if foot:
        return Found(foot, 0.6)
    accepted = _first(ACCEPTED, places)
    return Found(accepted, 0.4) if accepted else None


def _without_history(texts: list[str]) -> list[str]:
    """Lines about a manuscript's way, or about grants, tell no year of publication."""
    return [text for text in texts if not HISTORY.search(text)]


def _first(pattern: re.Pattern, texts: list[str]) -> int | None:
    for text in texts:
        match = pattern.search(text)
        if match:
            return int(next(group for group in match.groups() if group))
    return None


def _near(front: Front) -> list[Line]:
    """Heads and feet, and what stands around the title."""
    notes = _citing_notes(front)
    lines = [line for line in [*identifiers.edge_lines(front.page), *_around_title(front)] if line not in notes]
    return list({id(line): line for line in lines}.values())


def _citing_notes(front: Front) -> list[Line]:
    """Numbered notes at the foot; where affiliations hang on such numbers, only those that cite."""
    marks = {word.text for line in _around_title(front) for word in line.words if word.raised}
    notes = identifiers.footnotes(front.page)
    if not any(line.words[0].text in marks for line in notes):
        return notes
    return [line for line in notes if identifiers.CITING.search(line.text)]


def _around_title(front: Front) -> list[Line]:
    page, block, end = front.page, title_block(front), abstract.start(front)
    if front.is_title_page:
        return [line for line in page.lines if line not in block]
    floor = end.y if end is not None else min((line.y for line in block), default=page.height) - 0.2 * page.height
    return [line for line in page.lines if line.y > floor and line not in block]


def _above_title(front: Front) -> list[str]:
    top = max((line.y for line in title_block(front)), default=front.page.height)
    return [line.text for line in front.page.lines if line.y > top]


def small_print(front: Front) -> Iterator[str]:
    """Paragraphs that are smaller than the body, or speak of rights and proceedings; not the abstract."""
    page, found, notes = front.page, abstract.abstract(front), _citing_notes(front)
    told = found.value if found else ""
    for place, line in enumerate(page.lines):
        if line in notes:
            continue
        if (line.size < 0.93 * page.body_size or RIGHTS.search(line.text)) and line.plain.rstrip("-‐") not in told:
            follow = [other for other in page.lines[place + 1 : place + 12] if _next_line(line, other)][:2]
            yield " ".join(other.text for other in [line, *follow])


def _next_line(line: Line, other: Line) -> bool:
    beside = other.x0 < line.x1 and line.x0 < other.x1
    return beside and abs(line.size - other.size) < 0.5 and 0 < line.y - other.y < 3 * line.size


def _head(front: Front) -> list[str]:
    return [line.text for line in _around_title(front)] + [line.text for cover in front.covers for line in cover.lines]


def arxiv_year(identifier: str) -> int:
    """2011.12100 -> 2020; math/9404236 -> 1994."""
    digits = identifier.rpartition("/")[2]
    short = int(digits[:2])
    return 1900 + short if short > 90 else 2000 + short
