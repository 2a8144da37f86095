"""Draws a deck on a template: texts fitted into placeholders by name, pictures, the term as dots. Plain Python.

It runs in the limited child (members.sandbox), because a template and the pictures are what people brought. A page is a dict:
"kind" names its layout; "texts" are lines by placeholder, "colours" those of people beside them; "points" are what was
written down, with "paper" and "continued" as slides.Slide has them; "pictures" are [number, description] by placeholder;
"track" is the term as [day, kind, words]; "turns" are who presents next.
"""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from itertools import accumulate, zip_longest
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Pt

from schedule.pictures import smaller
from schedule.reports.deck_file import layouts_of, placeholders_of, saved
from schedule.reports.deck_layouts import (
    ACCENT,
    INK,
    LAYOUTS,
    MEMBER_COLOURS,
    MUTED,
    Box,
    points_box,
    split_points,
)
from schedule.reports.deck_master import new_deck
from schedule.reports.text_fitting import fitted, printable

SIDES = {"photo": (1600, 1600)}  # pixels: sharp on a projector, small in the file
COVER = (1200, 1200)
INCH = 914_400
STAND_IN = 0.88  # of a line: where our faces are missing, others stand in, and bold ones are wider
NEXT = 9  # papers on the slide of the next session


def draw(data: bytes, *, lengths: list[int], pages: list[dict], group: str, day: str, language: str) -> dict:
    """Return {"deck": bytes}: the pages on the template. `data` is the template, empty for ours, and the pictures, one
    behind the other, with these lengths."""
    template, *pictures = _apart(data, lengths)
    deck = Presentation(BytesIO(template)) if template else new_deck()
    layouts = layouts_of(deck)
    own = _boxes(layouts["points"], "points")  # a club may have made them smaller than ours
    slides = [part for page in pages for part in _split(page, own)]
    for number, page in enumerate(slides, 1):
        texts = {"group": [group], "day": [day], "number": [f"{number} / {len(slides)}"]} | page["texts"]
        _draw(_Page(deck, layouts[page["kind"]], page["kind"]), page | {"texts": texts}, pictures)
    properties = deck.core_properties
    properties.title, properties.author = printable(f"{group} {day}"), printable(group)
    properties.language = language
    return {"deck": saved(deck)}


def _apart(data: bytes, lengths: list[int]) -> list[bytes]:
    ends = list(accumulate(lengths))
    return [data[end - length : end] for length, end in zip(lengths, ends, strict=True)]


def _split(page: dict, boxes: dict[str, Box]) -> list[dict]:
    """The page with as many of its points as fit, and pages that go on with the others."""
    if not page.get("points") or "points" not in boxes:
        return [page]
    continued = page["continued"]
    parts = split_points(page["points"], boxes, paper=page["paper"], continued=continued)
    return [page | {"points": part, "continued": continued or number > 0} for number, part in enumerate(parts)]


class _Page:
    """A slide of the deck, written to by the names of its layout's placeholders."""

    def __init__(self, deck: Any, layout: Any, kind: str):
        places = placeholders_of(layout)
        self.boxes = _boxes(layout, kind)
        self.slide = deck.slides.add_slide(layout)
        names = {shape.placeholder_format.idx: name for name, shape in places.items()}
        found = {names.get(shape.placeholder_format.idx, ""): shape for shape in self.slide.placeholders}
        self.left = {name: shape for name, shape in found.items() if name in self.boxes}
        self.spare = [shape for name, shape in found.items() if name not in self.boxes]

    def write(self, name: str, lines: list[str], colours: Sequence[int] = ()) -> None:
        """Put paragraphs into a placeholder, as large as they fit; `colours` are those of people, a bar before each."""
        lines = list(filter(None, map(printable, lines)))
        if name not in self.left or not lines:
            return
        box, shape = self.boxes[name], self.left.pop(name)
        shape.name = name
        wide = (box.wide - box.label) * (STAND_IN if box.bold else 1)
        text, size = fitted("\n".join(lines), box.size, box.least, wide, box.high, box.leading)
        frame = shape.text_frame
        frame.clear()
        for number, (line, colour) in enumerate(zip_longest(text.split("\n"), colours)):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            if colour:
                _run(paragraph, "▎ ", size).font.color.rgb = RGBColor.from_string(
                    MEMBER_COLOURS[(colour - 1) % len(MEMBER_COLOURS)]
                )
            _run(paragraph, line or "", size)

    def stretch(self, name: str, box: Box) -> None:
        """Give a placeholder another place on this slide."""
        if name in self.left:
            shape, self.boxes[name] = self.left[name], box
            shape.left, shape.top, shape.width, shape.height = map(Inches, (box.x, box.y, box.wide, box.high))

    def place(self, name: str) -> list[int]:
        """Take a placeholder away and get its place, to draw there: left, top, width, height in EMU."""
        shape = self.left.pop(name)
        layout_box = self.boxes[name]
        shape._element.getparent().remove(shape._element)
        return [Inches(side) for side in (layout_box.x, layout_box.y, layout_box.wide, layout_box.high)]

    def picture(self, place: Sequence[int], data: bytes, said: str) -> None:
        """A picture as large as its place allows, whole, from the upper left corner."""
        left, top, wide, high = place
        shown = self.slide.shapes.add_picture(BytesIO(data), left, top)
        scale = min(wide / shown.width, high / shown.height)
        shown.width, shown.height = Emu(int(shown.width * scale)), Emu(int(shown.height * scale))
        shown.line.color.rgb, shown.line.width = RGBColor.from_string("C9C6BF"), Pt(0.75)
        shown._element._nvXxPr.cNvPr.set("descr", printable(said))

    def text(
        self,
        place: Sequence[int],
        words: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = INK,
        least: float = 9,
    ) -> None:
        """Words at a place that no placeholder holds."""
        left, top, wide, high = place
        shape = self.slide.shapes.add_textbox(left, top, wide, high)
        frame = shape.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
        frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
        said, size = fitted(printable(words), size, least, wide / INCH, high / INCH)
        run = _run(frame.paragraphs[0], said, size)
        run.font.bold, run.font.color.rgb = bold, RGBColor.from_string(colour)

    def tidy(self) -> None:
        """An empty placeholder would say 'Click to add text'."""
        for shape in (*self.left.values(), *self.spare):
            shape._element.getparent().remove(shape._element)


def _boxes(layout: Any, kind: str) -> dict[str, Box]:
    """The boxes of a kind of slide by their names, where this layout has them."""
    places = placeholders_of(layout)
    return {box.name: _where(box, places[box.name]) for box in LAYOUTS[kind] if box.name in places}


def _where(box: Box, shape: Any) -> Box:
    """The box as the layout has it: a club may have moved it."""
    x, y, wide, high = (side / INCH for side in (shape.left, shape.top, shape.width, shape.height))
    return replace(box, x=x, y=y, wide=wide, high=high)


def _run(paragraph: Any, words: str, size: float) -> Any:
    """Words in one size, marked with their language for spelling and for readers aloud."""
    run = paragraph.add_run()
    run.text, run.font.size = words, Pt(size)
    run._r.get_or_add_rPr().set("lang", "ko-KR" if any("가" <= sign <= "힣" for sign in words) else "en-US")
    return run


def _draw(page: _Page, told: dict, pictures: list[bytes]) -> None:
    if told.get("points") and "points" in page.boxes:
        page.stretch("points", points_box(page.boxes, paper=told["paper"], continued=told["continued"]))
    texts = dict(told["texts"])
    texts["points"] = [*(f"•\t{point}" for point in told.get("points", ())), *texts.get("points", ())]
    if told.get("continued"):
        texts.pop("abstract", None)
    for name, lines in texts.items():
        page.write(name, lines, told.get("colours", {}).get(name, ()))
    for name, (number, said) in told.get("pictures", {}).items():
        if picture := _picture(pictures[number], *SIDES.get(name, COVER)):
            page.picture(page.place(name), picture, said)
    if told.get("track"):
        _track(page, told["track"])
    if told.get("turns"):
        _next(page, told["turns"][:NEXT], pictures)
    page.tidy()


def _picture(data: bytes, width: int, height: int) -> bytes | None:
    """A kept picture for a slide; None when it cannot be read: the slide goes without it."""
    try:
        return smaller(data, width, height)["data"]
    except (OSError, ValueError):
        return None


def _track(page: _Page, stops: list[list[str]]) -> None:
    """The term as dots on a line, two lines when there are many."""
    left, top, wide, high = page.place("track")
    rows = 1 if len(stops) <= 9 else 2
    per_row = -(-len(stops) // rows)
    step = wide // per_row
    for number, (day, kind, words) in enumerate(stops):
        row, column = divmod(number, per_row)
        x, y = left + column * step, top + row * (high // rows)
        if column == 0:
            last = min(len(stops) - row * per_row, per_row)
            _shape(page, MSO_SHAPE.RECTANGLE, (x, y + Inches(0.09), step * (last - 1), Inches(0.022)), "C9C6BF")
        full = kind in {"done", "now"}
        _shape(page, MSO_SHAPE.OVAL, (x, y, Inches(0.2), Inches(0.2)), ACCENT if full else "FFFFFF", edge=ACCENT)
        place = (x, y + Inches(0.3), step - Inches(0.08), Inches(0.26))
        page.text(place, day, 12.5, bold=True, colour=MUTED if kind == "off" else INK)
        below = (x, y + Inches(0.56), step - Inches(0.08), Inches(0.44))
        page.text(below, words, 10.5, colour=MUTED, least=8)


def _shape(page: _Page, form: Any, place: Sequence[int], colour: str, edge: str = "") -> None:
    shape = page.slide.shapes.add_shape(form, *place)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.shadow.inherit = False
    if edge:
        shape.line.color.rgb, shape.line.width = RGBColor.from_string(edge), Pt(1.5)
    else:
        shape.line.fill.background()


def _next(page: _Page, turns: list[dict], pictures: list[bytes]) -> None:
    """Who presents next, each beside the first page of the paper."""
    left, top, wide, high = page.place("papers")
    columns = 3 if len(turns) > 2 else len(turns)
    rows = -(-len(turns) // columns)
    step, tall = wide // columns, high // rows
    for number, turn in enumerate(turns):
        x, y = left + number % columns * step, top + number // columns * tall
        narrow = min(Inches(1.7), int(tall * 0.72))
        if turn["picture"] and (picture := _picture(pictures[turn["picture"][0]], *COVER)):
            page.picture((x, y, narrow, tall - Inches(0.15)), picture, turn["picture"][1])
        words = x + narrow + Inches(0.2)
        room = step - narrow - Inches(0.35)
        page.text((words, y, room, Inches(0.32)), turn["presenter"], 15, bold=True)
        place = (words, y + Inches(0.36), room, tall - Inches(0.5))
        page.text(place, turn["title"], 14, colour=INK if turn["shared"] else MUTED)
