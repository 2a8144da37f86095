"""Two real terms, planned by clicking in less than a minute each."""

import time
from datetime import date

import pytest

from schedule.models import Absence, Presentation, Term
from tests import make
from tests.browser.test_plan import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]
MINUTE = 60


@pytest.fixture
def study(db):
    """The first group: three people in Seoul."""
    group = make.group(name="CV Reading Study 1", slug="cv", language="ko")
    cast = [make.organizer(group, "김민규", language="ko"), make.member(group, "김지욱"), make.member(group, "이하윤")]
    return group, cast


def met(term):
    return [session.local_start.strftime("%Y-%m-%d %H:%M") for session in term.sessions.order_by("starts_at")]


@pytest.mark.parametrize("width", [1280, 390])
def test_the_spring_of_2022_everybody_presents_every_second_tuesday(open_page, live_server, study, width):
    group, (organizer, *_others) = study
    page = open_page(width=width, locale="ko-KR")
    signed_in(page, live_server, organizer)
    page.goto(f"{live_server.url}/g/cv/schedule/plan/")
    began = time.monotonic()
    page.fill("input[name=name]", "2022 봄 학기")
    page.fill("input[name=first_day]", "2022-03-01")
    page.fill("input[name=count]", "")
    page.fill("input[name=last_day]", "2022-06-07")
    page.fill("input[name=place]", "상도역 근처 카페")
    page.fill("textarea[name=days_off]", "2022-04-19 – 2022-04-29 중간고사")
    preview = page.locator("#preview")
    preview.get_by_text("삼일절").first.wait_for()
    preview.get_by_text("중간고사").first.wait_for()
    page.locator("button[name=do][value=publish]").click()
    page.get_by_role("heading", name="2022 봄 학기", exact=True).wait_for()
    assert time.monotonic() - began < MINUTE
    term = Term.objects.get()
    assert met(term) == [f"2022-{day} 10:00" for day in ("03-15", "03-29", "04-12", "05-10", "05-24", "06-07")]
    assert [(skip["date"], skip["reason"]) for skip in term.skipped] == [
        ("2022-03-01", "삼일절"),
        ("2022-04-26", "중간고사"),
    ]
    assert Presentation.objects.filter(session__number=1).count() == 3
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_autumn_in_korea_with_holidays_and_exams(open_page, live_server, study):
    """Seven people, two a session, weekly on Thursdays; 추석 is moved by a press, midterms and finals are skipped."""
    group, (organizer, *_others) = study
    names = ["박서연", "최도현", "Ana Ribeiro", "Jonas Weber"]
    people = [make.member(group, name) for name in names]
    Absence.objects.create(membership=people[0], first_day=date(2026, 9, 1), last_day=date(2026, 10, 3))
    page = open_page(locale="en-GB")
    signed_in(page, live_server, organizer)
    page.goto(f"{live_server.url}/g/cv/schedule/plan/")
    began = time.monotonic()
    page.fill("input[name=name]", "2026 가을 학기")
    page.fill("input[name=first_day]", "2026-09-03")
    page.locator("input[name=every_weeks][value='1']").check(force=True)
    page.locator("input[name=presenters][value='2']").check(force=True)
    page.fill("input[name=count]", "")
    page.fill("input[name=last_day]", "2026-12-17")
    page.fill("textarea[name=days_off]", "2026-10-19 – 2026-10-24 중간고사\n2026-12-14 – 2026-12-19 기말고사")
    preview = page.locator("#preview")
    preview.get_by_text("기말고사").first.wait_for()
    page.locator("button[name=choose][value='2026-09-24=2026-09-23']").click()
    page.locator("button[name=choose][value='2026-09-24=']").wait_for()
    page.locator("button[name=do][value=publish]").click()
    page.get_by_role("heading", name="2026 가을 학기", exact=True).wait_for()
    assert time.monotonic() - began < MINUTE
    term = Term.objects.get()
    days = "09-03 09-10 09-17 09-23 10-01 10-08 10-15 10-29 11-05 11-12 11-19 11-26 12-03 12-10"
    assert met(term) == [f"2026-{day} 10:00" for day in days.split()]
    counts = [member.presentations.count() for member in group.memberships.all()]
    assert counts == [4] * 7
    early = Presentation.objects.filter(presenter=people[0], session__starts_at__lt=make.utc(2026, 10, 3))
    assert early.count() == 0
    page.locator(".whyme summary").first.focus()
    page.keyboard.press("Enter")
    said = page.locator(".whyme[open] p").inner_text()
    assert said == "그날 올 수 있는 6명 가운데 덜 발표한 사람이 없었어요. 첫 차례예요."
