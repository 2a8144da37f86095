"""The notifications page: who sees which notification, why one was not sent, and what two buttons do."""

import re
from datetime import time, timedelta

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.utils.timezone import now

from members.models import Membership
from schedule.home import gather
from schedule.models import Notification, Timetable
from schedule.notifications import outbox, outbox_page, reminders
from schedule.notifications.reasons import REASONS
from schedule.planning.swaps import offers
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(study):
    """Meets in ten days; Alice presents and has not shared."""
    session = make.session(make.term(study["group"]), starts_at=now() + timedelta(days=10))
    make.presentation(session, study["alice"])
    return session


def text(answer):
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def links(answer, part):
    return re.findall(rf'(?:href|action|src)="([^"]*{part}[^"]*)"', answer.content.decode())


def test_an_organizer_sees_every_notification_to_come_a_member_their_own(study, session, sign_in):
    olivia, alice, bob = (sign_in(study[name]) for name in ("olivia", "alice", "bob"))
    for client, planned in ((olivia, 4), (alice, 2), (bob, 1)):
        assert f"Planned {planned} " in text(client.get("/g/study/notifications/"))
    assert "please share your paper tomorrow" in text(olivia.get("/g/study/notifications/"))
    assert "please share" not in text(bob.get("/g/study/notifications/"))
    assert (
        links(olivia.get("/g/study/notifications/"), "/send/") != [],
        links(alice.get("/g/study/notifications/"), "/send/"),
    ) == (True, [])


@pytest.mark.parametrize("days", [10, 20, 5])
@pytest.mark.parametrize("who", ["olivia", "alice", "bob"])
def test_home_lists_the_first_of_what_the_page_lists(study, session, who, days):
    at = session.starts_at - timedelta(days=days)
    listed = outbox_page.outbox(study["group"], study[who], at).coming
    page = [(row.when, row.label, [one for one, _address in row.readers]) for _day, rows in listed for row in rows]
    there = [(mail.when, mail.label, list(mail.recipients)) for mail in gather(study["group"], study[who], at).mails]
    assert there == sorted(page, key=lambda row: row[0])[:3] != []


@pytest.mark.parametrize("language, label", [("en", "we meet soon"), ("ko", "곧 모여요")])
def test_what_goes_out_on_the_day_itself_is_not_called_tomorrow(study, session, sign_in, language, label):
    study["olivia"].member.language = language
    study["olivia"].member.save()
    make.notification(session, study["bob"], state="sent", subject="Today 10:00", settled_at=session.starts_at)
    client = sign_in(study["olivia"])
    for address in ("/g/study/notifications/", session.get_absolute_url()):
        page = text(client.get(address))
        assert label in page
        assert "we meet tomorrow" not in page and "내일 모여요" not in page


@pytest.mark.parametrize(
    "fields, said, words",
    [
        ({"state": "sent", "subject": "[CV Reading Study 1] Read this"}, "sent at", "Read this"),
        ({"state": "failed", "reason": "552 5.2.2 Mailbox full", "tries": 5}, "not sent", "The mailbox is full. Tried 5 times. It is set aside. Ask Alice for another address, or try again. 552 5.2.2 Mailbox full"),
        ({"state": "failed", "reason": "550 No such user", "tries": 1, "next_try_at": now()}, "not sent", "does not know this address. Tried 1 time. The next try is on"),
        ({"state": "failed", "reason": "address", "tries": 1}, "not sent", "does not know the address of Alice, so no notification is tried."),
        ({"state": "failed", "reason": "ValueError: no", "tries": 1}, "not sent", "The mail server did not take it."),
        ({"state": "uncertain", "reason": "timed out", "tries": 1, "next_try_at": now()}, "perhaps sent", "perhaps it arrived. Tried 1 time."),
        ({"state": "uncertain", "reason": "stopped", "tries": 5}, "perhaps sent", "stopped half way, again and again."),
        ({"state": "skipped", "reason": "cancelled"}, "not needed", "The session is cancelled."),
        ({"state": "expired", "reason": "expired"}, "too late", "of no use any more"),
        ({"state": "queued", "reason": "421 Busy"}, "waiting since", "It waits for the mail server, which said: 421 Busy"),
        ({"state": "queued", "reason": "451 Later", "next_try_at": now()}, "waiting since", "said: 451 Later The next try is on"),
        ({"state": "uncertain", "reason": "timed out", "next_try_at": now()}, "perhaps sent", "perhaps it arrived. The next try is on"),
        ({"state": "sending"}, "being sent", "we meet soon"),
    ],
)  # fmt: skip
def test_each_fate_is_told_in_words(study, session, sign_in, fields, said, words):
    make.notification(session, study["alice"], due_at=now() - timedelta(minutes=5), **fields)
    page = text(sign_in(study["olivia"]).get("/g/study/notifications/"))
    assert said in page
    assert words in page


@pytest.mark.parametrize(
    "language, said", [("en", "It waits until 08:00: these are"), ("ko", "오전 8:00까지 기다려요.")]
)
def test_a_notification_that_waits_for_the_end_of_quiet_hours_says_until_when(
    study, session, sign_in, smtp_sink, language, said
):
    Timetable.objects.create(group=study["group"], quiet_from=time(22), quiet_until=time(8))
    late = session.local_start.replace(hour=23, minute=5) - timedelta(days=3)
    soon = make.session(session.term, late + timedelta(hours=10))  # nobody could read of it after the quiet hours
    waiting, going = (
        make.notification(one, study["alice"], Notification.RESTORED, due_at=late) for one in (session, soon)
    )
    outbox.deliver_due(late)
    assert [Notification.objects.get(pk=one.pk).state for one in (waiting, going)] == ["queued", "sent"]
    study["olivia"].member.language = language
    study["olivia"].member.save()
    with time_machine.travel(late, tick=False):
        olivia = sign_in(study["olivia"])
        for address in ("/g/study/notifications/?state=planned", f"/g/study/notifications/{waiting.pk}/"):
            assert text(olivia.get(address)).count(said) == 1
    with time_machine.travel(late + timedelta(hours=9), tick=False):
        assert said not in text(sign_in(study["olivia"]).get("/g/study/notifications/"))


def test_a_refused_address_is_told_with_the_servers_words_and_two_ways_on(study, session, sign_in):
    type(study["alice"].member).objects.filter(pk=study["alice"].member_id).update(refused_words="550 5.1.1 Nobody")
    notification = make.notification(session, study["alice"], state="failed", reason="address", tries=1, due_at=now())
    olivia = sign_in(study["olivia"])
    for address in ("/g/study/notifications/", f"/g/study/notifications/{notification.pk}/"):
        page = olivia.get(address)
        assert ("550 5.1.1 Nobody" in text(page), len(links(page, "/again/"))) == (True, 1)
    assert "Correct the address" in text(olivia.get("/g/study/notifications/"))


def test_every_reason_of_a_skipped_notification_has_words(study, session, sign_in):
    for nth, reason in enumerate(REASONS):
        make.notification(session, study["alice"], dedupe_key=nth, state="skipped", reason=reason, due_at=now())
    page = text(sign_in(study["olivia"]).get("/g/study/notifications/?state=skipped"))
    assert [words for words in REASONS.values() if words not in page] == []


def test_the_page_narrows_to_what_one_looks_for(study, session, sign_in):
    for nth, state in enumerate(["sent", "sent", "failed", "skipped", "expired", "uncertain"], 1):
        make.notification(session, study["bob"], dedupe_key=nth, state=state, subject=f"This was {state}", due_at=now())
    olivia = sign_in(study["olivia"])
    for address in ("/g/study/notifications/", "/g/study/notifications/?state=sent", "/g/study/notifications/?page=2"):
        assert "All 10 Planned 4 Sent 2 Not sent 2 Not needed 2" in text(olivia.get(address))
    shown = {
        shelf: set(re.findall(r"This was (\w+)", text(olivia.get(f"/g/study/notifications/?state={shelf}"))))
        for shelf in ("planned", "sent", "failed", "skipped", "nonsense")
    }
    everything = {"sent", "failed", "skipped", "expired", "uncertain"}
    assert shown == {
        "planned": set(), "sent": {"sent"}, "failed": {"failed", "uncertain"},
        "skipped": {"skipped", "expired"}, "nonsense": everything,
    }  # fmt: skip
    assert "please share" not in text(olivia.get("/g/study/notifications/?state=sent"))


def test_older_notifications_have_pages_of_their_own(study, session, sign_in):
    for nth in range(150):
        make.notification(
            session,
            study["bob"],
            dedupe_key=nth,
            state="failed",
            subject=f"Notification {nth}.",
            due_at=now() - timedelta(hours=nth),
        )
    olivia = sign_in(study["olivia"])
    first, second = olivia.get("/g/study/notifications/"), olivia.get("/g/study/notifications/?page=2")
    shown = [len(set(re.findall(r"Notification \d+\.", text(page)))) for page in (first, second)]
    assert (shown, len(links(first, "page=2")), links(second, "page=")) == ([100, 50], 1, [])
    for odd in ("0", "x", "-1", "99999999999999999999"):
        assert olivia.get(f"/g/study/notifications/?page={odd}").status_code == 200


def test_the_number_of_queries_is_the_same_for_one_notification_and_for_many(
    study, session, sign_in, django_assert_num_queries
):
    olivia = sign_in(study["olivia"])
    make.notification(session, study["alice"], due_at=now(), state="sent")
    olivia.get("/g/study/notifications/")
    with django_assert_num_queries(13):
        olivia.get("/g/study/notifications/")
    for nth in range(1, 31):
        more = make.session(session.term, session.starts_at + timedelta(days=nth))
        make.presentation(more, study["bob"], paper=make.paper(study["group"]), shared_at=now())
        make.notification(
            more,
            study["alice"],
            state=["sent", "failed", "skipped"][nth % 3],
            due_at=now(),
            dedupe_key=nth,
        )
    with django_assert_num_queries(13):
        olivia.get("/g/study/notifications/")


# ── one notification ───────────────────────────────────────────────────────────────────────────────────
def test_a_notification_is_shown_as_its_reader_sees_it(study, session, sign_in):
    study["alice"].member.language = "ko"
    study["alice"].member.save()
    notification = make.notification(session, study["alice"], "overdue", about=study["alice"])
    olivia = sign_in(study["olivia"])
    page = olivia.get(f"/g/study/notifications/{notification.pk}/")
    assert links(page, f"{notification.pk}/html/") == [f"/g/study/notifications/{notification.pk}/html/"]
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    shown = olivia.get(f"/g/study/notifications/{notification.pk}/html/")
    assert '<html lang="ko">' in shown.content.decode()
    assert f"/g/study/schedule/turns/{session.presentations.get().pk}/share/" in shown.content.decode()


@pytest.mark.parametrize("kind", [kind for kind, _label in Notification.KINDS])
def test_a_notification_of_any_kind_is_shown_as_each_member_would_get_it(study, session, sign_in, kind):
    """To the presenter, to a reader, to the organizer herself: in the language and on the clock of each."""
    make.presentation(session, study["olivia"], paper=make.paper(study["group"]), shared_at=now())
    other = make.session(session.term, session.starts_at + timedelta(days=14))
    make.presentation(other, study["bob"])
    turn, swap = session.presentations.get(presenter=study["alice"]), None
    if kind.startswith("swap"):
        swap = offers.ask(turn, by=study["alice"], now=now(), taker=study["bob"], wanted=other)
    olivia, was = sign_in(study["olivia"]), session.starts_at.isoformat() if kind == Notification.MOVED else ""
    for name, language, zone in (("alice", "ko", "Asia/Seoul"), ("bob", "en", "Europe/Berlin"), ("olivia", "en", "")):
        person = study[name].member
        person.language, person.timezone = language, zone
        person.save()
        about = study["olivia"] if kind == Notification.LATE else study["alice"]
        row = make.notification(session, study[name], kind, about=about, swap=swap, dedupe_key=99, was=was)
        page, notification = (olivia.get(f"/g/study/notifications/{row.pk}/{part}") for part in ("", "html/"))
        assert (page.status_code, f'<html lang="{language}">' in notification.content.decode()) == (200, True)
        assert "[CV Reading Study 1]" in text(page)


def test_the_frame_of_a_notification_has_no_rights(study, session, sign_in):
    notification = make.notification(session, study["alice"])
    shown = sign_in(study["alice"]).get(f"/g/study/notifications/{notification.pk}/html/")
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    policy = shown.headers["Content-Security-Policy"]
    assert re.sub(r"( 'sha256-[\w+/]{43}=')+", " …", policy) == (
        "default-src 'none'; style-src 'unsafe-hashes' …; img-src data:; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox"
    )
    assert len(policy) < 4000  # servers refuse longer headers


def test_the_cover_inside_a_notification_is_shown_in_the_frame(study, session, sign_in):
    file = make.paper_file(make.paper(study["group"]))
    file.cover.save("cover.webp", ContentFile(make.webp()))
    session.presentations.update(paper=file.paper, shared_at=now())
    notification = make.notification(session, study["bob"], "papers_shared")
    page = sign_in(study["bob"]).get(f"/g/study/notifications/{notification.pk}/html/").content.decode()
    assert (page.count('src="data:image/jpeg;base64,'), "cid:" in page) == (1, False)


def test_a_notification_whose_turn_is_gone_can_still_be_looked_at(study, session, sign_in):
    notification = make.notification(
        session, study["alice"], "overdue", about=study["alice"], state="skipped", reason="reassigned"
    )
    session.presentations.all().delete()
    answer = sign_in(study["olivia"]).get(f"/g/study/notifications/{notification.pk}/")
    assert "The turn is somebody else’s now." in text(answer)


def test_notifications_of_others_are_not_there(study, session, sign_in):
    """Bob may not read Alice's, Mallory none of this group."""
    notification = make.notification(session, study["alice"], "overdue", about=study["alice"], state="failed")
    planned = links(sign_in(study["olivia"]).get("/g/study/notifications/"), "share_soon")[0]
    for name in ("bob", "mallory"):
        client = sign_in(study[name])
        for address in (
            f"/g/study/notifications/{notification.pk}/",
            f"/g/study/notifications/{notification.pk}/html/",
            planned,
            planned + "html/",
        ):
            assert client.get(address).status_code == 404
    assert sign_in(study["mallory"]).get(f"/g/another/notifications/{notification.pk}/").status_code == 404
    for name in ("alice", "bob", "mallory"):
        client = sign_in(study[name])
        for address in (f"/g/study/notifications/{notification.pk}/again/", re.sub(r"to/\d+/", "send/", planned)):
            assert client.post(address).status_code == 404
    notification.refresh_from_db()
    assert (notification.state, Notification.objects.count()) == ("failed", 1)


def test_a_notification_to_come_can_be_read_before_and_reading_writes_nothing(study, session, sign_in):
    alice = sign_in(study["alice"])
    [address] = [
        link.replace("share_soon", "share_today")
        for link in links(alice.get("/g/study/notifications/"), "/share_soon/")
    ][:1]
    assert "today is the day to share your paper" in text(alice.get(address))
    assert "today is the day to share your paper" in text(alice.get(address + "html/"))
    assert Notification.objects.count() == 0


# ── two buttons ──────────────────────────────────────────────────────────────────────────────────
def test_send_now_sends_to_everybody_who_would_get_it_and_not_again_later(study, session, sign_in, smtp_sink):
    olivia = sign_in(study["olivia"])
    [address] = links(olivia.get("/g/study/notifications/"), 'session_tomorrow[^"]*/send/')
    for _press in range(2):
        assert olivia.post(address, follow=True).redirect_chain == [("/g/study/notifications/", 302)]
    outbox.deliver_due(now() + timedelta(seconds=1))
    assert len(smtp_sink.messages) == 3
    assert "We meet on" in smtp_sink.messages[0].get_body(("plain",)).get_content()  # not "tomorrow"
    assert reminders.queue_due(session.starts_at - timedelta(hours=2)) > 0  # the other letters
    assert Notification.objects.filter(kind="session_tomorrow").count() == 3
    assert links(olivia.get("/g/study/notifications/"), 'session_tomorrow[^"]*/send/') == []


def test_what_is_about_a_session_of_another_group_cannot_be_sent(study, session, sign_in):
    address = links(sign_in(study["olivia"]).get("/g/study/notifications/"), 'session_tomorrow[^"]*/send/')[0]
    answer = sign_in(study["mallory"]).post(address.replace("/g/study/", "/g/another/"))
    assert (answer.status_code, Notification.objects.count()) == (404, 0)


def test_a_reminder_sent_early_does_not_say_tomorrow(study, session, sign_in, smtp_sink):
    olivia = sign_in(study["olivia"])
    olivia.post(links(olivia.get("/g/study/notifications/"), 'share_soon[^"]*/send/')[0])
    outbox.deliver_due(now() + timedelta(seconds=1))
    [message] = smtp_sink.messages
    assert re.fullmatch(r"\[CV Reading Study 1\] .*, Alice: please share your paper by .*", message["Subject"])


def test_try_again_puts_a_failed_notification_back_on_the_list(study, session, sign_in, smtp_sink):
    notification = make.notification(session, study["alice"], state="failed", tries=5, reason="550 No", due_at=now())
    olivia = sign_in(study["olivia"])
    [address] = links(olivia.get("/g/study/notifications/"), "/again/")
    assert "On its way again to Alice" in text(olivia.post(address, follow=True))
    assert "already" in text(olivia.post(address, follow=True))
    outbox.deliver_due(now())
    notification.refresh_from_db()
    assert (notification.state, notification.tries, len(smtp_sink.messages)) == ("sent", 6, 1)


def test_buttons_are_posts(study, session, sign_in):
    notification = make.notification(session, study["alice"], state="failed")
    olivia = sign_in(study["olivia"])
    for address in (
        f"/g/study/notifications/{notification.pk}/again/",
        *links(olivia.get("/g/study/notifications/"), "/send/"),
    ):
        assert olivia.get(address).status_code == 302


def test_an_empty_outbox_says_what_comes_next(study, sign_in):
    assert "Publish a term" in text(sign_in(study["olivia"]).get("/g/study/notifications/"))
    assert "When a term is published" in text(sign_in(study["bob"]).get("/g/study/notifications/"))
    assert Membership.objects.filter(group=study["group"]).count() == 3
