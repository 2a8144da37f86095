"""One session is changed: moved, cancelled, brought back, elsewhere, with other presenters."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from members.models import Membership
from schedule import dates
from schedule.models import Change, Presentation, Session
from schedule.notifications import news
from schedule.planning.changes import changing
from schedule.planning.on_record import ON_RECORD, can_come_back, cancelled, delete_turns, recorded
from schedule.planning.proposal import in_words
from schedule.refusal import ChangedMeanwhile, NotPossible

# ── one session ──────────────────────────────────────────────────────────────────────────────────
# `seen` is the session's sequence on the page the person acted on; who acts on an old page is told so.


def move_session(
    session: Session, day: date, at: time, *, by: Membership, now: datetime, seen: int | None = None
) -> bool:
    """Meet on another day or at another time, on the clock of the term's zone. Its turns go along.

    A session with somebody marked or a photo has met: it stays, so that its record does not go along to a day to come.
    """
    _open(session, now)
    try:
        starts_at = dates.at(day, at, session.zone.key)
    except dates.DatesError as error:
        raise NotPossible(in_words(error)) from error
    if starts_at <= now:
        raise NotPossible(_("That moment has passed. Choose a later one."))
    if recorded([session.pk]):
        raise NotPossible(_(ON_RECORD))
    before = session.starts_at
    with transaction.atomic():
        ends_at = starts_at + (session.ends_at - session.starts_at)
        changed = change_session(session, seen, now, starts_at=starts_at, ends_at=ends_at)
        if changed:
            session.moved_at = now
            Session.objects.filter(pk=session.pk).update(
                code_key="", moved_at=now
            )  # a code belongs to the hour it was opened in
            news.session_moved(session, before=before, by=by, now=now)
    return changed


def cancel_session(session: Session, *, by: Membership, now: datetime, seen: int | None = None) -> bool:
    """Not to be held; the turns stay on it, so that bringing it back brings everything back. Its check-in code ends."""
    _still_ahead(session, now)
    with transaction.atomic():
        changed = change_session(session, seen, now, state=Session.CANCELLED)
        if changed:
            Session.objects.filter(pk=session.pk).update(code_key="")
            news.session_cancelled(session, by=by, now=now)
    return changed


def restore_session(session: Session, *, by: Membership, now: datetime, seen: int | None = None) -> bool:
    """A cancelled session is held after all; once its time has passed, only where it has a record of what happened."""
    if session.state != Session.CANCELLED:
        _still_ahead(session, now)
    elif not can_come_back(session, now):
        raise NotPossible(cancelled(session, now))
    with transaction.atomic():
        changed = change_session(session, seen, now, state=Session.PLANNED)
        if changed:
            news.session_restored(session, by=by, now=now)
    return changed


def change_place(session: Session, place: str, *, by: Membership, now: datetime, seen: int | None = None) -> bool:
    """Meet somewhere else."""
    _open(session, now)
    before = session.place
    with transaction.atomic():
        changed = change_session(session, seen, now, place=place)
        if changed:
            news.place_changed(session, before=before, by=by, now=now)
    return changed


def set_presenters(
    session: Session, presenters: list[Membership], *, by: Membership, now: datetime, seen: int | None = None
) -> Change | None:
    """Exactly these people present, in this order. A turn that stays keeps its paper; all are pinned, being set by hand."""
    _open(session, now)
    if len({p.pk for p in presenters}) < len(presenters):
        raise NotPossible(_("Nobody presents twice in one session."))
    with changing(session.term, by=by, kind=Change.PRESENTERS, now=now) as change:
        turns = {turn.presenter_id: turn for turn in session.presentations.select_related("presenter")}
        if list(turns) == [p.pk for p in presenters]:
            return None
        change_session(session, seen, now)
        added, removed = _seat(session, presenters, turns, by, now)
        news.presenters_changed(session, added=added, removed=removed, by=by, now=now)
    return change


def _seat(session: Session, presenters, turns: Mapping[int, Presentation], by: Membership, now: datetime):
    """Make the turns be these people's, in order; returns who came and who went."""
    wanted = {p.pk for p in presenters}
    removed = [turn.presenter for pk, turn in turns.items() if pk not in wanted]
    delete_turns(session.presentations.exclude(presenter__in=wanted))
    added = []
    for position, presenter in enumerate(presenters, 1):
        seat = {"position": position, "pinned": True}
        _turn, made = Presentation.objects.update_or_create(
            session=session,
            presenter=presenter,
            defaults=seat,
            create_defaults=seat | {"taken_at": now},
        )
        if made:
            added.append(presenter)
    return added, removed


def _still_ahead(session: Session, now: datetime) -> None:
    if session.is_over(now):
        raise NotPossible(_("This session is over: what happened stays as it was."))


def _open(session: Session, now: datetime) -> None:
    _still_ahead(session, now)
    if session.state == Session.CANCELLED:
        raise NotPossible(_("This session is cancelled. Bring it back first."))


def change_session(session: Session, seen, now: datetime, **fields) -> bool:
    """Write `fields` if the session is still as the person saw it, and count the change. False: it was so already."""
    seen = session.sequence if seen is None else seen
    session.refresh_from_db(fields=["sequence", "starts_at", "ends_at", "place", "state"])
    if fields and all(getattr(session, name) == value for name, value in fields.items()):
        return False
    changed = Session.objects.filter(pk=session.pk, sequence=seen).update(
        sequence=F("sequence") + 1, changed_at=now, **fields
    )
    session.refresh_from_db(fields=["sequence", "changed_at", "starts_at", "ends_at", "place", "state"])
    if not changed:
        raise ChangedMeanwhile(session)
    return True
