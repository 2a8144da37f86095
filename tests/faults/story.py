"""What happens while processes die: one group that nobody touches, and one whose schedule never holds still.

Imported after django.setup().
"""

import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from django.db import OperationalError, connection

from members import membership
from members.models import Membership
from schedule.models import Notification, Presentation, Session
from schedule.planning import moving, session_changes, turns
from schedule.planning.swaps import offers
from schedule.refusal import NotPossible
from tests import make

START = datetime(2027, 3, 1, tzinfo=UTC)
DAYS = 9
ACTS = ["move", "cancel", "restore", "share", "share", "withdraw", "seats", "swap", "remove"]


class Story:
    def __init__(self, dice):
        self.dice = dice
        # what became void, and when: a session's start, a person, a turn's want of a paper, a turn
        self.void = defaultdict(lambda: None)
        self.calm, _people = self._term("Calm", sessions=14)
        self.stirred, self.people = self._term("Stirred", sessions=12)

    def _term(self, name, sessions):
        """In each session one presenter shares and one never does."""
        group = make.group(name)
        people = [make.organizer(group), *[make.member(group, f"{name} {number}") for number in range(5)]]
        term = make.term(group, name, published_at=START - timedelta(days=1))
        for number in range(sessions):
            day = 2 + self.dice.randrange(DAYS - 3)
            session = make.session(term, START + timedelta(days=day, hours=number % 12, minutes=number))
            first, second = self.dice.sample(people, 2)
            make.presentation(session, first, paper=make.paper(group), shared_at=START)
            make.presentation(session, second)
        return term, people

    def stir(self, now) -> None:
        """One change; a moment without a database is a moment without a change."""
        act = self.dice.choice(ACTS)
        try:
            session = self.dice.choice(list(Session.objects.filter(term=self.stirred).select_related("term__group")))
            was = session.starts_at
            seats = set(session.presentations.values_list("presenter_id", flat=True))
            getattr(self, f"_{act}")(session, now)
        except (NotPossible, membership.LastOrganizer):
            return
        except OperationalError:
            connection.close()
            return
        self._note(session, was, seats)

    def _note(self, session, was, seats):
        """From this moment on, hand-over of what is no longer true must not begin."""
        at = time.time()
        session = Session.objects.get(pk=session.pk)
        after = set(session.presentations.values_list("presenter_id", flat=True))
        for start in {was, session.starts_at}:
            true = session.state == Session.PLANNED and start == session.starts_at
            self._mark(("session", session.pk, start), true, at)
        for person in seats | after:
            self._mark(("turn", session.pk, person), person in after, at)
        for turn in session.presentations.all():
            self._mark(("unshared", session.pk, turn.presenter_id), turn.shared_at is None, at)
        for person in Membership.objects.filter(group=self.stirred.group):
            self._mark(("person", person.pk), person.is_current, at)

    def _mark(self, what, true, at):
        if true:
            self.void.pop(what, None)
        elif self.void[what] is None:
            self.void[what] = at

    def _move(self, session, now):
        day = (now + timedelta(days=self.dice.randrange(1, 9))).date()
        moving.move(session, day, session.local_start.time(), by=self.people[0], now=now)

    def _cancel(self, session, now):
        moving.cancel(session, by=self.people[0], now=now)

    def _restore(self, session, now):
        moving.restore(session, by=self.people[0], now=now)

    def _share(self, session, now):
        if turn := session.presentations.filter(shared_at=None).first():
            paper = self.stirred.group.papers.order_by("pk").first()
            turns.share(turn, paper, by=self.people[0], now=now)

    def _withdraw(self, session, now):
        if turn := session.presentations.exclude(shared_at=None).first():
            turns.withdraw(turn, by=self.people[0], now=now)

    def _seats(self, session, now):
        here = [person for person in self.people if Membership.objects.current().filter(pk=person.pk).exists()]
        session_changes.set_presenters(session, self.dice.sample(here, min(2, len(here))), by=self.people[0], now=now)

    def _swap(self, session, now):
        turn = session.presentations.select_related("session__term__group", "presenter__member").first()
        other = Presentation.objects.filter(session__term=self.stirred).exclude(session=session).first()
        if turn and other and other.presenter_id != turn.presenter_id:
            offers.at_once(turn, by=self.people[0], now=now, taker=other.presenter, wanted=other.session)
            self._note(other.session, other.session.starts_at, {other.presenter_id})

    def _remove(self, session, now):
        person = Membership.objects.get(pk=self.dice.choice(self.people[1:]).pk)
        membership.change(person, "remove" if person.is_current else "restore")

    def void_since(self, row: Notification) -> float | None:
        """Since when this notification must not be handed over any more, if so."""
        asks = {
            Notification.CHOOSE,
            Notification.SHARE_SOON,
            Notification.SHARE_TODAY,
            Notification.OVERDUE,
            Notification.OVERDUE_ORGANIZER,
        }
        reasons = [self.void[("person", row.recipient_id)]]
        if row.kind != Notification.CANCELLED:
            reasons.append(self.void[("session", row.session_id, row.starts_at)])
        if row.kind in asks | {Notification.ASSIGNED}:
            reasons.append(self.void[("turn", row.session_id, row.about_id)])
        if row.kind in asks:
            reasons.append(self.void[("unshared", row.session_id, row.about_id)])
        return min((at for at in reasons if at is not None), default=None)
