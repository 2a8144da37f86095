"""An activity sheet on one A4, however much there is to say: first less of the minutes, then smaller type and pictures.

The list of who took part and the papers are what a club asks for: they are shortened last, and then it says so.
"""

from dataclasses import dataclass, replace

from schedule.reports.activity_sheet import Sheet
from schedule.reports.text_fitting import LEADING, POINT, fitted, lines

# static/css/paper.css has the same sizes: CSS pixels, 96 to the inch, on A4 with margins of 14 mm
PAGE = 1017 - 40  # high; a line and a half are left free for faces that are wider than we reckon
CELL, HALF_CELL = 520, 250  # wide: the right column, and one of two photos in it
HEAD = 68  # the club, and what the sheet is
ROWS, AROUND = 8, 12  # of the table, and a row's rules and paddings
LEADING_ON_PAPER = 1.5
BETWEEN = 4  # under each paragraph


@dataclass(frozen=True)
class Density:
    """How a sheet is set: `name` is what CSS knows it by; `size` and `photo` are pixels, the others count."""

    name: str
    size: float
    photo: int
    points: int
    notes: int
    title: int  # lines
    point: int  # lines


DENSITIES = [
    Density("wide", 13, 220, points=20, notes=30, title=3, point=3),
    Density("medium", 13, 180, points=10, notes=15, title=3, point=3),
    Density("wide", 13, 220, points=3, notes=6, title=3, point=3),
    Density("wide", 13, 220, points=3, notes=3, title=2, point=2),
    Density("medium", 13, 180, points=2, notes=2, title=2, point=1),
    Density("close", 11.5, 150, points=2, notes=2, title=2, point=1),
    Density("close", 11.5, 150, points=1, notes=1, title=1, point=1),
    Density("dense", 10, 120, points=0, notes=0, title=1, point=1),
]


def on_one_page(sheet: Sheet) -> Sheet:
    """The same sheet, as dense as it must be."""
    for density in DENSITIES:
        shorter = _set(sheet, density)
        if _high(shorter, density) <= PAGE:
            return shorter
    return _shortened(shorter, density)


def _set(sheet: Sheet, to: Density) -> Sheet:
    read = tuple(
        replace(
            one,
            title=_short(one.title, to.title, to.size, room=0.9),  # its presenter stands behind it
            points=tuple(_short(point, to.point, to.size) for point in one.points[: to.points]),
        )
        for one in sheet.read
    )
    notes = tuple(_short(note, to.point, to.size) for note in sheet.notes[: to.notes])
    left = sum(max(0, len(one.points) - to.points) for one in sheet.read) + max(0, len(sheet.notes) - to.notes)
    return replace(sheet, density=to.name, read=read, notes=notes, more_said=left)


def _short(text: str, count: int, size: float, *, room: float = 1) -> str:
    """Cut at a word, to so many lines."""
    points = size * 0.75
    return fitted(text, points, points, CELL * room / 96, count * LEADING * points * POINT + 0.001)[0]


def _high(sheet: Sheet, to: Density) -> float:
    """In pixels, on the large side."""
    room, line = CELL / to.size, to.size * LEADING_ON_PAPER
    said = [sheet.name, sheet.category, sheet.when, sheet.place, sheet.purpose]
    high = HEAD + ROWS * AROUND + line * sum(lines(text, room) for text in said)
    high += line * (1 + lines(sheet.names, room))
    done = [f"{one.title} {one.presenter}" for one in sheet.read] + [*sheet.notes, *filter(None, [sheet.unsaid])]
    high += sum(line * lines(text, room) + BETWEEN for text in done) or line
    high += sum(line * lines(point, room - 2) for one in sheet.read for point in one.points)
    high += BETWEEN * sum(bool(one.points) for one in sheet.read)
    return high + _photos_high(sheet, to, line)


def _photos_high(sheet, to, line) -> float:
    room = (HALF_CELL if len(sheet.shots) > 1 else CELL) / to.size
    captions = (lines(f"{shot.when} · {sheet.place}", room) for shot in sheet.shots)
    return to.photo + line * max(captions) if sheet.shots else line


def _shortened(sheet: Sheet, to: Density) -> Sheet:
    """Whatever is longest, papers or people, loses its last tenth, again and again; the sheet says how many those are."""
    while _high(sheet, to) > PAGE and len(sheet.read) + len(sheet.came) > 2:
        if len(sheet.read) >= lines(sheet.names, CELL / to.size):
            left = len(sheet.read) * 9 // 10
            sheet = replace(sheet, read=sheet.read[:left], more_read=sheet.more_read + len(sheet.read) - left)
        else:
            left = len(sheet.came) * 9 // 10
            sheet = replace(sheet, came=sheet.came[:left], more_came=sheet.more_came + len(sheet.came) - left)
    return sheet
