"""Our template to take, restyle and bring back: a slide of each layout shows its places by name. Plain Python.

It runs in a process apart (members.sandbox) like all that draws decks. Nothing in it comes from people, so that it may be drawn
before the process gives up its files: python-pptx reads its own templates meanwhile.
"""

from schedule.reports.deck_file import saved
from schedule.reports.deck_master import new_deck


def prepare(*, told: str) -> dict:
    """Draw it, with `told` as the notes of each slide."""
    deck = new_deck()
    for layout in deck.slide_layouts:
        slide = deck.slides.add_slide(layout)
        names = {shape.placeholder_format.idx: shape.name for shape in layout.placeholders}
        for shape in slide.placeholders:
            shape.name = names[shape.placeholder_format.idx]
            if shape.has_text_frame:
                shape.text_frame.text = shape.name
        slide.notes_slide.notes_text_frame.text = told
    return {"deck": saved(deck)}


def draw(data: bytes, *, deck: bytes) -> dict:
    """Return {"deck": bytes}."""
    return {"deck": deck}
