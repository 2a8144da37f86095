"""The year of publication as printed on the front page; else the year of the arXiv id."""

import re

from papers.extraction.finders import identifiers
from papers.extraction.finders.front import Found, Front

YEAR = r"((?:19[5-9]|20[0-4])\d)"
PRINTED = (
    (re.compile(r"(?:©|\(c\)|copyright)\s*(?:held by.{0,40})?" + YEAR, re.I), 0.9),
    (re.compile(r"published (?:as|in|at|online|by|on).{0,60}?\b" + YEAR, re.I), 0.9),
    (
        re.compile(
            r"(?:proceedings|conference|symposium|workshop|journal|vol\.|volume|transactions).{0,80}?\b" + YEAR, re.I
        ),
        0.8,
    ),
    (re.compile(r"[’']\d\d,? .{0,40}?\b" + YEAR, re.I), 0.85),
    (
        re.compile(
            r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?\s*(?:\d{1,2}(?:st|nd|rd|th)?)?,?\s*"
            + YEAR,
            re.I,
        ),
        0.6,
    ),
    (re.compile(YEAR + r"\s*년"), 0.8),
)


def year(front: Front) -> Found | None:
    """Copyright, publication and conference lines of the title page and its cover, then the arXiv id."""
    texts = [line.text for page in [front.page, *front.covers] for line in identifiers.edge_lines(page)]
    for pattern, sure in PRINTED:
        for text in texts:
            match = pattern.search(text)
            if match:
                return Found(int(match[1]), sure)
    stamp = identifiers.arxiv_id(front)
    return Found(arxiv_year(stamp.value), 0.8, "stamp") if stamp else None


def arxiv_year(identifier: str) -> int:
    """2011.12100 -> 2020; math/9404236 -> 1994."""
    digits = identifier.rpartition("/")[2]
    short = int(digits[:2])
    return 1900 + short if short > 90 else 2000 + short
