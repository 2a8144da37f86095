"""A turn changes hands: two people exchange, one gives and another takes, or the group is asked and the first one has it.

Whoever has a turn asks, the other side answers; organizers can do it at once for others. In an exchange a paper goes
along with the person who prepared it; a turn that is given keeps its paper until its new presenter chooses another.
The ledger counts who presents, so a turn given away is still owed.

Every verb is one transaction; a refusal is raised as NotPossible and says why in words.
"""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from members import failures
from members.models import Membership
from members.templatetags.formatting import day as day_in_words
from papers.clean_text import clean_text
from schedule.access import may_answer_swap, may_change_turn, may_decline_swap, may_swap_at_once, may_withdraw_swap
from schedule.models import Absence, Change, Notification, Presentation, Session, Swap, SwapQuerySet
from schedule.notifications import news, swap_notifications
from schedule.notifications.troubles import QUESTIONS
from schedule.planning import session_changes
from schedule.planning.changes import changing, hold, take_back
from schedule.planning.on_record import in_use
from schedule.refusal import NotPossible

INVALID_REASONS = {
    "gone": gettext_noop("One of you is no longer in the group."),
    "begun": gettext_noop("The session has begun: what happened stays as it was."),
    "cancelled": gettext_noop("The session is cancelled, so there is no turn to swap."),
    "moved": gettext_noop("The session was moved since this was asked. Ask again if it still helps."),
    "changed": gettext_noop("The turns were changed since this was asked. Look at the session again."),
}
ANSWERED = {
    Swap.ACCEPTED: gettext_noop("Somebody else was faster: this turn is taken."),
    Swap.DECLINED: gettext_noop("This was declined already."),
    Swap.WITHDRAWN: gettext_noop("The question was taken back."),
    Swap.EXPIRED: gettext_noop("This question is too old: the turns or the session changed."),
    Swap.UNDONE: gettext_noop("This swap was undone."),
}


# ── asking ───────────────────────────────────────────────────────────────────────────────────────
def ask(
    turn: Presentation,
    *,
    by: Membership,
    now: datetime,
    taker: Membership | None = None,
    wanted: Session | None = None,
    message: str = "",
) -> Swap:
    """Offer a turn to one person, in return for theirs in `wanted` or for nothing; without a taker to the whole group.

    A question about the same turn that is still open is taken back.
    """
    check_hands(turn, by, now)
    with transaction.atomic():
        hold(turn.session.term)
        turn.session.swaps.open().filter(giver=turn.presenter_id).update(state=Swap.WITHDRAWN, settled_at=now)
        swap = _written(turn, taker, wanted, by, now, message)
        _check(swap, now)
        swap_notifications.tell(swap, Notification.SWAP_ASKED, _those_asked(swap), now=now)
        _recheck(swap, now)
    return swap


def check_hands(turn: Presentation, by: Membership, now: datetime) -> None:
    """Raise NotPossible if this person cannot offer the turn to others."""
    if not may_change_turn(by, turn):
        raise NotPossible(_("Only the presenter or an organizer can change this turn."))
    if turn.session.term.published_at is None:
        raise NotPossible(_("This term is still a draft. Its turns can be swapped once it is published."))
    if reason := settled(turn.session, now):
        raise NotPossible(reason)


def settled(session: Session, now: datetime) -> str:
    """Return why turns of this session can no longer be offered, in words; "" while they can."""
    if session.state == Session.CANCELLED:
        return _(INVALID_REASONS["cancelled"])
    return _(INVALID_REASONS["begun"]) if session.starts_at <= now else ""


def _written(
    turn: Presentation,
    taker: Membership | None,
    wanted: Session | None,
    by: Membership,
    now: datetime,
    message: str = "",
    **fields,
) -> Swap:
    """The row, read again with everything it speaks of."""
    swap = Swap.objects.create(
        session=turn.session,
        giver=turn.presenter,
        wanted=wanted,
        taker=taker,
        starts_at=turn.session.starts_at,
        wanted_at=wanted.starts_at if wanted else None,
        by=by,
        to_group=taker is None,
        message="\n".join(clean_text(line, 300) for line in message.splitlines()).strip()[:300],
        asked_at=now,
        **fields,
    )
    return _read(swap.pk)


def _read(pk: int) -> Swap:
    return Swap.objects.with_related().get(pk=pk)


def _check(swap: Swap, now: datetime) -> None:
    """Both sides can do what is asked of them."""
    if reason := swap.invalid_reason(now):
        raise NotPossible(_(INVALID_REASONS[reason]))
    if swap.wanted and swap.wanted.term_id != swap.session.term_id:
        raise NotPossible(_("Turns are exchanged within one term. Give this one to somebody instead."))
    for person, session in ((swap.taker, swap.session), (swap.giver, swap.wanted)):
        if person and session:
            _can_come(person, session)


def _can_come(person: Membership, session: Session) -> None:
    if person.state != Membership.ACTIVE:
        raise NotPossible(_("%(name)s takes no turns now.") % {"name": person})
    day = session.local_start.date()
    if Absence.objects.filter(membership=person, first_day__lte=day, last_day__gte=day).exists():
        values = {"name": person, "day": day_in_words(day)}
        raise NotPossible(_("%(name)s is marked as away on %(day)s.") % values)


def _those_asked(swap: Swap) -> list[Membership]:
    """One person; or everybody who takes turns and is free that day."""
    if swap.taker:
        return [swap.taker]
    day = swap.session.local_start.date()
    away = Absence.objects.filter(first_day__lte=day, last_day__gte=day).values("membership")
    there = swap.session.presentations.values("presenter")
    free = swap.giver.group.memberships.active().exclude(pk__in=away).exclude(pk__in=there)
    return list(free.in_order().prefetch_related("member__muted"))


# ── answering ────────────────────────────────────────────────────────────────────────────────────
def accept(swap: Swap, *, by: Membership, now: datetime) -> Change:
    """Yes: the turns change hands, and notifications and calendars follow. Of many who say yes to one question, one is first."""
    if not may_answer_swap(by, swap):
        raise NotPossible(_("Only those who were asked can answer."))
    with transaction.atomic():
        with changing(swap.session.term, by=by, kind=_kind(swap), now=now) as change:
            if not Swap.objects.open().filter(pk=swap.pk).update(state=Swap.ACCEPTED, taker=by, settled_at=now):
                return _mine_already(_read(swap.pk), by)
            swap = _read(swap.pk)
            _check(swap, now)
            _trade(swap, by, now)
        _note(swap, change, by, now)
    return change


def at_once(
    turn: Presentation, *, by: Membership, now: datetime, taker: Membership, wanted: Session | None = None
) -> Change:
    """An organizer exchanges two turns or gives one to somebody, without asking; both get a notification."""
    if not may_swap_at_once(by):
        raise NotPossible(_("Only organizers can do this without asking."))
    check_hands(turn, by, now)
    with transaction.atomic():
        kind = Change.SWAP if wanted else Change.GIVE
        with changing(turn.session.term, by=by, kind=kind, now=now) as change:
            turn.session.swaps.open().filter(giver=turn.presenter_id).update(state=Swap.WITHDRAWN, settled_at=now)
            swap = _written(turn, taker, wanted, by, now, state=Swap.ACCEPTED, settled_at=now)
            _check(swap, now)
            _trade(swap, by, now)
        _note(swap, change, by, now)
    return change


def _kind(swap: Swap):
    return Change.SWAP if swap.wanted_id else Change.GIVE


def _mine_already(swap: Swap, by: Membership) -> Change:
    """Pressed twice is the same as once; anybody else's answer is said."""
    if swap.state == Swap.ACCEPTED and swap.taker_id == by.pk and swap.change:
        return swap.change
    raise NotPossible(_answered(swap))


def _answered(swap: Swap) -> str:
    if swap.state == Swap.ACCEPTED:
        return _("%(name)s was faster: this turn is taken.") % {"name": swap.taker}
    return _(ANSWERED[swap.state])


def _trade(swap: Swap, by: Membership, now: datetime) -> None:
    """Rows move between sessions, or get another presenter; the seat keeps its place and the reason it was given for."""
    taken = {"pinned": True, "taken_at": now}
    sessions = [session for session in (swap.session, swap.wanted) if session]
    for session in sorted(sessions, key=lambda session: session.pk):
        session_changes.change_session(session, None, now)
    mine = Presentation.objects.get(session=swap.session, presenter=swap.giver)
    try:
        with transaction.atomic():
            if swap.wanted is None:
                Presentation.objects.filter(pk=mine.pk).update(presenter=swap.taker, **taken)
                return
            theirs = Presentation.objects.get(session=swap.wanted, presenter=swap.taker)
            if minuted := next((turn for turn in (mine, theirs) if turn.minutes), None):
                raise NotPossible(in_use(minuted))
            for turn, seat in ((mine, theirs), (theirs, mine)):
                place = {"session": seat.session_id, "position": seat.position, "why": seat.why}
                Presentation.objects.filter(pk=turn.pk).update(**place, **taken)
    except IntegrityError as error:  # one_seat_per_member_and_session
        raise NotPossible(_("Nobody presents twice in one session.")) from error


def _note(swap: Swap, change: Change, by: Membership, now: datetime) -> None:
    """Tie the change to the question it answers, and tell the others."""
    Swap.objects.filter(pk=swap.pk).update(change=change)
    swap_notifications.tell(_read(swap.pk), Notification.SWAP_ACCEPTED, swap_notifications.others(swap, by), now=now)
    _recheck(swap, now)


def _recheck(swap: Swap, now: datetime) -> None:
    """Notifications that are no longer true are set aside."""
    for session in filter(None, (swap.session, swap.wanted)):
        news.recheck(session, now=now)


def decline(swap: Swap, *, by: Membership, now: datetime) -> bool:
    """No; who asked hears of it. A question to the group is simply left to others."""
    if not may_decline_swap(by, swap):
        raise NotPossible(_("Only those who were asked can answer."))
    return _settle(swap, Swap.DECLINED, Notification.SWAP_DECLINED, by, now)


def withdraw(swap: Swap, *, by: Membership, now: datetime) -> bool:
    """Not needed any more: who asked, or an organizer, takes the question back."""
    if not may_withdraw_swap(by, swap):
        raise NotPossible(_("Only who asked or an organizer can take it back."))
    return _settle(swap, Swap.WITHDRAWN, None, by, now)


def _settle(swap: Swap, state: str, notification: str | None, by: Membership, now: datetime) -> bool:
    """False when it was so already; another answer that came before is said."""
    with transaction.atomic():
        changed = Swap.objects.open().filter(pk=swap.pk).update(state=state, settled_at=now)
        swap = _read(swap.pk)
        if not changed and swap.state != state:
            raise NotPossible(_answered(swap))
        if changed and notification:
            swap_notifications.tell(swap, notification, swap_notifications.others(swap, by), now=now)
        _recheck(swap, now)
    return bool(changed)


# ── and back ─────────────────────────────────────────────────────────────────────────────────────
def undo(change: Change, *, by: Membership, now: datetime) -> bool:
    """Both turns as they were, for a day; the other side gets a notification. False when it was undone already."""
    with transaction.atomic():
        if take_back(change, by=by, now=now) is None:
            return False
        Swap.objects.filter(change=change).update(state=Swap.UNDONE)
        swap = Swap.objects.with_related().get(change=change)
        swap_notifications.tell(swap, Notification.SWAP_UNDONE, swap_notifications.others(swap, by), now=now)
        _recheck(swap, now)
    return True


def expire(now: datetime) -> int:
    """Questions that nobody can say yes to any more; how many. One query when there is none."""
    asked = failures.rows(QUESTIONS, Swap.objects.open().with_related(), now, group="session__term__group")
    looked_at = failures.each(
        QUESTIONS, asked, lambda swap: swap.invalid_reason(now), now, group=lambda swap: swap.session.term.group_id
    )
    invalid_reason = [swap.pk for swap, reason in looked_at if reason]
    return (
        Swap.objects.open().filter(pk__in=invalid_reason).update(state=Swap.EXPIRED, settled_at=now)
        if invalid_reason
        else 0
    )


def standing(swaps: SwapQuerySet, now: datetime) -> list[Swap]:
    """Those open questions that can still be answered; two queries more when there are any."""
    return [swap for swap in swaps.open().with_related() if not swap.invalid_reason(now)]
