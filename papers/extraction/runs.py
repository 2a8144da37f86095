"""Runs: glyphs set in one go; and what has to be mended before they become words."""

import re
import unicodedata
from collections import defaultdict
from typing import NamedTuple

# Spacing accents, as TeX and old fonts draw them over a letter -> the combining mark
ACCENTS = {
    "´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˆ": "\u0302", "^": "\u0302", "˜": "\u0303", "~": "\u0303", "ˇ": "\u030c",
    "¸": "\u0327", "¯": "\u0304", "˘": "\u0306", "˚": "\u030a", "˝": "\u030b", "˙": "\u0307", "˛": "\u0328",
}  # fmt: skip
SPACING_ACCENT = re.compile("([´¨ˇ˘˝])([A-Za-zı])")


class Style(NamedTuple):
    """What a font looks like."""

    bold: bool = False
    italic: bool = False
    name: str = ""


class Run(NamedTuple):
    """Glyphs set in one go, without a space inside."""

    text: str
    x0: float
    x1: float
    y: float  # baseline
    size: float
    style: Style
    spaced: bool = False  # a space stood before it in the file


def compose_accents(runs: list[Run]) -> list[Run]:
    """An accent that overlaps a letter set right before or after it belongs to that letter."""
    out: list[Run] = []
    for run in runs:
        if SPACING_ACCENT.search(run.text):
            run = run._replace(text=SPACING_ACCENT.sub(lambda match: _composed(match[2], match[1]), run.text))
        last = out[-1] if out else None
        if last and abs(last.y - run.y) < run.size and last.text[-1] in ACCENTS and _overlaps(last, run):
            letter = _composed(run.text[0], last.text[-1])
            out[-1] = run._replace(text=last.text[:-1] + letter + run.text[1:], x0=min(last.x0, run.x0))
        elif last and abs(last.y - run.y) < run.size and run.text[0] in ACCENTS and _overlaps(last, run):
            letter = _composed(last.text[-1], run.text[0])
            out[-1] = last._replace(text=last.text[:-1] + letter + run.text[1:], x1=max(last.x1, run.x1))
        else:
            out.append(run)
    return out


def _overlaps(first: Run, second: Run) -> bool:
    return first.x0 - second.size < second.x0 < first.x1 - 0.15 * second.size


def _composed(letter: str, accent: str) -> str:
    bare = {"ı": "i", "ȷ": "j"}.get(letter, letter)
    return unicodedata.normalize("NFC", bare + ACCENTS[accent]) if bare.isalpha() else accent + letter


def without_doubles(runs: list[Run]) -> list[Run]:
    """Text set twice in nearly the same place (a shadow, an imitated bold) is read once."""
    seen: dict[str, list[Run]] = defaultdict(list)
    out = []
    for run in runs:
        twins = seen[run.text]
        near = 0.12 * run.size
        if any(abs(run.x0 - twin.x0) < near and abs(run.y - twin.y) < near for twin in twins):
            continue
        twins.append(run)
        out.append(run)
    return out


def without_line_numbers(runs: list[Run]) -> list[Run]:
    """A column of numbers that count up down the page, as manuscripts for review bear in their margins, is no text."""
    columns: dict[int, list[Run]] = defaultdict(list)
    for run in runs:
        if run.text.isdecimal() and len(run.text) < 5:
            columns[round(run.x1 / 3)].append(run)
    drop = set()
    for near, column in columns.items():
        column = sorted(column + columns.get(near + 1, []), key=lambda run: -run.y)
        steps = [int(below.text) - int(above.text) for above, below in zip(column, column[1:], strict=False)]
        if len(column) >= 12 and sum(step in (1, 5) for step in steps) > 0.8 * len(steps):
            drop |= set(map(id, column))
    return [run for run in runs if id(run) not in drop] if drop else runs
