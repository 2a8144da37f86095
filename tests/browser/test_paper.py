"""Sheets and tables on paper, as a real browser prints them from the zip and from the site."""

import zipfile
from dataclasses import replace
from io import BytesIO

import pytest
from django.utils.timezone import now
from django.utils.translation import override
from PIL import Image
from pypdf import PdfReader

from schedule.meetings.attendance import AttendanceRow
from schedule.models import AttendanceRecord, Bundle, Photo
from schedule.reports.activity_sheet import Read, Shot, sheet
from schedule.reports.one_page import on_one_page
from schedule.reports.register import Register, RegisterRow
from schedule.transfer import bundles, term_bundle
from tests import make, on_record
from tests.browser.looks import SIDEWAYS, broken, see
from tests.browser.test_plan import signed_in

pytestmark = pytest.mark.browser
A4 = (595, 842)
KOREAN, ENGLISH = "시각적 설명을 위한 경사 기반 지역화 ", "Visual explanations by Gradient-based localisation "


@pytest.fixture
def told(study):
    club = study["group"]
    club.club, club.category, club.purpose = "컴퓨터 비전 학회", "C" * 60, "To read and to understand. " * 7
    return replace(sheet(make.session(make.term(club, "W" * 80), place="서울 동작구 상도로 " * 18)), recorded=True)


def seats(count, name):
    return tuple(
        AttendanceRow(
            make.Membership(member=make.Member(name=f"{name} {n}")), (AttendanceRecord(state=AttendanceRecord.LATE),)
        )
        for n in range(count)
    )


def shots(*sizes):
    """Photos of these sizes, as they stand in the zip."""
    for size in sizes:
        out = BytesIO()
        Image.new("RGB", size, "teal").save(out, "JPEG")
        photo = Photo(width=size[0], height=size[1])
        yield Shot(photo, "Picture no4711", term_bundle.as_data(out.getvalue()))


def printed(page, title, template, **shown) -> PdfReader:
    page.set_content(term_bundle.page(title, f"schedule/reports/{template}.html", **shown).decode())
    return PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))


WORDS = {"Korean": KOREAN, "English": ENGLISH, "wide": "WIDE LETTERS "}
HELD = [  # people, papers, photos
    (4, 1, [(1600, 1200)]),
    (8, 6, [(1600, 1200), (1200, 1600)]),
    (40, 12, [(900, 1600), (900, 1600)]),
    (300, 60, [(4000, 900), (900, 1600)]),
    (60, 2, []),
]


def sheets():
    """The fullest with all words, the others with one each; with --full all with all."""
    for number, held in enumerate(HELD):
        for turn, (name, words) in enumerate(WORDS.items()):
            marks = () if held[0] == 300 or (number + turn) % 3 == 0 else pytest.mark.slow
            yield pytest.param(words, *held, id=f"{name}-{held[0]}", marks=marks)


@pytest.mark.parametrize(("words", "people", "papers", "photos"), list(sheets()))
def test_a_sheet_is_one_page_whatever_was_said(told, open_page, words, people, papers, photos):
    points = ((words * 8).strip(),) * 3
    read = tuple(Read(f"김민규 {n}", (words * 6).strip(), points) for n in range(papers))
    whole = replace(told, came=seats(people, words[:12]), read=read, notes=points * 2, shots=tuple(shots(*photos)))
    with override("ko" if words == KOREAN else "en"):
        made = printed(open_page(), "Sheet", "_activity_sheet", sheet=on_one_page(whole))
    assert [tuple(map(round, one.mediabox[2:])) for one in made.pages] == [A4]
    said = made.pages[0].extract_text()
    assert ("증빙" if words == KOREAN else "Proof") in said
    assert said.count("no4711") == len(photos)


def test_the_table_of_a_long_term_lies_on_its_side_with_every_session_on_the_page(study, open_page):
    term = make.term(study["group"])
    sessions = tuple(make.session(term) for _ in range(16))
    people = (
        RegisterRow(make.Membership(member=make.Member(name=f"김민규 {n}")), ("excused",) * 16) for n in range(60)
    )
    page = open_page()
    made = printed(page, "Attendance", "_register", table=Register(term, sessions, tuple(people)))
    width, height = map(round, made.pages[0].mediabox[2:])
    assert (width, height) == A4[::-1]
    words = [one.extract_text() for one in made.pages]
    assert len(words) == 2
    assert sum(text.count("excused") for text in words) == 16 * 60
    assert all("came" in text for text in words)  # each page has the head of the table
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 1031, "height": 800})  # A4 on its side, less its margins
    assert page.evaluate("document.documentElement.scrollWidth") <= 1031


@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.django_db(transaction=True)
def test_the_site_prints_the_sheet_as_the_zip_does(open_page, live_server, study):
    """On white in the evening, too: without the site's head and foot, and on one page when it is full."""
    term = on_record.held(study["group"], sessions=1, papers=11, photos=2)
    term.sessions.update(place=KOREAN * 9)
    page = open_page(color_scheme="dark", locale="en-GB")
    signed_in(page, live_server, study["alice"])
    page.goto(f"{live_server.url}{term.sessions.get().get_absolute_url()}sheet/")
    made = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True)))
    assert [tuple(map(round, one.mediabox[2:])) for one in made.pages] == [A4]
    said = made.pages[0].extract_text()
    assert said.startswith("Activity sheet") and "11 members" in said and "Papers" not in said.split()
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 688, "height": 1017})  # what the margins leave of the sheet
    drawn = page.evaluate("document.querySelector('.club-sheet').getBoundingClientRect().toJSON()")
    assert (drawn["width"], drawn["bottom"] <= 1017) == (688, True)
    ink, ground = page.evaluate(
        "[getComputedStyle(document.querySelector('.club-sheet')).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert (ink, ground) == ("rgb(29, 28, 26)", "rgb(255, 255, 255)")
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 390, "height": 800})
    assert page.locator(".club-sheet").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.django_db(transaction=True)
def test_sheets_tables_and_zips_are_for_every_reader(open_page, live_server, study):
    term = on_record.held(study["group"], sessions=12, papers=6, photos=1)
    page = open_page(locale="en-GB")
    signed_in(page, live_server, study["olivia"])
    asked = bundles.ask(Bundle.TERM, group=term.group, by=study["olivia"], language="en", term=term)
    session = term.sessions.first().get_absolute_url()
    addresses = [f"{session}sheet/", f"{term.get_absolute_url()}attendance/", f"/g/study/bundles/{asked.pk}/"]
    for state in (Bundle.NEW, Bundle.READY, Bundle.FAILED):
        Bundle.objects.update(state=state, done=3, total=13, settled_at=now(), size=10**7)
        for address in addresses:
            page.goto(live_server.url + address)
            for width, theme in ((390, "dark"), (1280, "light")):
                see(page, width=width, theme=theme)
                assert (broken(page), page.evaluate(SIDEWAYS)) == ([], 0), (address, state, width)
        addresses = addresses[-1:]


@pytest.mark.filterwarnings("ignore:No directory at")
@pytest.mark.django_db(transaction=True)
def test_without_a_script_one_looks_again_until_the_zip_is_there(open_page, live_server, study):
    term = on_record.held(study["group"], sessions=1, papers=1, photos=1)
    page = open_page(java_script_enabled=False, locale="en-GB")
    signed_in(page, live_server, study["olivia"])
    page.goto(live_server.url + term.get_absolute_url())
    page.get_by_role("button", name="Everything in one zip").click()
    page.get_by_text("It is being made").wait_for()
    page.get_by_role("link", name="Look again").click()
    page.get_by_text("It is being made").wait_for()
    assert bundles.make(bundles.waiting()[0])
    page.get_by_role("link", name="Look again").click()
    with page.expect_download() as arrived:
        page.get_by_role("link", name="Get the zip").click()
    assert arrived.value.suggested_filename == "CV Reading Study 1 Spring.zip"
    assert zipfile.ZipFile(arrived.value.path()).testzip() is None
