"""What each notification says, in both languages; what its mail is made of; and that nobody's text can break it."""

import re
from datetime import datetime, timedelta
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile

from members import preferences
from schedule.models import Notification
from schedule.notifications import rendering, swap_wording
from schedule.notifications.snapshot import with_related
from tests import make

pytestmark = pytest.mark.django_db
SEOUL = ZoneInfo("Asia/Seoul")
MEETS = datetime(2027, 3, 16, 10, tzinfo=SEOUL)  # a Tuesday
GIRAFFE = "GIRAFFE: Representing Scenes as Compositional Generative Neural Feature Fields"
ABOUT = {
    "choose",
    "late_paper",
    "share_soon",
    "share_today",
    "overdue",
    "overdue_organizer",
    "open_turn",
    "assigned",
    "relieved",
}
DAYS_BEFORE = {"share_soon": 8, "share_today": 7, "overdue": 5, "overdue_organizer": 3, "session_tomorrow": 1}
WAS = {"moved": (MEETS - timedelta(days=7)).isoformat(), "place": "Room 1"}


@pytest.fixture
def session(study):
    """Alice has shared GIRAFFE, Bob nothing yet."""
    session = make.session(make.term(study["group"], place="Café"), starts_at=MEETS)
    fields = {"authors": ["Michael Niemeyer", "Andreas Geiger"], "year": 2020, "abstract": "Deep generative models."}
    paper = make.paper(study["group"], GIRAFFE, **fields)
    make.presentation(session, study["alice"], paper=paper, shared_at=MEETS - timedelta(days=9))
    make.presentation(session, study["bob"])
    return session


def write(session, to, kind, *, now=None, language="en", **fields):
    """The mail of a notification to this person about Bob's turn or about the session."""
    to.member.language = language
    to.member.save()
    about = {p.presenter.member.name: p.presenter for p in session.presentations.all()}.get("Bob")
    fields = {"about": about if kind in ABOUT else None, "was": WAS.get(kind, "")} | fields
    row = make.notification(session, to, kind, created_at=MEETS - timedelta(days=9), **fields)
    now = now or MEETS - timedelta(days=DAYS_BEFORE.get(kind, 6), minutes=60)
    return rendering.compose(with_related(Notification.objects.all()).get(pk=row.pk), now)


def html(message):
    return message.alternatives[0].content


class Links(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name in {"href", "src", "action", "background"}]


# ── the words ────────────────────────────────────────────────────────────────────────────────────
SUBJECTS = {
    "choose": ("Tue 16 March, Bob: which paper will you present?", "3월 16일 화요일 Bob 발표: 어떤 논문을 발표할까요?"),
    "late_paper": (
        "One more paper to read for Tue 16 March, by Bob: A paper follows",
        "3월 16일 화요일에 읽을 논문이 하나 더 있어요(Bob 발표): 논문은 곧 올라와요",
    ),
    "share_soon": ("Tue 16 March, Bob: please share your paper tomorrow", "3월 16일 화요일 Bob 발표: 내일 논문을 공유해 주세요"),
    "share_today": ("Tue 16 March, Bob: please share your paper today", "3월 16일 화요일 Bob 발표: 오늘 논문을 공유해 주세요"),
    "overdue": ("Tue 16 March, Bob: your paper is still missing", "3월 16일 화요일 Bob 발표: 논문을 기다리고 있어요"),
    "open_turn": ("Tue 16 March: a turn needs somebody, Bob is no longer in the group", "3월 16일 화요일: 발표할 사람이 필요해요, Bob 님이 나갔어요"),
    "overdue_organizer": ("Tue 16 March, Bob: a presenter may need help", "3월 16일 화요일 Bob 발표: 도움이 필요할지도 몰라요"),
    "papers_shared": (
        "1 paper to read for Tue 16 March: GIRAFFE",
        "3월 16일 화요일에 읽을 논문 1편: GIRAFFE",
    ),
    "session_tomorrow": (
        "Tomorrow 10:00, Tue 16 March: GIRAFFE · the paper of Bob",
        "내일 오전 10:00, 3월 16일 화요일: GIRAFFE · Bob 님의 논문",
    ),
    "moved": ("The session of Tue 9 March is now on Tue 16 March, 10:00", "3월 9일 화요일 모임이 바뀌었어요: 3월 16일 화요일 오전 10:00"),
    "cancelled": ("The session of Tue 16 March is cancelled", "3월 16일 화요일 모임이 취소되었어요"),
    "restored": ("The session of Tue 16 March takes place after all", "3월 16일 화요일 모임을 다시 열기로 했어요"),
    "place": ("Tue 16 March, new place: Café", "3월 16일 화요일 모임 장소가 바뀌었어요: Café"),
    "assigned": ("Tue 16 March, Bob: you present", "3월 16일 화요일 Bob 발표: 발표 차례가 생겼어요"),
    "relieved": ("Tue 16 March, Bob: you no longer present", "3월 16일 화요일 Bob: 발표 차례가 없어졌어요"),
    "minutes": ("Tue 16 March: the minutes", "3월 16일 화요일 모임 회의록"),
    "published": ("Spring: dates and turns", "Spring: 모임 날짜와 발표 순서"),
    "calendar_cancelled": ("Tue 16 March: taken out of your calendar", "3월 16일 화요일 모임을 캘린더에서 뺐어요"),
}  # fmt: skip


def test_every_kind_has_its_words():
    assert (
        set(SUBJECTS) | set(swap_wording.WORDS) == {kind for kind, _label in Notification.KINDS} == set(rendering.WORDS)
    )


@pytest.mark.parametrize("kind", SUBJECTS)
def test_a_notification_says_date_presenter_and_title_in_its_readers_language(study, session, kind):
    bob = study["bob"]
    english, korean = write(session, bob, kind), write(session, bob, kind, language="ko", dedupe_key=1)
    prefix = "[CV Reading Study 1] "
    assert (english.subject, korean.subject) == tuple(prefix + subject for subject in SUBJECTS[kind])
    assert ('<html lang="en">' in html(english), '<html lang="ko">' in html(korean)) == (True, True)
    said = {line for line in english.body.splitlines() if re.search(r"[a-z]{3}", line) and "http" not in line}
    shared = said & set(korean.body.splitlines())
    assert shared <= {
        f"* {GIRAFFE}",
        "  Michael Niemeyer, Andreas Geiger · 2020",
        "Deep generative models.",
        prefix[1:-2],
    }


def test_the_plain_text_reads_well_alone(study, session):
    bob = study["bob"]
    mine = session.presentations.get(presenter=bob).pk
    assert write(session, bob, "share_today").body.strip() == (
        "Bob, today is the day to share your paper\n\n"
        "You present on Tue 16 March, 10:00 (KST) · Café.\n"
        "Please share it today, Tue 9 March. A PDF file is enough, or a paper from the library.\n\n"
        f"Share a paper:\nhttp://localhost:8000/g/study/schedule/turns/{mine}/share/\n\n"
        f"You cannot this time? Offer a swap:\nhttp://localhost:8000/g/study/schedule/turns/{mine}/swap/\n\n"
        "Presented on the same day\n\n"
        f"* {GIRAFFE}\n  Michael Niemeyer, Andreas Geiger · 2020\n  Presented by Alice\n\n"
        "-- \nCV Reading Study 1\n"
        "You get this because you present on Tue 16 March. Had you shared a paper already, it would not have come.\n"
        f"Stop notifications of this kind: {preferences.stop_address(bob.member, preferences.TURN)}"
    )  # fmt: skip


@pytest.mark.parametrize(
    "days, said",
    [
        (12, "please share your paper by Tue 9 March"),
        (8, "please share your paper tomorrow"),
        (7, "please share your paper today"),
        (4, "your paper is still missing"),
    ],
)
def test_whenever_it_goes_out_a_reminder_speaks_of_that_day(study, session, days, said):
    message = write(session, study["bob"], "share_soon", now=MEETS - timedelta(days=days))
    assert message.subject == f"[CV Reading Study 1] Tue 16 March, Bob: {said}"


@pytest.mark.parametrize("hours, said", [(26, "Tomorrow 10:00, Tue 16 March"), (3, "Today 10:00, Tue 16 March"), (60, "Tue 16 March, 10:00")])  # fmt: skip
def test_the_notification_of_the_day_before_says_when_it_is_even_if_it_is_late(study, session, hours, said):
    message = write(session, study["bob"], "session_tomorrow", now=MEETS - timedelta(hours=hours))
    assert message.subject.startswith(f"[CV Reading Study 1] {said}: GIRAFFE")


def test_who_lives_by_another_clock_reads_both(study, session):
    study["bob"].member.timezone = "America/New_York"
    assert "Tue 16 March, 10:00 (KST), on your clock Mon 15 March, 21:00 (EDT) · Café" in write(session, study["bob"], "session_tomorrow").body  # fmt: skip


def test_a_clock_that_shows_the_same_day_is_said_without_it(study, session):
    study["bob"].member.timezone = "Europe/Berlin"
    message = write(session, study["bob"], "session_tomorrow")
    assert "Tue 16 March, 10:00 (KST), on your clock 02:00 (CET) · Café" in message.body
    assert message.body.startswith("We meet tomorrow, 10:00 (KST)\n")


@pytest.mark.parametrize(
    "hours, said",
    [
        (25, "Tomorrow 10:00 (KST), Tue 16 March"),  # the 15th for both
        (31, "Tue 16 March, 10:00 (KST)"),  # in Berlin it is the 14th
        (9, "Tue 16 March, 10:00 (KST)"),  # in Berlin it is still the 15th
        (1, "Today 10:00 (KST), Tue 16 March"),
    ],
)
def test_tomorrow_is_said_only_where_the_readers_calendar_agrees(study, session, hours, said):
    study["bob"].member.timezone = "Europe/Berlin"
    message = write(session, study["bob"], "session_tomorrow", now=MEETS - timedelta(hours=hours))
    assert message.subject == f"[CV Reading Study 1] {said}: GIRAFFE · the paper of Bob"


@pytest.mark.parametrize("kind", ["moved", "restored", "assigned"])
@pytest.mark.parametrize(
    "days, said",
    [
        (8, "by Tue 9 March"),
        (7, "by Tue 9 March"),
        (6, "The day to share a paper for it was Tue 9 March: please share yours as soon as you can."),
    ],
)
def test_news_of_a_turn_asks_for_a_paper_by_a_day_that_is_still_to_come(study, session, kind, days, said):
    body = write(session, study["bob"], kind, now=MEETS - timedelta(days=days)).body
    assert (said in body, "by Tue 9 March" in body) == (True, days > 6)


@pytest.mark.parametrize("late", [0, 5])
def test_who_is_given_a_turn_whose_paper_is_shared_is_told_which_and_asked_for_none(study, session, late):
    alice = study["alice"]
    at = MEETS - timedelta(days=8 - late)
    mail = write(session, alice, "assigned", about=alice, now=at)
    assert f"You present “{GIRAFFE}” there." in mail.body.replace("\n", " ")
    assert "hare it by" not in mail.body and "Share a paper" not in mail.body
    assert f"/schedule/{session.pk}/" in mail.body and "/share/" not in mail.body


def test_another_year_is_said(study, session):
    assert "Tue 16 March 2027, 10:00" in write(session, study["bob"], "assigned", now=MEETS - timedelta(days=90)).body


def test_a_late_paper_notification_says_how_many_days_are_left(study, session):
    assert (
        "still have four days to read it" in write(session, study["bob"], "overdue", now=MEETS - timedelta(days=4)).body
    )
    assert (
        "still have" not in write(session, study["bob"], "overdue", now=MEETS - timedelta(hours=3), dedupe_key=3).body
    )


# ── the mail ─────────────────────────────────────────────────────────────────────────────────────
def test_a_second_copy_is_the_same_mail(study, session):
    message = write(session, study["bob"], "moved")
    again = rendering.compose(with_related(Notification.objects.all()).get(), MEETS)
    for header in ("Message-ID", "Date", "Subject", "To", "From"):
        assert message.message()[header] == again.message()[header] is not None
    assert message.message()["Date"] == "Sun, 07 Mar 2027 01:00:00 +0000"
    assert message.message()["From"] == '"CV Reading Study 1" <studygroup@localhost>'


def test_covers_are_inside_the_mail_as_pictures_that_mail_programs_know(study, session):
    file = make.paper_file(session.presentations.first().paper)
    file.cover.save("cover.webp", ContentFile(make.webp()))
    message = write(session, study["bob"], "papers_shared").message()
    assert message.get_content_type() == "multipart/related"
    notification, picture = message.get_payload()
    assert [part.get_content_type() for part in notification.get_payload()] == ["text/plain", "text/html"]
    assert (picture.get_content_type(), picture["Content-Disposition"]) == ("image/jpeg", "inline")
    assert picture.get_payload(decode=True)[:3] == b"\xff\xd8\xff"
    page = notification.get_payload()[1].get_payload(decode=True).decode()
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in page


def test_a_cover_that_cannot_be_read_is_left_out(study, session):
    for data in (b"not a picture", make.webp()[:100]):
        file = make.paper_file(session.presentations.first().paper)
        file.cover.save("cover.webp", ContentFile(data))
        message = write(session, study["bob"], "papers_shared", dedupe_key=file.pk)
        assert (message.attachments, "cid:" in html(message), GIRAFFE in html(message)) == ([], False, True)


def test_styles_are_written_on_the_elements_and_dark_mode_is_kept(study, session):
    page = html(write(session, study["bob"], "share_today"))
    assert re.search(r'<a class="m-btn"[^>]* style="[^"]*background: #2f4b8f', page)
    assert "@media (prefers-color-scheme: dark)" in page
    assert "var(--" not in page


@pytest.mark.parametrize("kind", SUBJECTS)
def test_every_link_is_our_own_and_answers_with_a_page(study, session, sign_in, settings, kind):
    reader = study["olivia"] if kind == "open_turn" else study["bob"]  # that one leads to an organizer's page
    message = write(session, reader, kind)
    links = [link for link in Links(html(message)).found if not link.startswith("cid:")]
    ours = "/" if kind == "calendar_cancelled" else "/g/study/"  # who left opens no page of the group
    assert any(link.startswith(settings.SITE_URL + ours) for link in links)
    for link in links:
        assert link.startswith((settings.SITE_URL + ours, settings.SITE_URL + "/notifications/stop/"))
        assert sign_in(reader).get(link.removeprefix(settings.SITE_URL), follow=True).status_code == 200
    assert set(re.findall(r"https?://\S+", message.body)) == set(links)


NASTY = '<a href="https://evil.example">x</a><img src=https://evil.example/a.png>{{ 7|add:7 }}%(name)s\r\nBcc: all@example.org\x00'


@pytest.mark.parametrize("kind", SUBJECTS)
def test_nobodys_text_becomes_a_link_a_tag_or_a_header(study, session, settings, kind):
    group, paper = study["group"], session.presentations.first().paper
    group.name, session.term.name, session.place = NASTY[:80], NASTY[:80], NASTY[:200]
    paper.title, paper.abstract, paper.authors = NASTY.replace("\x00", ""), NASTY.replace("\x00", ""), ["<b>Eve</b>"]
    for name in ("alice", "bob"):
        study[name].member.name = NASTY.replace("\x00", "")[:80]
        study[name].member.save()
    for thing in (group, session.term, paper):
        thing.save()
    session.place = session.place.replace("\x00", "")
    session.save()
    message = write(session, study["bob"], kind, about=study["bob"] if kind in ABOUT else None)
    assert [link for link in Links(html(message)).found if "evil" in link] == []
    assert "<b>" not in html(message)
    sent = message.message()
    assert (sent["Bcc"], "\n" in sent["Subject"].replace("\n ", ""), "14" in message.subject) == (None, False, False)


def test_a_subject_stays_short_enough_for_every_server(study, session):
    for number in range(12):
        member = make.member(study["group"], f"A very long name number {number}")
        make.presentation(session, member, paper=make.paper(study["group"], "Long title " * 40), shared_at=MEETS)
    assert len(write(session, study["bob"], "papers_shared").subject) == 200


def test_one_more_paper_comes_with_its_own_cover_and_no_other(study, session):
    for number, name in enumerate(("alice", "bob")):
        file = make.paper_file(make.paper(study["group"], f"Paper {number}"))
        file.cover.save("cover.webp", ContentFile(make.webp()))
        session.presentations.filter(presenter=study[name]).update(
            paper=file.paper, shared_at=MEETS - timedelta(days=3)
        )
    message = write(session, study["alice"], "late_paper", now=MEETS - timedelta(days=3))
    assert (len(message.attachments), html(message).count("cid:")) == (1, 1)
    assert ("Paper 1" in message.body, "Paper 0" in message.body) == (True, False)


@pytest.mark.parametrize("kind", ["assigned", "moved", "restored", "overdue"])
def test_a_turn_given_when_the_day_to_share_was_over_is_asked_for_without_blame(study, session, kind):
    at = MEETS - timedelta(days=3)
    session.presentations.filter(presenter=study["bob"]).update(taken_at=at)
    body = write(session, study["bob"], kind, about=study["bob"], now=at + timedelta(hours=1)).body.replace("\n", " ")
    assert "as soon as you can" in body
    assert "The day to share" not in body
