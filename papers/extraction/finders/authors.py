"""The authors: the names between title and abstract, in the order of print."""

import re

from papers.extraction.finders.front import Found, Front
from papers.extraction.finders.title import title_block
from papers.extraction.finders.words import (
    ABSTRACT,
    AFFILIATION,
    AFFILIATION_CJK,
    DEGREES,
    EMAIL,
    HONOURS,
    INTRODUCTION,
    PARTICLES,
)
from papers.extraction.layout import Line, Word, join

MARK = re.compile(r"[\d*∗†‡§¶⋆★☆♯♠♣♦♥✉∥‖#^°¹²³⁴⁵⁶⁷⁸⁹]+")
SEPARATOR = re.compile(r"\s*(?:[,;，；、·•∙⋅|]|(?<=\s)(?:and|und|et|y|&|with)(?=\s))\s*", re.I)
PIECE_GAP = 0.9  # em
HANGUL_NAME = re.compile(r"^[가-힣]{2,4}$")
HAN_NAME = re.compile(r"^[\u3400-\u9fff]{2,4}$")


def authors(front: Front) -> Found | None:
    """Name-like pieces below the title, from the first line that has any until names end."""
    zone = author_zone(front)
    rows = [(line, names_in(line)) for line in zone]
    first = next((line for line, names in rows if names), None)
    if first is None:
        return None
    found: list[str] = []
    for line, names in rows:
        if names and abs(line.size - first.size) <= 0.12 * first.size and (line.bold == first.bold or not first.bold):
            found += [name for name in names if name not in found]
    return Found(tuple(found), 0.8)


def author_zone(front: Front) -> list[Line]:
    """Lines between the title and the abstract (or the body)."""
    block = title_block(front)
    if not block:
        return []
    floor = min(line.y for line in block)
    zone = []
    for line in front.page.lines:
        if line.y >= floor or line in block:
            continue
        if ABSTRACT.match(line.text) or INTRODUCTION.match(line.text):
            break
        if floor - line.y > 0.4 * front.page.height:
            break
        zone.append(line)
    return zone


def names_in(line: Line) -> list[str]:
    """The names on a line; none when the line says anything else."""
    text = HONOURS.sub("", line.plain)
    if EMAIL.search(text) or AFFILIATION.search(text) or AFFILIATION_CJK.search(text):
        return []
    pieces = []
    for part in parts_of(line):
        part = HONOURS.sub("", MARK.sub(" , ", part))
        for piece in SEPARATOR.split(part):
            piece = DEGREES.sub("", " ".join(piece.split())).strip(" .,:;-–—()")
            if piece:
                pieces.append(piece)
    pieces = [_with_point(piece, text) for piece in pieces]
    return pieces if pieces and all(name_like(piece) for piece in pieces) else []


def _with_point(piece: str, text: str) -> str:
    return piece


def parts_of(line: Line) -> list[str]:
    """The line's text, split at raised marks and wide gaps."""
    parts: list[list[Word]] = [[]]
    for word in line.words:
        if word.raised:
            parts.append([])
            continue
        last = parts[-1][-1] if parts[-1] else None
        if last and word.x0 - last.x1 > PIECE_GAP * word.size:
            parts.append([])
        parts[-1].append(word)
    return [join(part) for part in parts if part]


def name_like(piece: str) -> bool:
    """Two to five words that look like names: capitals, initials and particles."""
    if HANGUL_NAME.match(piece.replace(" ", "")) or HAN_NAME.match(piece.replace(" ", "")):
        return True
    words = piece.split()
    if not 2 <= len(words) <= 6 or len(piece) > 60 or any(sign.isdigit() for sign in piece):
        return False
    strong = [word for word in words if word.lower() not in PARTICLES]
    return len(strong) >= 2 and all(_name_word(word) for word in strong)


def _name_word(word: str) -> bool:
    core = word.strip("()“”\"'.,")
    return bool(core) and core[0].isupper() and all(sign.isalpha() or sign in "-.'’‐–“”\"()" for sign in core)
