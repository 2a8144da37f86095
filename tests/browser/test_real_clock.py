"""A session on the real clock: `up` from nothing, papers sent while the worker is killed, then the whole day on phones.

.venv/bin/python -m pytest -q -m slow -n0 -s tests/browser/test_real_clock.py      # about six minutes
"""

import json
import os
import signal
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from time import monotonic, sleep

import pytest
from PIL import Image
from pptx import Presentation as Deck

from papers.demo_pdf import DemoPaper, write_pdf
from tests.browser.test_story import SEOUL, invite, join, share_for_my_turn, sign_in, subjects
from tests.stack import laptop, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.servers, pytest.mark.slow]
PEOPLE = ("olivia@example.org", "alice@example.org", "bob@example.org")
NOTES = "- One week of reading is enough\n- To do: try it"
FIRST_SESSION = """
import json
from schedule.models import Session
one = Session.objects.order_by("starts_at").first()
print(json.dumps([one.starts_at.timestamp(), one.get_absolute_url(), one.presentations.get().presenter.member.email]))
"""
RECORD = """
import json
from schedule.models import Session
from schedule.models import AttendanceRecord, Photo
one = Session.objects.order_by("starts_at").first()
marks = [[mark.membership.member.email, mark.state, mark.by_code] for mark in AttendanceRecord.objects.all()]
print(json.dumps([one.state, marks, one.notes, Photo.objects.count()]))
"""


def ask(house, code):
    return json.loads(house.manage("shell", "--no-imports", "-c", code).splitlines()[-1])


def worker_of(folder) -> int | None:
    """The process of the worker that `up` runs on this folder."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            words, environment = ((process / name).read_bytes().split(b"\0") for name in ("cmdline", "environ"))
        except OSError:  # it has ended meanwhile, or is not ours
            continue
        if b"mail@%h" in words and f"DATA_DIR={folder}".encode() in environment:
            return int(process.name)
    return None


def bring_a_paper(page, data):
    page.get_by_role("link", name="Papers", exact=True).click()
    page.locator("#pdfs").set_input_files([{"name": "1.pdf", "mimeType": "application/pdf", "buffer": data}])
    page.locator("#files").get_by_text("Reading Together").wait_for()  # the worker has read its title


def only_the_papers_to_read(page, house):
    """No reminder of the day before: on its day it would bring the papers along, in place of the notification about them."""
    page.goto(f"{house.url}/g/study/notifications/times/")
    page.get_by_label("Where and when we meet").uncheck()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved. What waits goes by the new times.").wait_for()


def plan_for_soon(page, house):
    """Three weekly sessions with one presenter each; the first begins in two minutes, or up to one later."""
    page.goto(house.url)
    page.get_by_role("link", name="Schedule").click()
    page.get_by_role("link", name="Plan the term").click()
    page.get_by_label("Term", exact=True).fill("Spring")
    page.get_by_label("Number of sessions").fill("3")
    page.get_by_label("No meeting on public holidays").uncheck()
    page.locator("label").filter(has=page.locator("[name=presenters][value='1']")).click()
    begins = datetime.now(UTC).astimezone(SEOUL) + timedelta(seconds=179)
    page.get_by_label("First day").fill(begins.date().isoformat())
    page.get_by_label("Time", exact=True).fill(f"{begins:%H:%M}")
    page.locator("#preview").get_by_text("3 sessions").first.wait_for()
    page.get_by_role("button", name="Publish plan").click()
    page.wait_for_url("**/schedule/terms/*/")


def a_photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (1600, 1200), "teal").save(out, "JPEG")
    return out.getvalue()


def check_in_by_code(organizer, member, address):
    organizer.goto(address)
    organizer.get_by_role("button", name="Let members check in by code").click()
    digits = organizer.locator(".digits").inner_text()
    member.goto(address)
    member.get_by_role("link", name="Enter the code").click()
    member.get_by_label("The six digits on the screen").fill(digits)
    member.get_by_role("button", name="I am here").click()
    member.get_by_text("You are here, since").wait_for()


def write_minutes_and_send_a_photo(member, address):
    member.goto(address)
    member.get_by_text("Write something down · The session").click()
    member.get_by_label("Minutes of the session: The session").fill(NOTES)
    member.get_by_text("saved at").wait_for()
    member.goto(address)
    photo = {"name": "IMG_1.JPG", "mimeType": "image/jpeg", "buffer": a_photo()}
    member.get_by_label("Add photos").first.set_input_files([photo])
    member.locator(".shot img").wait_for()


def close_and_get_the_deck(organizer, address) -> list[str]:
    organizer.goto(address)
    organizer.get_by_role("button", name="Close the session").click()
    organizer.get_by_text("The session is closed.").wait_for()
    organizer.get_by_role("link", name="Report").click()
    with organizer.expect_download() as arrived:
        organizer.get_by_role("link", name="Get the slides").click()
    return [slide.slide_layout.name for slide in Deck(arrived.value.path()).slides]


def test_a_session_that_begins_in_two_minutes_is_held_to_the_last_slide(tmp_path, smtp_sink, open_page):
    begun = monotonic()

    def say(words):
        print(f"{monotonic() - begun:6.1f} s  {words}", flush=True)

    answers = Counter()
    with laptop(tmp_path, smtp_sink) as house:
        say("up answers")
        pages = {}
        for email in PEOPLE:
            pages[email] = open_page(width=390, height=800, locale="en-US")
            pages[email].set_default_timeout(30_000)
            pages[email].on("response", lambda response: answers.update([response.status]))
        olivia, alice, bob = pages.values()
        sign_in(olivia, house, PEOPLE[0])
        invite(olivia, PEOPLE[1:])
        join(alice, smtp_sink, PEOPLE[1], "Alice")
        join(bob, smtp_sink, PEOPLE[2], "Bob")
        abstract = "We study how a group reads papers together, and find that one week is what it takes. " * 8
        bring_a_paper(olivia, write_pdf(DemoPaper("Reading Together", ("Ada Lovelace",), abstract, "")))
        only_the_papers_to_read(olivia, house)
        say("three people and a paper")

        plan_for_soon(olivia, house)
        starts, path, presenter = ask(house, FIRST_SESSION)
        address = house.url + path
        say(f"published; the session begins in {starts - datetime.now(UTC).timestamp():.0f} s, {presenter} presents")
        share_for_my_turn(pages[presenter])
        first = worker_of(tmp_path)
        os.kill(first, signal.SIGKILL)
        say("paper shared; worker killed")
        second = wait_until(lambda: (now := worker_of(tmp_path)) != first and now)
        for email in PEOPLE:
            wait_until(lambda who=email: subjects(smtp_sink, who, "paper to read"))
        say(f"everybody was sent the paper, {starts - datetime.now(UTC).timestamp():.0f} s before the session")

        sleep(max(0, starts + 1 - datetime.now(UTC).timestamp()))
        for page in pages.values():
            page.goto(address)
            page.get_by_role("heading", name="Who is here").wait_for()
        olivia.goto(f"{house.url}/g/study/notifications/")
        say("the session has begun; its page answers everybody")
        check_in_by_code(olivia, bob, address)
        olivia.goto(address)
        olivia.get_by_role("group", name="Alice").get_by_role("button", name="late").click()
        olivia.get_by_text("2 of 3 marked").wait_for()
        say("Bob is here by the code, Alice by a tap")
        write_minutes_and_send_a_photo(bob, address)
        say("minutes and a photo")
        deck = close_and_get_the_deck(olivia, address)
        say(f"closed; deck of {deck}")
        for email in PEOPLE:
            wait_until(lambda who=email: subjects(smtp_sink, who, "inutes"))
        say("everybody was sent the minutes")
        record = ask(house, RECORD)
        wide = [page.evaluate("document.documentElement.scrollWidth") for page in pages.values()]
        health = ask_health(olivia, house)
        assert worker_of(tmp_path) == second

    log = (tmp_path / "up.log").read_text()
    assert record == ["held", [[PEOPLE[2], "present", True], [PEOPLE[1], "late", False]], NOTES, 1]
    assert deck[:2] == ["title", "proof"]
    assert max(wide) <= 390
    assert {status for status in answers if status >= 400} == set()
    assert log.count("ended by itself (SIGKILL). It starts again in 1 s.") == log.count("ended by itself") == 1
    assert "Traceback" not in log
    assert health["waiting_notifications"] == 0
    per_notification = Counter((message.envelope_to[0], str(message["Subject"])) for message in smtp_sink.messages)
    assert {notification for notification, times in per_notification.items() if times > 1} == set()
    say(f"answers {dict(answers)}; {len(smtp_sink.messages)} notifications, none twice")


def ask_health(page, house) -> dict:
    return page.request.get(f"{house.url}/health/").json()
