"""Slides of a group's own, slides that say what is missing, and the report of a whole term."""

import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now
from pptx import Presentation
from pptx.util import Inches

from schedule.refusal import NotPossible
from schedule.reports import deck_template
from schedule.reports.deck import pptx
from schedule.reports.deck_file import Lack, missing, opened
from schedule.reports.deck_layouts import LAYOUTS
from schedule.reports.deck_template import MOST_BYTES, Lacking, keep, look, ours
from schedule.reports.slides import report, term_report
from tests import make

pytestmark = pytest.mark.django_db

TYPES = "[Content_Types].xml"


def packed(parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def parts_of(data):
    with zipfile.ZipFile(BytesIO(data)) as file:
        assert len(file.namelist()) == len(set(file.namelist()))
        return {name: file.read(name) for name in file.namelist()}


def changed(name, old, new):
    """Our template with one of its parts changed."""
    parts = parts_of(ours())
    assert old in parts[name]
    return packed(parts | {name: parts[name].replace(old, new)})


def refusal(data):
    with pytest.raises(NotPossible) as refused:
        keep(make.group(), ContentFile(data, "slides.pptx"), by=make.organizer())
    return str(refused.value)


def test_our_template_comes_back_without_its_slides_and_without_what_only_they_used(study):
    assert len(Presentation(BytesIO(ours())).slides) == len(LAYOUTS)
    keep(study["group"], ContentFile(ours(), "our slides.pptx"), by=study["olivia"])
    mine = look(study["group"])
    with mine.file.open() as file:
        names = parts_of(file.read())
        file.seek(0)
        layouts = [layout.name for layout in Presentation(file).slide_layouts]
    assert mine.name == "our_slides.pptx"
    assert [name for name in names if "/slides/" in name or "/notesSlides/" in name] == []
    assert layouts == list(LAYOUTS)


def test_a_newer_template_replaces_the_file_and_ours_comes_back(study, django_capture_on_commit_callbacks):
    group, olivia = study["group"], study["olivia"]
    keep(group, ContentFile(ours(), "a.pptx"), by=olivia)
    first = look(group).file
    with django_capture_on_commit_callbacks(execute=True):
        keep(group, ContentFile(ours(), "b.pptx"), by=olivia)
    second = look(group).file
    assert (first.storage.exists(first.name), second.storage.exists(second.name)) == (False, True)
    with django_capture_on_commit_callbacks(execute=True):
        deck_template.back_to_ours(group, by=olivia)
    assert (bool(look(group).file), second.storage.exists(second.name)) == (False, False)


def test_what_a_template_lacks_is_named(study):
    deck = Presentation(BytesIO(ours()))
    layouts = {layout.name: layout for layout in deck.slide_layouts}
    layouts["plan"].name = "Plan "  # as people type it
    layouts["title"]._element.cSld.set("name", "Titelfolie")
    places = {shape.name: shape for shape in layouts["paper"].placeholders}
    places["abstract"].name = "Text 4"
    places["number"].name = "Text 5"  # a deck says enough without
    places["cover"].left = deck.slide_width
    out = BytesIO()
    deck.save(out)
    lacks = [Lack("title"), Lack("paper", ("abstract",), ("cover",))]
    assert missing(Presentation(BytesIO(out.getvalue()))) == lacks
    with pytest.raises(Lacking) as refused:
        keep(study["group"], ContentFile(out.getvalue(), "c.pptx"), by=study["olivia"])
    assert [(lack["layout"], lack["names"], lack["unseen"]) for lack in refused.value.lacks] == [
        ("title", [], []),
        ("paper", ["abstract"], ["cover"]),
    ]
    assert look(study["group"]).pk is None


def damaged(name):
    """Our template with one of its parts cut into."""
    data = bytearray(ours())
    with zipfile.ZipFile(BytesIO(data)) as file:
        start = file.getinfo(name).header_offset
    begin = start + 30 + data[start + 26] + data[start + 28]  # behind the entry's head, its name and its extra field
    data[begin : begin + 20] = b"\xff" * 20
    return bytes(data)


PRESENTATION = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACROS = b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"
RELS = "ppt/slideLayouts/_rels/slideLayout1.xml.rels"
LINKED = b'<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s" TargetMode="External"/></Relationships>'
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "This file is empty."),
        (b"%PDF-1.7 a paper", "This is not a PowerPoint file."),
        (b"PK\x03\x04 no zip", "This is not a PowerPoint file."),
        (packed({"word/document.xml": b"<w/>", TYPES: b"<Types/>"}), "This is not a PowerPoint file."),
        (OLD, "This is an old kind of Office file."),
        (OLD + "EncryptedPackage".encode("utf-16-le"), "This file has a password."),
        (packed({"Index/Document.iwa": b"x"}), "This was made by Keynote or LibreOffice."),
        (
            packed({"mimetype": b"application/vnd.oasis.opendocument.presentation"}),
            "This was made by Keynote or LibreOffice.",
        ),
        (
            packed({TYPES: PRESENTATION, "ppt/presentation.xml": bytes(40_000_000)}),
            "This file unpacks to far too much.",
        ),
        (packed({TYPES: PRESENTATION + bytes(20_000_000)}), "This file unpacks to far too much."),
        (packed({TYPES: PRESENTATION, "ppt/presentation.xml": b"<p"}), "This file is broken."),
        (damaged(TYPES), "This is not a PowerPoint file."),
        (damaged("ppt/presentation.xml"), "This file is broken."),
        (changed(TYPES, PRESENTATION, MACROS), "There are macros or embedded programs"),
        (
            changed(TYPES, PRESENTATION, PRESENTATION.replace(b"presentation.main", b"template.main")),
            "Save this file as a presentation",
        ),
        (
            changed(RELS, b"</Relationships>", LINKED % (b"image", b"https://example.org/pixel.png")),
            "This file shows pictures that lie elsewhere.",
        ),
        (
            changed(RELS, b"</Relationships>", LINKED % (b"oleObject", b"file:///C:/sheet.xlsx")),
            "There are macros or embedded programs",
        ),
    ],
)
def test_what_is_no_template_is_refused_with_the_way_out(data, said):
    assert refusal(data).startswith(said)


def test_a_template_of_200_megabytes_is_not_even_read():
    class Large:
        name, size = "slides.pptx", MOST_BYTES + 1

    with pytest.raises(NotPossible, match="larger than 30 MB"):
        keep(make.group(), Large(), by=make.organizer())


def test_a_link_to_press_stays():
    linked = changed(RELS, b"</Relationships>", LINKED % (b"hyperlink", b"https://example.org/"))
    assert len(opened(linked).slides) == 0


def test_empty_slides_are_left_out_or_say_so(study, client):
    term = make.term(study["group"])
    session = make.session(term, now() - timedelta(hours=3))
    make.presentation(session, study["bob"])
    make.presentation(session, study["alice"], paper=make.paper(study["group"], "Grad-CAM"))
    assert [slide.kind for slide in report(session, now()).slides] == ["title", "members", "plan", "paper"]
    deck_template.leave_out_empty(study["group"], False)
    made = report(session, now())
    assert [(slide.kind, slide.title, slide.lines) for slide in made.slides if slide.kind not in {"title", "plan"}] == [
        ("proof", "", ("There is no photo.",)),
        ("paper", "No paper was shared.", ()),
        ("points", "Grad-CAM", ("There are no minutes.",)),
        ("next", "No next session is planned yet.", ()),
    ]
    deck = Presentation(BytesIO(pptx(made)))
    said = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    client.force_login(study["bob"].member)
    page = client.get(f"/g/{study['group'].slug}/schedule/{session.pk}/report/").content.decode()
    for words in ("There is no photo.", "No paper was shared.", "There are no minutes.", "No next session is planned"):
        assert words in page and any(words in text for text in said)


def test_a_term_has_one_title_and_one_plan_and_each_session_its_day(study):
    term = make.term(study["group"])
    days = [now() + timedelta(days=days) for days in (-14, -1, 13)]
    sessions = [make.session(term, day) for day in days]
    for session, who in zip(sessions, ("alice", "bob", "alice"), strict=True):
        make.presentation(session, study[who], paper=make.paper(study["group"], f"Paper of {session.number}"))
    made = term_report(term, now())
    first, second, third = (f"{session.local_start:%Y.%m.%d}" for session in sessions)
    assert made.day == f"{first} – {third}"
    assert [(slide.kind, slide.day) for slide in made.slides] == [
        ("title", ""), ("plan", ""),
        ("members", first), ("paper", first), ("members", second), ("paper", second),
        ("next", ""),
    ]  # fmt: skip
    assert made.slides[0].members == (study["alice"], study["bob"])
    assert len(Presentation(BytesIO(pptx(made))).slides) == 7


def test_the_report_of_a_term_costs_the_same_queries_for_one_session_or_ten(study):
    term = make.term(study["group"])
    counts = []
    for again in range(2):
        for number in range(1 if not again else 9):
            session = make.session(term, now() - timedelta(days=1 + number + again))
            make.presentation(session, study["bob"], paper=make.paper(study["group"], f"P {again} {number}"))
        with CaptureQueriesContext(connection) as asked:
            term_report(term, now())
        counts.append(len(asked))
    assert counts == [counts[0]] * 2


# ── pages ────────────────────────────────────────────────────────────────────────────────────────
def moved_and_renamed() -> bytes:
    """Our template as a club may bring it back: the title elsewhere, layouts named in capitals, one spare placeholder."""
    deck = Presentation(BytesIO(deck_template.ours()))
    for layout in deck.slide_layouts:
        layout._element.cSld.set("name", layout.name.upper())
        for shape in layout.placeholders:
            if layout.name == "TITLE" and shape.name == "title":
                shape.left, shape.top, shape.width, shape.height = Inches(1), Inches(5), Inches(6), Inches(2)
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def test_an_organizer_brings_a_template_and_reports_follow_it(client, study):
    session = make.session(make.term(study["group"]), make.utc(2026, 3, 3, 1))
    make.presentation(session, study["alice"], paper=make.paper(study["group"]), shared_at=session.starts_at)
    client.force_login(study["olivia"].member)
    page = reverse("schedule:own_slides", args=["study"])
    ours = client.get(reverse("schedule:our_slides", args=["study"])).content
    assert missing(Presentation(BytesIO(ours))) == []
    said = client.post(page, {"do": "keep", "file": SimpleUploadedFile("club.pptx", moved_and_renamed())}, follow=True)
    assert "Your own: club.pptx" in said.text
    deck = Presentation(BytesIO(client.get(reverse("schedule:deck", args=["study", session.pk])).content))
    assert [slide.slide_layout.name for slide in deck.slides] == ["TITLE", "MEMBERS", "PLAN", "PAPER"]
    title = deck.slides[0].shapes.title
    assert (title.text, title.left, title.top) == (study["group"].name, Inches(1), Inches(5))
    client.post(page, {"do": "ours"})
    deck = Presentation(BytesIO(client.get(reverse("schedule:deck", args=["study", session.pk])).content))
    assert deck.slides[0].slide_layout.name == "title"


def test_a_template_that_lacks_places_is_explained_on_the_page(client, study):
    deck = Presentation(BytesIO(deck_template.ours()))
    [paper] = [layout for layout in deck.slide_layouts if layout.name == "paper"]
    [cover] = [shape for shape in paper.placeholders if shape.name == "cover"]
    cover._element.getparent().remove(cover._element)
    out = BytesIO()
    deck.save(out)
    client.force_login(study["olivia"].member)
    page = reverse("schedule:own_slides", args=["study"])
    said = client.post(page, {"do": "keep", "file": SimpleUploadedFile("club.pptx", out.getvalue())})
    assert said.status_code == 422
    assert "On the layout “paper” these placeholders are missing: cover" in said.text
    said = client.post(page, {"do": "keep", "file": SimpleUploadedFile("club.pptx", b"%PDF-1.7")})
    assert (said.status_code, "PowerPoint" in said.text) == (422, True)
    assert client.post(page, {"do": "keep"}).status_code == 422
    client.force_login(study["bob"].member)
    assert client.get(page).status_code == client.post(page, {"do": "ours"}).status_code == 404


def test_a_term_has_its_report_as_page_and_file(client, study):
    term = make.term(study["group"])
    for day in (3, 17):
        session = make.session(term, make.utc(2026, 3, day, 1))
        make.presentation(session, study["alice"], paper=make.paper(study["group"]), shared_at=session.starts_at)
    client.force_login(study["bob"].member)
    page = client.get(reverse("schedule:term_report", args=["study", term.pk])).text
    assert page.count('class="slide') == 6
    deck = Presentation(BytesIO(client.get(reverse("schedule:term_deck", args=["study", term.pk])).content))
    assert [s.slide_layout.name for s in deck.slides] == ["title", "plan", "members", "paper", "members", "paper"]
    client.force_login(study["mallory"].member)
    assert client.get(reverse("schedule:term_deck", args=["study", term.pk])).status_code == 404
