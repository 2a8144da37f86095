"""A turn and its paper: share it, replace it, withdraw it, and say in words how that stands."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from members.models import Membership
from members.templatetags.formatting import short_day
from papers.models import Paper
from schedule.access import may_change_turn
from schedule.formatting import days_in_words
from schedule.models import Presentation, Session
from schedule.notifications import news
from schedule.planning import on_record
from schedule.refusal import NotPossible

SOON_DAYS = 14  # further away a date says more than a number of days


PAPER_IS_GONE = gettext_noop("This paper is no longer in the library. Choose another one.")
HELP_DAYS = 3  # this late, the organizer is asked to help


@dataclass(frozen=True)
class TurnState:
    """How a turn stands: the tone of its chip ("", ok, warn, late, info) and the words on it."""

    tone: str
    words: str


# `seen` is the key of the paper that the page showed for the turn, "" for none; None when nobody looked at a page.
def share(turn: Presentation, paper: Paper, *, by: Membership, now: datetime, seen: str | None = None) -> bool:
    """Put `paper` on the turn. True when that changed something; the same paper again changes nothing."""
    check_hands(turn, by, now)
    if paper.group_id != turn.presenter.group_id or paper.deleted_at:
        raise NotPossible(_(PAPER_IS_GONE))
    return _put(turn, paper, now, seen)


def withdraw(turn: Presentation, *, by: Membership, now: datetime, seen: str | None = None) -> bool:
    """Take the paper off the turn; it stays in the library. True when there was one."""
    check_hands(turn, by, now)
    return _put(turn, None, now, seen)


def _put(turn: Presentation, paper: Paper | None, now: datetime, seen: str | None) -> bool:
    """Write the paper on the row as long as it is still this person's turn; notifications follow in the same transaction."""
    here = Presentation.objects.filter(pk=turn.pk, presenter_id=turn.presenter_id)
    with transaction.atomic():
        # locked, so that a record that is closed in this moment keeps the papers it was closed with
        if reason := locked(Session.objects.select_for_update().get(pk=turn.session_id), now):
            raise NotPossible(reason)
        _check_seen(here, seen)
        changed = here.exclude(paper=paper).update(paper=paper, shared_at=paper and now)
        if not changed and not here.exists():
            raise NotPossible(_("This turn was changed meanwhile. Look at the session again."))
        if changed:
            turn.paper, turn.shared_at = paper, now if paper else None
            Session.objects.filter(pk=turn.session_id).update(changed_at=now)
            news.paper_shared(turn, now=now)
    return bool(changed)


def _check_seen(here: QuerySet[Presentation], seen: str | None) -> None:
    """Refuse what was asked for on a page that showed another paper for the turn than it has now."""
    there = here.select_related("paper").first()
    if seen is None or there is None or seen == str(there.paper_id or ""):
        return
    if there.paper is None:
        raise NotPossible(_("The paper of this turn was withdrawn meanwhile."))
    raise NotPossible(_("The paper of this turn was changed meanwhile: it is %(paper)s now.") % {"paper": there.paper})


def locked(session: Session, now: datetime) -> str:
    """Return why the papers of this session cannot be changed, in words; "" while they can."""
    if session.state == Session.CANCELLED:
        return on_record.cancelled(session, now)
    if session.closed_at:
        return _("The record of this session is closed. An organizer can open it again.")
    return ""


def check_hands(turn: Presentation, by: Membership, now: datetime) -> None:
    """Raise NotPossible if this person cannot change what the turn presents."""
    if not may_change_turn(by, turn):
        raise NotPossible(_("Only the presenter or an organizer can change this turn."))
    if reason := locked(turn.session, now):
        raise NotPossible(reason)


def state(turn: Presentation, now: datetime) -> TurnState:
    """'Shared two days early', 'Due tomorrow', 'Three days late': days are counted in the session's own zone."""
    session = turn.session
    if session.state == Session.CANCELLED:
        return TurnState("", _("Cancelled"))
    if turn.is_open(now):
        return TurnState("late", _("The presenter left"))
    over = session.is_over(now)
    if turn.shared_at and turn.is_shared:
        if over:
            return TurnState("ok", _("Presented"))
        shared = turn.shared_at.astimezone(session.zone).date()
        return _shared(max((session.share_day - shared).days, min(0, (turn.share_day - shared).days)))
    if over:
        return TurnState("", _("No paper was shared"))
    days_left = (turn.share_day - now.astimezone(session.zone).date()).days
    if turn.is_short_notice and days_left >= 0:
        return TurnState("warn", _("Due as soon as you can"))
    return _due(days_left, turn.share_day)


def _shared(days_early: int) -> TurnState:
    if days_early > 0:
        return TurnState("ok", _("Shared %(days)s early") % {"days": days_in_words(days_early)})
    if days_early == 0:
        return TurnState("ok", _("Shared on the day"))
    return TurnState("ok", _("Shared %(days)s late") % {"days": days_in_words(-days_early)})


def _due(days_left: int, share_day: date) -> TurnState:
    if days_left > SOON_DAYS:
        return TurnState("", _("Due %(day)s") % {"day": short_day(share_day)})
    if days_left > 1:
        return TurnState("", _("Due in %(days)s") % {"days": days_in_words(days_left)})
    if days_left == 1:
        return TurnState("warn", _("Due tomorrow"))
    if days_left == 0:
        return TurnState("warn", _("Due today"))
    tone = "late" if -days_left > HELP_DAYS else "warn"
    return TurnState(tone, capfirst(_("%(days)s late") % {"days": days_in_words(-days_left)}))
