"""The five layouts of the deck: their placeholders by name, where each stands and how its text looks. Plain Python.

Lengths are inches on a slide of 13.333 × 7.5. A club that changes fonts, colours or places in its own copy keeps the
names: schedule.reports.deck_drawing finds a placeholder by its name alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from schedule.reports.text_fitting import Room, in_parts

WIDTH, HEIGHT = 13.333, 7.5
INK, MUTED, ACCENT, LINE = "1D1C1A", "645F57", "2F4B8F", "E6E2D9"
MEMBER_COLOURS = ["2F4B8F", "47705C", "9A5F43", "6D4F86", "8A6D1F", "2F7480", "93425A"]
SERIF, SANS = "+mj", "+mn"
LATIN_SERIF, LATIN_SANS, KOREAN = "Georgia", "Arial", "Malgun Gothic"


@dataclass(frozen=True)
class Box:
    """A placeholder: its place, and the look of its text. `kind` is title, body or pic."""

    name: str
    x: float
    y: float
    wide: float
    high: float
    size: float = 16
    least: float = 10  # points; smaller type is not read from the back of a room
    colour: str = INK
    font: str = SANS
    bold: bool = False
    right: bool = False
    middle: bool = False
    leading: float = 1.0  # of the face's own
    label: float = 0  # room before a tab, with the text behind it hanging
    kind: str = "body"


HEADING = Box("heading", 0.8, 0.55, 9.5, 0.5, 19, colour=ACCENT, font=SERIF, bold=True, kind="title")
RUNNING = (
    Box("day", 10.4, 0.6, 2.13, 0.4, 13, colour=MUTED, right=True),
    Box("group", 0.8, 6.72, 8.5, 0.38, 12, colour=MUTED),
    Box("number", 10.4, 6.72, 2.13, 0.38, 12, colour=MUTED, right=True),
)
PAPER = (
    Box("heading", 0.8, 0.55, 9.5, 0.5, 19, colour=ACCENT, font=SERIF, bold=True),
    RUNNING[0],
    Box("cover", 0.8, 1.5, 3.3, 4.37, kind="pic"),
    Box("presenter", 4.6, 1.42, 7.93, 0.42, 19, 12, bold=True),
    Box("title", 4.6, 1.88, 7.93, 1.05, 24, 13, font=SERIF, bold=True, kind="title"),
    Box("authors", 4.6, 3.0, 7.93, 0.62, 14, 10, colour=MUTED),
)
LAYOUTS: dict[str, tuple[Box, ...]] = {
    "title": (
        Box("club", 1.35, 0.6, 9, 0.45, 14, colour=MUTED),
        Box("day", 1.35, 1.8, 9, 0.5, 22, colour=MUTED, font=SERIF),
        Box("title", 1.35, 2.35, 10.8, 2.1, 54, 28, font=SERIF, bold=True, middle=True, kind="title"),
        Box("presenters", 1.35, 4.65, 10.8, 1.1, 20, 12),
        replace(RUNNING[1], x=1.35, wide=7.95),
        RUNNING[2],
    ),
    "members": (
        HEADING,
        RUNNING[0],
        Box("members", 0.8, 1.6, 11.73, 4.8, 28, 12, font=SERIF, bold=True, leading=1.5),
        *RUNNING[1:],
    ),
    "proof": (
        HEADING,
        RUNNING[0],
        Box("photo", 0.8, 1.5, 6.9, 4.5, kind="pic"),
        Box("caption", 0.8, 6.1, 6.9, 0.35, 13, colour=MUTED),
        Box("members", 8.2, 1.5, 4.33, 4.9, 26, 11, font=SERIF, bold=True, leading=1.5),
        *RUNNING[1:],
    ),
    "plan": (
        HEADING,
        RUNNING[0],
        Box("points", 0.8, 1.5, 11.73, 2.5, 20, 12, leading=1.4, label=1.9),
        Box("track", 0.8, 4.25, 11.73, 2.2, 12),
        *RUNNING[1:],
    ),
    "paper": (
        *PAPER,
        Box("abstract", 4.6, 3.68, 7.93, 2.5, 14, 10, font=SERIF),
        Box("numbers", 4.6, 6.25, 7.93, 0.38, 12, colour=MUTED),
        *RUNNING[1:],
    ),
    "points": (
        *PAPER,
        Box("abstract", 4.6, 3.68, 7.93, 1.05, 12, 9, colour=MUTED, font=SERIF),
        Box("points", 4.6, 4.85, 7.93, 1.4, 15, 10, leading=1.1, label=0.22),
        Box("numbers", 4.6, 6.3, 7.93, 0.35, 12, colour=MUTED),
        *RUNNING[1:],
    ),
    "next": (
        Box("heading", 0.8, 0.55, 9.5, 0.5, 19, colour=ACCENT, font=SERIF, bold=True),
        RUNNING[0],
        Box("title", 0.8, 1.4, 11.73, 0.8, 40, 22, font=SERIF, bold=True, kind="title"),
        Box("facts", 0.8, 2.25, 11.73, 0.45, 17, 12, colour=MUTED),
        Box("papers", 0.8, 3.0, 11.73, 3.5, 15, 10),
        *RUNNING[1:],
    ),
}
MAY_LACK = {"club", "day", "group", "number", "caption", "facts", "numbers"}  # a deck says enough without
MINUTES_SIZE = 12  # points, at least: a further slide is read more easily than small type


def points_box(boxes: Mapping[str, Box], *, paper: bool, continued: bool) -> Box:
    """Where the points of a slide stand: below the abstract, or in the place of what the slide does not say."""
    points = boxes["points"]
    above = "points" if paper and not continued else "abstract" if paper else "authors"
    top = min(points.y, boxes.get(above, points).y)
    return replace(points, y=top, high=points.y + points.high - top)


def split_points(
    points: Sequence[str], boxes: Mapping[str, Box], *, paper: bool, continued: bool
) -> list[tuple[str, ...]]:
    """The points in as many parts as it takes for each to fit its slide; the first may go on from a slide before."""
    first, further = (_room(points_box(boxes, paper=paper, continued=one)) for one in (continued, True))
    return in_parts(points, MINUTES_SIZE, first, further)


def _room(box: Box) -> Room:
    return box.wide - box.label, box.high, box.leading
