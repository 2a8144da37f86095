"""A small group in which a session is, one after the other, a draft, ahead, running, over, closed; and one is cancelled."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.lived import acts, meeting, names
from tests.lived.life import Life
from tests.lived.walk import walk

BEGIN = datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Seoul"))
ORGANIZER, PRESENTER, MEMBER, PAUSED, FORMER = "Olga", "Piet", "Mona", "Paul", "Fred"


def lived(life: Life):
    come_together(life)
    assert sorted(life.roles(life.facts, life.session(1))) == sorted(
        ["organizer", "presenter", "member", "paused", "former", "outsider", "anonymous"]
    )
    walk(life, "draft", life.session(1))
    life.let(ORGANIZER, acts.publish_draft)
    leave_traces(life)
    walk(life, "ahead", life.session(1))
    life.let(ORGANIZER, meeting.cancel, 2)
    walk(life, "cancelled", life.session(2))
    meet(life)
    life.until(life.session(1).ends_at + timedelta(minutes=5))
    walk(life, "over", life.session(1))
    life.let(ORGANIZER, meeting.close, 1)
    walk(life, "closed", life.session(1))


def come_together(life: Life):
    olga = life.arrives(ORGANIZER, has_an_account=True)
    acts.found(life, olga, "Readers", language="en", timezone="Asia/Seoul", country="KR")
    link = acts.invite_by_link(life, olga)
    for name in (PRESENTER, MEMBER, PAUSED, FORMER):
        acts.come(life, life.arrives(name), link)
    acts.invite_by_mail(life, olga, "somebody@example.org")
    acts.bring_papers(life, olga, "Lenses", "Mirrors")
    acts.become(life, olga, PAUSED, "pause")
    acts.become(life, olga, FORMER, "remove")
    with life.by(ORGANIZER):
        acts.plan(
            life, olga, "save", name="Summer", first_day="2026-06-09", time="10:00", every_weeks="1", count="3",
            presenters="1", share_days="1", place="Room 1",
        )  # fmt: skip
        for number in (1, 2, 3):
            for name in life.presenters(number):
                meeting.take_off(life, olga, number, name)
            meeting.put_in(life, olga, number, PRESENTER)


def leave_traces(life: Life):
    """A paper with its file, a question, days away, a calendar, a zip: so that every address is about something."""
    life.after(minutes=1)
    life.let(PRESENTER, acts.share, 1, pdf=names.pdf("Lenses and What They Do to Light"))
    life.let(PRESENTER, acts.offer, 3, to=MEMBER)
    life.let(PRESENTER, acts.go_away, life.session(3).day, life.session(3).day)
    life.let(PRESENTER, acts.take_the_calendar)
    life.let(ORGANIZER, acts.ask_for_the_zip)
    life.after(minutes=1)


def meet(life: Life):
    life.until(life.session(1).starts_at + timedelta(minutes=10))
    digits = life.let(ORGANIZER, meeting.open_code, 1)
    life.let(MEMBER, meeting.check_in, 1, digits)
    life.let(PRESENTER, meeting.add_photo, 1)
    walk(life, "running", life.session(1))
