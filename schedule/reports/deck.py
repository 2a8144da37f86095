"""The report of a session as slides: a .pptx with real placeholders, that a club can go on with by hand."""

import logging
from dataclasses import replace
from io import BytesIO
from itertools import zip_longest

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from PIL import Image
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Emu, Inches, Pt

from members.templatetags.formatting import people, short_day
from papers.models import Paper
from schedule.reports.deck_master import ACCENT, INK, LAYOUTS, MEMBER_COLOURS, MUTED, Box
from schedule.reports.deck_template import base, layouts_of, placeholders_of
from schedule.reports.slides import Report, Slide, in_slides, points_box
from schedule.reports.text_fitting import fitted, printable

log = logging.getLogger(__name__)

COVER_HEIGHT = 1200  # pixels: sharp on a projector, small in the file
PHOTO_SIDE = 1600
INCH = 914_400
STAND_IN = 0.88  # of a line: where our faces are missing, others stand in, and bold ones are wider
A_LIST = 8  # members: more of them run on in one paragraph


def pptx(report: Report) -> bytes:
    """The file. Texts are fitted into their boxes; what has no picture shows none."""
    deck = base(report.template)
    layouts = layouts_of(deck)
    own = _boxes(layouts["points"], "points")  # a club may have made them smaller than ours
    slides = [part for slide in report.slides for part in (in_slides(slide, own) if "points" in own else [slide])]
    for number, slide in enumerate(slides, 1):
        page = _Page(deck, layouts[slide.kind], slide.kind)
        page.write("day", slide.day or report.day)
        page.write("group", report.group)
        page.write("number", f"{number} / {len(slides)}")
        page.write("club", report.club)
        DRAW[slide.kind](page, slide)
        page.tidy()
    properties = deck.core_properties
    group = printable(report.group)
    properties.title, properties.author = f"{group} {report.day}", group
    properties.language = get_language() or "en"
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


class _Page:
    """A slide of the deck, written to by the names of its layout's placeholders."""

    def __init__(self, deck, layout, kind):
        places = placeholders_of(layout)
        self.boxes = _boxes(layout, kind)
        self.slide = deck.slides.add_slide(layout)
        names = {shape.placeholder_format.idx: name for name, shape in places.items()}
        found = {names.get(shape.placeholder_format.idx, ""): shape for shape in self.slide.placeholders}
        self.left = {name: shape for name, shape in found.items() if name in self.boxes}
        self.spare = [shape for name, shape in found.items() if name not in self.boxes]

    def write(self, name: str, *lines: str, spines=()) -> None:
        """Put paragraphs into a placeholder, as large as they fit; `spines` are colours of people, a bar before each."""
        lines = tuple(filter(None, map(printable, lines)))
        if name not in self.left or not lines:
            return
        box, shape = self.boxes[name], self.left.pop(name)
        shape.name = name
        wide = (box.wide - box.label) * (STAND_IN if box.bold else 1)
        text, size = fitted("\n".join(lines), box.size, box.least, wide, box.high, box.leading)
        frame = shape.text_frame
        frame.clear()
        for number, (line, colour) in enumerate(zip_longest(text.split("\n"), spines)):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            if colour:
                _run(paragraph, "▎ ", size).font.color.rgb = RGBColor.from_string(
                    MEMBER_COLOURS[(colour - 1) % len(MEMBER_COLOURS)]
                )
            _run(paragraph, line, size)

    def stretch(self, name: str, box: Box) -> None:
        """Give a placeholder another place on this slide."""
        if name in self.left:
            shape, self.boxes[name] = self.left[name], box
            shape.left, shape.top, shape.width, shape.height = map(Inches, (box.x, box.y, box.wide, box.high))

    def place(self, name: str):
        """Take a placeholder away and get its place, to draw there: left, top, width, height in EMU."""
        shape = self.left.pop(name)
        layout_box = self.boxes[name]
        shape._element.getparent().remove(shape._element)
        return [Inches(side) for side in (layout_box.x, layout_box.y, layout_box.wide, layout_box.high)]

    def picture(self, place, data: BytesIO, said: str) -> None:
        """A picture as large as its place allows, whole, from the upper left corner."""
        left, top, wide, high = place
        shown = self.slide.shapes.add_picture(data, left, top)
        scale = min(wide / shown.width, high / shown.height)
        shown.width, shown.height = Emu(int(shown.width * scale)), Emu(int(shown.height * scale))
        shown.line.color.rgb, shown.line.width = RGBColor.from_string("C9C6BF"), Pt(0.75)
        shown._element._nvXxPr.cNvPr.set("descr", printable(said))

    def text(self, place, words: str, size: float, *, bold=False, colour=INK, least=9) -> None:
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


def _boxes(layout, kind: str) -> dict[str, Box]:
    """The boxes of a kind of slide by their names, where this layout has them."""
    places = placeholders_of(layout)
    return {box.name: _where(box, places[box.name]) for box in LAYOUTS[kind] if box.name in places}


def _where(box: Box, shape) -> Box:
    """The box as the layout has it: a club may have moved it."""
    x, y, wide, high = (side / INCH for side in (shape.left, shape.top, shape.width, shape.height))
    return replace(box, x=x, y=y, wide=wide, high=high)


def _run(paragraph, words: str, size: float):
    """Words in one size, marked with their language for spelling and for readers aloud."""
    run = paragraph.add_run()
    run.text, run.font.size = words, Pt(size)
    run._r.get_or_add_rPr().set("lang", "ko-KR" if any("가" <= sign <= "힣" for sign in words) else "en-US")
    return run


def _title(page: _Page, slide: Slide) -> None:
    page.write("title", slide.title)
    names = people([str(member) for member in slide.members], 6)
    page.write("presenters", f"{_('Presenters')}  {names}" if names else "")


def _members(page: _Page, slide: Slide) -> None:
    page.write("heading", slide.heading)
    names = [str(member) for member in slide.members]
    if len(names) > A_LIST:
        page.write("members", "  ·  ".join(names))
    else:
        page.write("members", *names, spines=[member.colour for member in slide.members])


def _proof(page: _Page, slide: Slide) -> None:
    _members(page, slide)
    page.write("caption", *slide.lines)
    if slide.photo and (data := jpeg(slide.photo.file, PHOTO_SIDE)):
        page.picture(page.place("photo"), data, _("Photo of the session, %(moment)s") % {"moment": slide.lines[0]})


def _plan(page: _Page, slide: Slide) -> None:
    page.write("heading", slide.heading)
    page.write("points", *(f"{point.label}\t{point.text}" for point in slide.points))
    _track(page, slide.timeline_items)


def _track(page: _Page, timeline_items) -> None:
    """The term as dots on a line, two lines when there are many."""
    left, top, wide, high = page.place("track")
    if not timeline_items:
        return
    rows = 1 if len(timeline_items) <= 9 else 2
    per_row = -(-len(timeline_items) // rows)
    step = wide // per_row
    for number, stop in enumerate(timeline_items):
        row, column = divmod(number, per_row)
        x, y = left + column * step, top + row * (high // rows)
        if column == 0:
            last = min(len(timeline_items) - row * per_row, per_row)
            _shape(page, MSO_SHAPE.RECTANGLE, (x, y + Inches(0.09), step * (last - 1), Inches(0.022)), "C9C6BF")
        full = stop.kind in {"done", "now"}
        _shape(page, MSO_SHAPE.OVAL, (x, y, Inches(0.2), Inches(0.2)), ACCENT if full else "FFFFFF", edge=ACCENT)
        place = (x, y + Inches(0.3), step - Inches(0.08), Inches(0.26))
        page.text(place, short_day(stop.day), 12.5, bold=True, colour=MUTED if stop.kind == "off" else INK)
        below = (x, y + Inches(0.56), step - Inches(0.08), Inches(0.44))
        page.text(below, _of_stop(stop), 10.5, colour=MUTED, least=8)


def _of_stop(stop) -> str:
    if not stop.session:
        return stop.reason
    return _("cancelled") if stop.kind == "off" else ""


def _shape(page, form, place, colour, edge=None) -> None:
    shape = page.slide.shapes.add_shape(form, *place)
    shape.fill.solid()
    shape.fill.fore_color.rgb = RGBColor.from_string(colour)
    shape.shadow.inherit = False
    if edge:
        shape.line.color.rgb, shape.line.width = RGBColor.from_string(edge), Pt(1.5)
    else:
        shape.line.fill.background()


def _paper(page: _Page, slide: Slide) -> None:
    paper = slide.paper
    page.write("heading", slide.heading)
    if slide.presenter:
        page.write("presenter", str(slide.presenter), spines=[slide.presenter.colour])
    page.write("title", slide.title)
    if slide.points_made and "points" in page.boxes:
        page.stretch("points", points_box(slide, page.boxes))
    page.write("points", *(f"•\t{point}" for point in slide.points_made), *slide.lines)
    if paper is None:
        return
    page.write("authors", ", ".join(paper.authors))
    if not slide.continued:
        page.write("abstract", paper.abstract)
    page.write("numbers", "     ".join(slide.numbers))
    picture = cover(paper)
    if picture:
        page.picture(page.place("cover"), picture, _("First page of %(title)s") % {"title": slide.title})


def _next(page: _Page, slide: Slide) -> None:
    page.write("heading", slide.heading)
    page.write("title", slide.title)
    page.write("facts", *slide.lines)
    left, top, wide, high = page.place("papers")
    turns = slide.turns[:9]
    if not turns:
        return
    columns = 3 if len(turns) > 2 else len(turns)
    rows = -(-len(turns) // columns)
    step, tall = wide // columns, high // rows
    for number, turn in enumerate(turns):
        x, y = left + number % columns * step, top + number // columns * tall
        narrow = min(Inches(1.7), int(tall * 0.72))
        paper = turn.shown_paper
        picture = cover(paper) if paper else None
        if paper and picture:
            page.picture(
                (x, y, narrow, tall - Inches(0.15)),
                picture,
                _("First page of %(title)s") % {"title": paper.called},
            )
        words = x + narrow + Inches(0.2)
        room = step - narrow - Inches(0.35)
        page.text((words, y, room, Inches(0.32)), str(turn.presenter), 15, bold=True)
        title = paper.called if paper else _("The paper is not shared yet.")
        page.text((words, y + Inches(0.36), room, tall - Inches(0.5)), title, 14, colour=INK if paper else MUTED)


DRAW = {
    "title": _title,
    "members": _members,
    "proof": _proof,
    "plan": _plan,
    "paper": _paper,
    "points": _paper,
    "next": _next,
}


def cover(paper: Paper) -> BytesIO | None:
    """The paper's first page; None when there is none."""
    file = paper.cover_file
    return jpeg(file.cover, COVER_HEIGHT) if file else None


def jpeg(stored, side: int) -> BytesIO | None:
    """A kept picture as JPEG, which every program shows; None when it cannot be read: the slide goes without it."""
    try:
        with stored.open() as file, Image.open(file) as image:
            page = image.convert("RGB")
            page.thumbnail((side, side))
            out = BytesIO()
            page.save(out, "JPEG", quality=85)
    except (OSError, ValueError) as error:
        log.warning("The picture %s is left out of a deck: %s", stored.name, error)
        return None
    out.seek(0)
    return out
