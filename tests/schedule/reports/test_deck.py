"""The report: the same slides as a page and as a file, nothing outside a slide, nothing of another group."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.timezone import now
from PIL import Image
from pptx import Presentation

from schedule.meetings import attendance
from schedule.models import Photo
from schedule.reports.deck import pptx
from schedule.reports.slides import STANDARD, Slide, in_slides, report
from schedule.reports.text_fitting import fits, fitted, lines, printable, width
from tests import make

pytestmark = pytest.mark.django_db

ABSTRACT = "We propose a technique for producing visual explanations for decisions from a large class of models. "


def a_paper(study, title, **fields):
    fields = {
        "authors": ["Ramprasaath R. Selvaraju", "Michael Cogswell"],
        "abstract": ABSTRACT * 6,
        "year": 2017,
    } | fields
    paper = make.paper(study["group"], title, **fields)
    file = make.paper_file(paper)
    file.cover.save("cover.webp", ContentFile(make.webp()))
    return paper


def two_sessions(study, paper=None):
    """Today's session, in which Alice presents, and the next one, in which Bob and Olivia do."""
    term = make.term(study["group"])
    today, following = make.session(term, now()), make.session(term, now() + timedelta(days=14))
    make.presentation(today, study["alice"], paper=paper or a_paper(study, "Grad-CAM"))
    make.presentation(following, study["bob"], paper=a_paper(study, "GIRAFFE", arxiv_id="2011.12100"))
    make.presentation(following, study["olivia"])
    return today


def opened(data):
    return Presentation(BytesIO(data))


def words(slide):
    return [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame and shape.text_frame.text]


def test_slides_stand_in_the_order_that_clubs_know(study):
    made = report(two_sessions(study), now())
    assert [(slide.kind, slide.title) for slide in made.slides] == [
        ("title", study["group"].name),
        ("members", ""),
        ("plan", ""),
        ("paper", "Grad-CAM"),
        ("paper", "GIRAFFE"),
        ("next", made.slides[-1].title),
    ]
    assert [slide.heading for slide in made.slides] == [
        "", "Members of the group", "Plan and dates", "What we read", "What we read next", "Next session",
    ]  # fmt: skip


def test_the_file_says_what_the_slides_say(study):
    made = report(two_sessions(study), now())
    deck = opened(pptx(made))
    assert [slide.slide_layout.name for slide in deck.slides] == [slide.kind for slide in made.slides]
    assert [slide.shapes.title.text_frame.text for slide in deck.slides][3:5] == ["Grad-CAM", "GIRAFFE"]
    paper = {shape.name: shape.text_frame.text for shape in deck.slides[4].placeholders}
    assert paper == {
        "heading": "What we read next",
        "day": made.day,
        "presenter": "▎ Bob",
        "title": "GIRAFFE",
        "authors": "Ramprasaath R. Selvaraju, Michael Cogswell",
        "abstract": ABSTRACT * 6,
        "numbers": "arXiv 2011.12100     2017",
        "group": study["group"].name,
        "number": "5 / 6",
    }
    [cover] = [shape for shape in deck.slides[4].shapes if shape.shape_type == 13]
    assert cover._element._nvXxPr.cNvPr.get("descr") == "First page of GIRAFFE"


def test_photo_attendance_and_minutes_are_on_the_slides(study):
    session = two_sessions(study)
    photo = Photo(session=session, width=8, height=6, taken_at=session.starts_at, added_by=study["bob"])
    picture = BytesIO()
    Image.new("RGB", (80, 60), "teal").save(picture, "JPEG")
    photo.file.save("photo.jpg", ContentFile(picture.getvalue()))
    photo.save()
    attendance.mark(session, study["bob"], "late", by=study["olivia"], now=now())
    attendance.mark(session, study["alice"], "absent", by=study["olivia"], now=now())
    session.presentations.update(minutes="# Heading\n\n- **Batch Norm** is out\n- To do: try it")
    made = report(session, now())
    assert [slide.kind for slide in made.slides] == ["title", "proof", "plan", "points", "paper", "next"]
    assert made.slides[1].members == (study["bob"],)
    assert made.slides[3].points_made == ("Heading", "Batch Norm is out", "To do: try it")
    deck = opened(pptx(made))
    assert len([shape for shape in deck.slides[1].shapes if shape.shape_type == 13]) == 1
    assert "•\tHeading\n•\tBatch Norm is out\n•\tTo do: try it" in words(deck.slides[3])


def test_a_last_session_has_no_next_one_and_an_empty_one_no_papers(study):
    term = make.term(study["group"])
    made = report(make.session(term, now()), now())
    assert [slide.kind for slide in made.slides] == ["title", "members", "plan"]
    assert len(opened(pptx(made)).slides) == 3


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_ugliest_paper_stays_on_its_slide(study, language):
    """A 300-letter title, twenty authors, an abstract of 5,000 letters, a crowd, and a long term."""
    ugly = a_paper(
        study,
        "논문 제목이 아주 길어요 Extraordinarily " * 7 + "Ende",
        authors=[f"Maximiliana Wolfeschlegelsteinhausen {n}" for n in range(20)],
        abstract=ABSTRACT * 50,
        venue="Proceedings of the Conference " * 6,
    )
    for number in range(30):
        make.member(study["group"], f"아주 긴 이름을 가진 사람 {number}")
    session = two_sessions(study, ugly)
    session.term.group.name = "An extremely long name of a study group that reads everything 읽기 모임"
    for number in range(18):
        make.session(session.term, now() + timedelta(days=28 + 14 * number))
    with translation.override(language):
        made = report(session, now())
        deck = opened(pptx(made))
    for slide in deck.slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= deck.slide_width, (shape.name, shape.left, shape.width)
            assert shape.top + shape.height <= deck.slide_height, shape.name
            if shape.has_text_frame and shape.text_frame.text:
                sizes = [run.font.size.pt for p in shape.text_frame.paragraphs for run in p.runs]
                inches = shape.width / 914_400, shape.height / 914_400
                assert fits(shape.text_frame.text, max(sizes), *inches), shape.text_frame.text[:80]
    assert words(deck.slides[3])[-4].endswith(" …")


LONG = "A paragraph about what was said of the method, and about what nobody understood at first. " * 12
WRITTEN = f"# What was said\n\nFirst words.\n\n- One point\n\n{LONG}\n\n---\n\n## To do\n" + "Read it again. \n" * 30


def said_on(slides) -> str:
    return " ".join(point for slide in slides for point in slide.points_made)


def in_words(text: str) -> list[str]:
    return text.replace("•\t", " ").split()


def test_all_that_was_written_is_carried_on_as_many_slides_as_it_takes(study, client):
    session = two_sessions(study)
    session.presentations.update(minutes=WRITTEN)
    type(session).objects.update(notes=f"# The hour\n\nWe met in the library.\n\n{LONG}")
    session.refresh_from_db()
    made = report(session, now())
    written = ["What was said", "First words.", "One point", LONG.strip(), "To do", *["Read it again."] * 30]
    about, notes = [], []
    for slide in made.slides:
        (about if slide.paper else notes).append(slide)
    assert in_words(said_on(about)) == in_words(" ".join(written))
    assert in_words(said_on(notes)) == in_words(f"The hour We met in the library. {LONG}")
    assert len([slide for slide in about if slide.points_made]) > 1
    deck = opened(pptx(made))
    boxes = [shape for slide in deck.slides for shape in slide.shapes if shape.name == "points"]
    told = " ".join(box.text_frame.text for box in boxes)
    assert "…" not in told and in_words(told).count("again.") == 30 and "library." in told
    assert all(box.top + box.height <= deck.slide_height * 0.86 for box in boxes)
    client.force_login(study["bob"].member)
    page = client.get(f"{session.get_absolute_url()}report/").text
    assert page.count("Read it again.") == 30 and "We met in the library." in page and "What was said" in page


def test_a_club_with_smaller_boxes_gets_more_slides_and_loses_nothing(study):
    small = {"points": replace(STANDARD["points"], wide=3, high=0.6)}
    slide = Slide("points", points_made=(LONG, "The end."))
    parts = in_slides(slide, small)
    assert len(parts) > len(in_slides(slide, STANDARD))
    assert in_words(said_on(parts)) == in_words(f"{LONG} The end.")
    assert [part.continued for part in parts] == [False, *[True] * (len(parts) - 1)]
    assert in_slides(parts[1], small) == [parts[1]]


@pytest.mark.parametrize("gone", ["trashed", "withdrawn"])
def test_minutes_of_a_turn_whose_paper_is_gone_stay_and_all_say_the_same_of_it(study, client, gone):
    session = two_sessions(study)
    turn = session.presentations.get()
    turn.minutes = "We read it together."
    if gone == "withdrawn":
        turn.paper = None
    else:
        type(turn.paper).objects.update(deleted_at=now() - timedelta(days=1))
    turn.save()
    client.force_login(study["bob"].member)
    address = session.get_absolute_url()
    for part in ("report/", "sheet/"):
        page = client.get(f"{address}{part}").text
        assert "We read it together." in page and "No paper was shared" in page and "Grad-CAM" not in page
        assert "No paper was chosen" not in page
    deck = opened(client.get(f"{address}report.pptx").content)
    text = "\n".join(line for slide in deck.slides for line in words(slide))
    assert "We read it together." in text and "No paper was shared." in text


NO_LETTERS = "\ufffe\uffff\ufdd0\U0001fffe\x1b\x0b\x85"


def test_what_is_no_letter_in_any_field_breaks_no_slide(study):
    """Whatever a person can type that reaches a slide: names, places, papers, minutes, days off, a photo's words."""
    odd = f"a{NO_LETTERS}z"
    group = study["group"]
    session = two_sessions(study, a_paper(study, odd, authors=[odd], abstract=odd, venue=odd, arxiv_id=odd[:9]))
    type(group).objects.update(name=odd, club=odd)
    type(study["alice"].member).objects.update(name=odd)
    skipped = [{"date": "2026-03-01", "reason": odd}]
    type(session.term).objects.update(name=odd, place=odd, skipped=skipped)
    type(session).objects.update(place=odd, notes=odd)
    session.presentations.update(minutes=odd)
    photo = Photo(session=session, width=8, height=6, taken_at=session.starts_at, added_by=study["bob"])
    picture = BytesIO()
    Image.new("RGB", (80, 60), "teal").save(picture, "JPEG")
    photo.file.save("photo.jpg", ContentFile(picture.getvalue()))
    photo.save()
    session = type(session).objects.select_related("term__group").get(pk=session.pk)
    deck = opened(pptx(report(session, now())))
    text = "".join(line for slide in deck.slides for line in words(slide))
    assert text.count("az") > 10
    assert not set(NO_LETTERS) & set(text)
    assert deck.core_properties.author == "az"


def test_half_a_pair_of_signs_is_left_out():
    assert printable("a\ud83dz \ud83d\ude00 논문\t\n\r😀") == "az  논문\t\n\r😀"


def test_text_is_set_smaller_first_and_then_cut_at_a_word():
    assert fitted("A short line", 20, 10, 5, 1) == ("A short line", 20)
    text, size = fitted("word " * 30, 20, 10, 3, 1)
    assert (text, 10 < size < 20) == ("word " * 30, True)
    text, size = fitted("word " * 300, 20, 10, 3, 1)
    assert (size, text.endswith("word …"), fits(text, 10, 3, 1)) == (10, True, True)


def test_korean_breaks_between_letters_and_is_twice_as_wide():
    assert width("한글") == 2
    assert lines("한글" * 10, 5) == 4
    assert lines("word word", 3) == 2


def test_everybody_in_the_group_gets_the_report_and_nobody_else(study, client):
    session = two_sessions(study)
    address = f"/g/{study['group'].slug}/schedule/{session.pk}/report"
    client.force_login(study["bob"].member)
    page, file = client.get(address + "/"), client.get(address + ".pptx")
    assert (page.status_code, file.status_code) == (200, 200)
    assert file.headers["Content-Type"].endswith("presentationml.presentation")
    assert file.headers["Content-Disposition"].endswith('.pptx"')
    assert len(opened(file.content).slides) == 6
    client.force_login(make.member(name="Mallory").member)
    assert [client.get(address + end).status_code for end in ("/", ".pptx")] == [404, 404]


def test_a_report_costs_the_same_queries_for_one_paper_or_ten(study):
    session = two_sessions(study)
    counts = []
    for again in range(2):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            made = report(session, now())
            pptx(made)
        counts.append(len(asked))
        for number in range(9):
            make.presentation(
                session, make.member(study["group"], f"Person {number}{again}"), paper=a_paper(study, f"P{number}")
            )
    assert counts == [counts[0]] * 2


def test_six_papers_make_a_small_file(study):
    session = two_sessions(study)
    for number in range(5):
        make.presentation(session, make.member(study["group"], f"P {number}"), paper=a_paper(study, f"Paper {number}"))
    assert len(pptx(report(session, now()))) < 5_000_000
