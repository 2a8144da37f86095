"""The three trips of the house, end to end, with nothing made up but the clock."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from papers import processing
from papers.demo_pdf import DemoPaper, write_pdf
from papers.models import Paper
from schedule.models import Notification, Presentation, Session, Term
from tests import make

pytestmark = pytest.mark.django_db
ABSTRACT = "We study how a group reads papers together, and find that one week of reading is what it takes. " * 6
PDF = write_pdf(DemoPaper("Reading Together", ("Ada Lovelace", "Alan Turing"), ABSTRACT, "arXiv:2601.00001v1 [cs.DL]"))
MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)  # 10:00 in Seoul


def test_a_pdf_becomes_a_library_card(study, sign_in):
    alice = sign_in(study["alice"])
    alice.post("/g/study/papers/upload/", {"files": SimpleUploadedFile("reading.pdf", PDF, "application/pdf")})
    paper = Paper.objects.get()
    assert (paper.state, paper.title) == ("new", "")
    processing.read_waiting()
    paper.refresh_from_db()
    assert (paper.state, paper.title, paper.authors) == ("ready", "Reading Together", ["Ada Lovelace", "Alan Turing"])
    assert (paper.abstract, paper.arxiv_id, paper.pages) == (ABSTRACT.strip(), "2601.00001", 1)
    page = alice.get(f"/g/study/papers/{paper.pk}/").content.decode()
    assert "Ada Lovelace" in page
    cover = alice.get(f"/g/study/papers/{paper.pk}/cover.webp")
    assert (cover.headers["Content-Type"], b"".join(cover)[8:12]) == ("image/webp", b"WEBP")
    assert "Reading Together" in alice.get("/g/study/papers/?q=ogeth").content.decode().replace("<mark>", "").replace(
        "</mark>", ""
    )


def test_without_celery_a_tick_reads_papers_and_sends_invitations(study, sign_in, smtp_sink):
    olivia = sign_in(study["olivia"])
    olivia.post("/g/study/papers/upload/", {"files": SimpleUploadedFile("reading.pdf", PDF, "application/pdf")})
    olivia.post("/g/study/invitations/mail/", {"addresses": "carol@example.org", "language": "ko", "role": "member"})
    call_command("tick")
    assert Paper.objects.get().title == "Reading Together"
    assert [message["To"] for message in smtp_sink.messages] == ["carol@example.org"]


@time_machine.travel(MONDAY, tick=False)
def test_a_term_gets_sessions_and_presenters(study, sign_in):
    plan(sign_in(study["olivia"]), do="publish")
    term = Term.objects.get()
    days = [session.local_start for session in Session.objects.order_by("number")]
    assert [(d.date(), d.hour, d.weekday()) for d in days] == [
        (date(2026, 3, 17) + timedelta(weeks=2 * n), 10, 1) for n in range(8)
    ]
    turns = {str(m): Presentation.objects.filter(presenter=m).count() for m in term.group.memberships.in_order()}
    assert turns == {"Olivia": 6, "Alice": 5, "Bob": 5}


def test_a_tick_becomes_a_notification(study, sign_in, smtp_sink):
    with time_machine.travel(MONDAY, tick=False):
        plan(sign_in(study["olivia"]), do="publish", presenters="")
    Notification.objects.all().delete()  # the news of the term itself
    first = Session.objects.order_by("number").first()
    meets = first.starts_at

    def after(**before_the_session):
        """Who got how many notifications when the clock is so long before the session."""
        at, seen = meets - timedelta(**before_the_session), len(smtp_sink.messages)
        with time_machine.travel(at, tick=False):
            call_command("tick")
            call_command("tick")
        got = [message.envelope_to[0].split("@")[0].rstrip("0123456789") for message in smtp_sink.messages[seen:]]
        return {name: got.count(name) for name in sorted(set(got))}

    assert after(days=8, hours=2) == {}
    assert after(days=8) == {"alice": 1, "bob": 1, "olivia": 1}
    turn = first.presentations.get(presenter=study["alice"])
    with time_machine.travel(meets - timedelta(days=8), tick=False):
        paper = make.paper(study["group"], "Reading Together", abstract=ABSTRACT, authors=["Ada Lovelace"])
        sign_in(study["alice"]).post(f"/g/study/schedule/turns/{turn.pk}/share/", {"paper": paper.pk})
    assert after(days=7) == {"bob": 1, "olivia": 1}
    assert after(days=6, hours=12) == {"alice": 1, "bob": 1, "olivia": 1}
    to_read = smtp_sink.messages[-1]
    assert "Reading Together" in to_read.get_body(("plain",)).get_content()
    assert after(hours=23) == {
        "alice": 1,
        "bob": 2,
        "olivia": 3,
    }  # tomorrow; still no paper from two; Bob may need help
    assert len({message["Message-ID"] for message in smtp_sink.messages}) == len(smtp_sink.messages)


def plan(client, **more):
    form = {
        "name": "Spring", "first_day": "2026-03-17", "time": "10:00",
        "timezone": "Asia/Seoul", "minutes": "120", "every_weeks": "2", "count": "8", "presenters": "2", "place": "A café",
        "share_days": "7", "policy": "skip", "days_off": "",
    }  # fmt: skip
    answer = client.post("/g/study/schedule/plan/", form | more)
    assert answer.status_code == 302, answer.content.decode()
