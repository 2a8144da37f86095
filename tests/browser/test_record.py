"""The day of a session on a phone: code, photo, minutes that save themselves, closing, the report."""

import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils.timezone import now
from PIL import ExifTags, Image
from pptx import Presentation as Deck

from schedule.models import AttendanceRecord, Photo, Presentation, Session
from schedule.transfer import bundles
from tests import make
from tests.browser.test_plan import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def session(study):
    """It has just begun; Alice presents Grad-CAM. The next one is in two weeks."""
    made = make.session(make.term(study["group"]), now() - timedelta(minutes=1))
    make.presentation(made, study["alice"], paper=make.paper(study["group"], "Grad-CAM"), shared_at=now())
    make.presentation(make.session(made.term, now() + timedelta(weeks=2)), study["bob"])
    return made


def a_photo_with_gps() -> bytes:
    exif, out = Image.Exif(), BytesIO()
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: (37.0, 30.0, 0.0), 3: "E", 4: (126.0, 57.0, 0.0)})
    Image.new("RGB", (1200, 900), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def test_meet_photo_code_minutes_close_deck_zip(open_page, live_server, study, session):
    address = live_server.url + session.get_absolute_url()
    olivia = open_page(width=390, height=800, locale="en-GB")
    signed_in(olivia, live_server, study["olivia"])
    olivia.goto(address)
    olivia.get_by_role("button", name="Let members check in by code").click()
    digits = olivia.locator(".digits").inner_text()
    bob = open_page(width=390, height=800, locale="en-GB")
    signed_in(bob, live_server, study["bob"])
    bob.goto(address)
    bob.get_by_role("link", name="Enter the code").click()
    bob.get_by_label("The six digits on the screen").fill(digits)
    bob.get_by_role("button", name="I am here").click()
    bob.get_by_text("You are here, since").wait_for()

    olivia.goto(address)
    olivia.get_by_role("group", name="Alice").get_by_role("button", name="late").click()
    olivia.get_by_text("2 of 3 marked").wait_for()
    assert list(AttendanceRecord.objects.values_list("membership__member__name", "state", "by_code")) == [
        ("Bob", "present", True),
        ("Alice", "late", False),
    ]

    bob.goto(address)
    files = [{"name": "IMG_1.JPG", "mimeType": "image/jpeg", "buffer": a_photo_with_gps()}]
    bob.get_by_label("Add photos").first.set_input_files(files)
    bob.locator(".shot img").wait_for()
    with Photo.objects.get().file.open() as kept, Image.open(kept) as image:
        assert dict(image.getexif()) == {}

    bob.get_by_text("Write something down · Alice").click()
    bob.get_by_label("Minutes of the session: Alice").fill("- Heat maps\n- To do: try it")
    bob.get_by_text("saved at").wait_for()
    assert Presentation.objects.get(presenter=study["alice"]).minutes == "- Heat maps\n- To do: try it"
    assert bob.evaluate("document.documentElement.scrollWidth") <= 390

    olivia.goto(address)
    olivia.get_by_role("button", name="Close the session").click()
    olivia.get_by_text("The session is closed.").wait_for()
    assert Session.objects.get(pk=session.pk).state == Session.HELD
    olivia.get_by_role("link", name="Report").click()
    assert olivia.locator(".slide").count() == 5
    with olivia.expect_download() as arrived:
        olivia.get_by_role("link", name="Get the slides").click()
    deck = Deck(arrived.value.path())
    assert [slide.slide_layout.name for slide in deck.slides] == ["title", "proof", "plan", "points", "next"]

    olivia.goto(live_server.url + session.term.get_absolute_url())
    olivia.get_by_role("button", name="Everything in one zip").click()
    olivia.get_by_text("It is being made").wait_for()
    [asked] = bundles.waiting()
    assert bundles.make(asked)  # as a worker does
    with olivia.expect_download() as arrived:
        olivia.get_by_role("link", name="Get the zip").click()
    with zipfile.ZipFile(arrived.value.path()) as archive:
        assert {Path(name).suffix for name in archive.namelist()} == {".csv", ".html", ".bib", ".pptx", ".jpg"}
    assert olivia.evaluate("document.documentElement.scrollWidth") <= 390


def test_minutes_wait_in_the_browser_while_there_is_no_line(open_page, live_server, study, session):
    bob = open_page(width=390, height=800, locale="en-GB")
    signed_in(bob, live_server, study["bob"])
    bob.goto(live_server.url + session.get_absolute_url())
    bob.get_by_text("Write something down · The session").click()
    bob.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no line')); }")
    bob.get_by_label("Minutes of the session: The session").fill("Written in a tunnel")
    bob.get_by_text("kept in this browser").wait_for()
    assert Session.objects.get(pk=session.pk).notes == ""
    bob.reload()
    bob.get_by_text("saved at").wait_for()
    assert Session.objects.get(pk=session.pk).notes == "Written in a tunnel"


def test_the_slides_fill_the_screen_and_turn_by_keys(open_page, live_server, study, session):
    olivia = open_page(locale="en-GB")
    signed_in(olivia, live_server, study["olivia"])
    olivia.goto(f"{live_server.url}{session.get_absolute_url()}report/")
    olivia.get_by_role("button", name="Present").click()
    olivia.wait_for_function("document.fullscreenElement !== null")
    shown = "[...document.querySelectorAll('.slide')].findIndex((slide) => slide.offsetParent !== null)"
    assert olivia.evaluate(shown) == 0
    for key, number in (("ArrowRight", 1), (" ", 2), ("ArrowLeft", 1), ("End", 4), ("ArrowRight", 4), ("Home", 0)):
        olivia.keyboard.press(key)
        assert (key, olivia.evaluate(shown)) == (key, number)
