"""Text that stays in its box: how large it may be set, and where it is cut when even small type is too much.

Whoever opens a deck has other fonts than we: widths are those of common faces by kind of letter, on the wide side.
"""

import re
import unicodedata
from collections.abc import Sequence

Room = tuple[float, float, float]  # how wide and how high, in inches, and the leading
POINT = 1 / 72  # inch
LEADING = 1.24  # of the size, from line to line
# em, by kind of letter
FULL, CAPITAL, SMALL, NARROW, SPACE = 1.0, 0.75, 0.58, 0.36, 0.3
WIDE = "\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef"
PIECE = re.compile(rf"[{WIDE}]|\s+|[^\s{WIDE}]+")
# control signs but tab and line ends, halves of pairs, and what Unicode keeps for programs' own use
NONCHARACTERS = "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
UNPRINTABLE = re.compile(f"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{NONCHARACTERS}]")
NARROW_SIGNS = set("iljtfr.,:;'!|()[]‘’“”-")


def printable(text: str) -> str:
    """The text without signs that XML has no place for, or that are no letters anywhere: a file with one is broken."""
    return UNPRINTABLE.sub("", text)


def width(text: str) -> float:
    """In em."""
    return sum(map(_advance, text))


def _advance(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return FULL
    if sign.isspace():
        return SPACE
    if sign in NARROW_SIGNS:
        return NARROW
    return CAPITAL if sign.isupper() or ord(sign) > 0x2000 else SMALL


def lines(text: str, room: float) -> int:
    """How many lines of `room` em the text needs, broken at spaces, and anywhere between full-width letters."""
    count = 0
    for paragraph in text.split("\n"):
        count += 1
        used = 0.0
        for piece in PIECE.findall(paragraph):
            wide = width(piece)
            if used + wide <= room:
                used += wide
                continue
            if piece.isspace():
                continue
            count += 1 + int(wide // room)
            used = wide % room
    return count


def fits(text: str, size: float, wide: float, high: float, leading: float = 1.0) -> bool:
    """Does `text` in `size` points fit a box of `wide` × `high` inches?"""
    em = size * POINT
    return lines(text, wide / em) * LEADING * leading * em <= high


def fitted(text: str, size: float, least: float, wide: float, high: float, leading: float = 1.0) -> tuple[str, float]:
    """The text and the size in which it fits: as large as `size`, not smaller than `least`; then it is cut at a word."""
    tried = size
    while tried > least and not fits(text, tried, wide, high, leading):
        tried = max(least, tried - 0.5)
    if fits(text, tried, wide, high, leading):
        return text, tried
    return _cut(text, tried, wide, high, leading), tried


def in_parts(points: Sequence[str], size: float, first: Room, further: Room) -> list[tuple[str, ...]]:
    """The points in as many parts as there must be for each to fit its room; one that is too long for any goes on."""
    parts: list[tuple[str, ...]] = []
    here: list[str] = []
    waiting = list(reversed(points))
    while waiting:
        point, room = waiting.pop(), further if parts else first
        if fits("\n".join([*here, point]), size, *room):
            here.append(point)
            continue
        if not here:
            kept = _beginning(point, size, room)
            here.append(kept)
            point = point[len(kept) :].strip()
        waiting += [point] if point else []
        parts.append(tuple(here))
        here = []
    return [*parts, tuple(here)] if here else parts


def _beginning(text: str, size: float, room: Room) -> str:
    """The longest beginning that fits, up to a space where there is one; never nothing."""
    low, up = 1, min(len(text), 64)
    while up < len(text) and fits(text[:up], size, *room):  # of a long text only what may fit is measured
        low, up = up, min(len(text), 2 * up)
    while low < up:
        middle = (low + up + 1) // 2
        low, up = (middle, up) if fits(text[:middle], size, *room) else (low, middle - 1)
    space = text.rfind(" ", 1, low + 1)
    return text[:space] if space > 0 and low < len(text) else text[:low]


def _cut(text: str, size: float, wide: float, high: float, leading: float) -> str:
    """The longest beginning that fits with an ellipsis."""
    low, up = 0, len(text)
    while low < up:
        middle = (low + up + 1) // 2
        if fits(text[:middle].rstrip() + " …", size, wide, high, leading):
            low = middle
        else:
            up = middle - 1
    kept = text[:low].rstrip()
    whole = kept if low == len(text) or text[low : low + 1].isspace() else re.sub(r"\s\S*$", "", kept)
    return whole.rstrip(" ,.;:") + " …"
