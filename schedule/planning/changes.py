"""A change is remembered as the difference it made, and can be taken back for 24 hours: exactly, or not at all.

    with changing(term, by=me, kind=Change.MOVE, now=now) as change:
        ...                       # any verb on the term's sessions and turns
    if change.made: ...           # nothing is written down when nothing changed

Notifications about what is taken back follow in the same transaction, through schedule/notifications/reminders.py.
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, F, Prefetch, Value
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from members.models import Membership
from papers.models import Paper
from schedule.access import may_undo
from schedule.models import Change, ExactJSONEncoder, Notification, Presentation, Session, Term
from schedule.notifications import news
from schedule.notifications.reminders import wake
from schedule.planning.on_record import in_use
from schedule.planning.undo_rules import TOO_LATE, Seen, obstacle, session_pks
from schedule.refusal import ChangedMeanwhile, NotPossible

# the rows that belong to a term, in the order in which they can be made again
KEPT: dict[str, Any] = {"term": Term, "session": Session, "presentation": Presentation}
# these only grow: a change that is taken back is one more change
COUNTERS = {"sequence", "changed_at"}


# ── making a change ──────────────────────────────────────────────────────────────────────────────
@contextmanager
def changing(term: Term, *, by: Membership | None, kind: str, now: datetime) -> Iterator[Change]:
    """One transaction around a change to this term, which no other change can enter; the difference is kept.

    Its sessions are locked in one order, so that two changes wait for each other and never for ever.
    """
    change = Change(term=term, by=by, kind=kind, at=now)
    with transaction.atomic():
        hold(term)
        before = _rows(term)
        yield change
        change.rows = _difference(before, _rows(term))
        if change.rows:
            change.term_id = term.pk
            change.save()


def hold(term: Term) -> None:
    """Lock the term's row and its sessions until the transaction ends."""
    list(Term.objects.select_for_update(no_key=True).filter(pk=term.pk).values_list("pk"))
    list(Session.objects.select_for_update(no_key=True).filter(term=term.pk).order_by("pk").values_list("pk"))


def _rows(term) -> dict[str, dict[str, dict]]:
    """{"session": {"3": {"starts_at": …}}}, in plain values as JSON keeps them."""
    mine = {
        "term": Term.objects.filter(pk=term.pk),
        "session": Session.objects.filter(term=term.pk),
        "presentation": Presentation.objects.filter(session__term=term.pk),
    }
    return {name: _plain(rows) for name, rows in mine.items()}


def _plain(rows):
    found = {row.pop("id"): row for row in rows.order_by().values()}
    return json.loads(json.dumps(found, cls=ExactJSONEncoder))


def _difference(before, after) -> dict:
    found = {}
    for name in KEPT:
        old, new = before[name], after[name]
        touched = {pk: _fields(old.get(pk), new.get(pk)) for pk in sorted(old.keys() | new.keys(), key=int)}
        if touched := {pk: pair for pk, pair in touched.items() if pair}:
            found[name] = touched
    return found


def _fields(old, new):
    """The fields that differ, as they were and as they are; the whole row when it is new or gone; None when equal."""
    if old is None or new is None:
        return [old, new]
    names = [name for name in old if old[name] != new[name] and name not in COUNTERS]
    return [{name: row[name] for name in names} for row in (old, new)] if names else None


# ── taking it back ───────────────────────────────────────────────────────────────────────────────
def recent(term: Term, me: Membership, now: datetime, session: Session | None = None) -> list[Change]:
    """What this person can still undo, the newest first: of a term, or what touched one session."""
    made = term.changes.filter(undone_at=None, at__gt=now - Change.FOR).select_related("by__member", "term")
    mine = [one for one in made if one.rows and may_undo(me, one) and (session is None or _touches(one, session))]
    seen = Seen(term) if mine else None
    return [one for one in mine if not obstacle(one, now, seen)]


def _touches(change, session) -> bool:
    turns = change.rows.get("presentation", {})
    there = {str(turn.pk) for turn in session.presentations.all()}
    pairs = [row for pair in turns.values() for row in pair if row]
    moved = any(row.get("session_id") == session.pk for row in pairs)
    return moved or not there.isdisjoint(turns) or str(session.pk) in change.rows.get("session", {})


def undo(change: Change, *, by: Membership, now: datetime) -> bool:
    """Put everything back as it was, and write to those concerned. False when somebody has done so already.

    Raises ChangedMeanwhile when a row is no longer as the change left it: then nothing is put back.
    """
    with transaction.atomic():
        touched = take_back(change, by=by, now=now)
        for session, was in touched or ():
            _tell(session, was, change, by=by, now=now)
    return touched is not None


def take_back(change: Change, *, by: Membership, now: datetime) -> list[tuple[Session, "ChangeSummary | None"]] | None:
    """The rows only, without letters: [(a session as it is again, what it was a moment ago)]; None: done before."""
    if now >= change.until:
        raise NotPossible(_(TOO_LATE))
    with transaction.atomic():
        hold(change.term)
        if not Change.objects.filter(pk=change.pk, undone_at=None).update(undone_at=now, undone_by=by):
            return None
        _check_minutes_stay(change)
        _check(change)
        if reason := obstacle(change, now):
            raise NotPossible(reason)
        sessions = _sessions(change)
        was = {session.pk: summary(session) for session in sessions}
        _put_back(change)
        touched = Session.objects.filter(pk__in=session_pks(change))
        touched.update(sequence=F("sequence") + 1, changed_at=now)
        _wake_notifications(touched, change, now)
        change.undone_at, change.undone_by = now, by
        return [(session, was.get(session.pk)) for session in _sessions(change)]


def _check_minutes_stay(change):
    """No turn that has minutes by now would be deleted, or go to another session without them."""
    rows = change.rows.get("presentation", {}).items()
    leaving = [pk for pk, (old, new) in rows if new and (not old or old.get("session_id") != new.get("session_id"))]
    minuted = Presentation.objects.filter(pk__in=leaving).exclude(minutes="").select_related("presenter__member")
    if turn := minuted.first():
        raise NotPossible(in_use(turn))


def _check(change):
    """Every touched row is as the change left it."""
    for name, touched in change.rows.items():
        here = _plain(KEPT[name].objects.filter(pk__in=touched))
        for pk, (_old, new) in touched.items():
            if not _as_left(here.get(pk), new):
                raise ChangedMeanwhile(change)


def _as_left(row, left) -> bool:
    if row is None or left is None:
        return row is left
    return all(row[name] == value for name, value in left.items() if name not in COUNTERS)


def _put_back(change):
    """New rows go, changed ones change back, gone ones come again with their old numbers."""
    try:
        with transaction.atomic():
            for name in reversed(KEPT):
                new = [pk for pk, (old, _new) in change.rows.get(name, {}).items() if old is None]
                KEPT[name].objects.filter(pk__in=new).delete()
            for name, model in KEPT.items():
                rows = change.rows.get(name, {})
                values = _values(model, {pk: old for pk, (old, _new) in rows.items() if old}, change)
                model.objects.bulk_create(model(pk=int(pk), **values[pk]) for pk in values if rows[pk][1] is None)
                alike = defaultdict(list)
                for pk, row in values.items():
                    if rows[pk][1] is not None:
                        alike[tuple(row)].append(model(pk=int(pk), **row))
                for names, changed in alike.items():
                    model.objects.bulk_update(changed, names)
    except IntegrityError as error:  # the place is taken: somebody would sit on two seats of one session
        raise ChangedMeanwhile(change) from error


def _values(model, rows, change) -> dict[str, dict]:
    """{"7": {"session_id": 3}} as Python's values. What a row pointed to may be gone: a paper for good, a person left."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    found = {pk: {name: fields[name].to_python(value) for name, value in row.items()} for pk, row in rows.items()}
    targets: dict[str, Any] = {"paper_id": Paper.objects, "presenter_id": Membership.objects.current()}
    for name, target in targets.items():
        asked = {row[name] for row in found.values() if row.get(name)}
        there = set(target.filter(pk__in=asked).values_list("pk", flat=True)) if asked else set()
        for row in found.values():
            if row.get(name) and row[name] not in there:
                if not fields[name].null:
                    raise NotPossible(_("Somebody whose turn this was is no longer in the group."))
                row[name] = None
    return found


def give_turns_back(session: Session) -> list[Membership]:
    """Make the turns again that the last cancelling of this session gave up; who has one again.

    Nobody gets one who left the group, or was given a turn in the session since.
    """
    made = Change.objects.filter(term=session.term_id, kind=Change.CANCEL, undone_at=None)
    change = next((one for one in made if str(session.pk) in one.rows.get("session", {})), None)
    rows = change.rows.get("presentation", {}) if change else {}
    gone = {pk: old for pk, (old, new) in rows.items() if new is None and old["session_id"] == session.pk}
    seated = session.presentations.values("presenter")
    here = Membership.objects.current().exclude(pk__in=seated).in_bulk({old["presenter_id"] for old in gone.values()})
    values = _values(Presentation, {pk: old for pk, old in gone.items() if old["presenter_id"] in here}, change)
    turns = Presentation.objects.bulk_create(Presentation(pk=int(pk), **row) for pk, row in values.items())
    return [here[turn.presenter_id] for turn in turns]


# ── the sessions it touched, and who hears of it ─────────────────────────────────────────────────
@dataclass(frozen=True)
class ChangeSummary:
    """What people would be told of, if it changed."""

    starts_at: datetime
    place: str
    state: str
    presenters: dict[int, Membership]


def summary(session: Session) -> ChangeSummary:
    presenters = {turn.presenter_id: turn.presenter for turn in session.presentations.all()}
    return ChangeSummary(session.starts_at, session.place, session.state, presenters)


def _sessions(change) -> list[Session]:
    """In order of time, with all that notifications say about them."""
    turns = Prefetch("presentations", Presentation.objects.select_related("presenter__member"))
    sessions = Session.objects.filter(pk__in=session_pks(change)).select_related("term__group")
    return list(sessions.prefetch_related(turns).order_by("starts_at", "pk"))


def _wake_notifications(sessions, change, now):
    """What the change set aside may be true again; whether it is, is asked when it goes out.

    It is due when it was, or now. The sessions are as they were, so what it says is of use for as long as it was.
    """
    aside = Notification.objects.filter(session__in=sessions, state=Notification.SKIPPED, settled_at=change.at)
    due = Greatest("due_at", Value(now, output_field=DateTimeField()))
    wake(aside.exclude(reason="superseded"), due_at=due, expires_at=F("expires_at"), now=now)


def _tell(session, was, change, *, by, now):
    """Notifications about what differs from a moment ago, as for any other change."""
    if was is None:
        return
    if session.starts_at != was.starts_at:
        news.session_moved(session, before=was.starts_at, by=by, now=now)
    if session.place != was.place:
        news.place_changed(session, before=was.place, by=by, now=now)
    if session.state != was.state:
        tell = news.session_cancelled if session.state == Session.CANCELLED else news.session_restored
        tell(session, by=by, now=now)
    there = summary(session).presenters
    if there.keys() != was.presenters.keys():
        knew_nothing = news.unaware(session, change, now)
        added = [person for pk, person in there.items() if pk not in was.presenters and not knew_nothing(pk)]
        removed = [person for pk, person in was.presenters.items() if pk not in there and not knew_nothing(pk)]
        news.presenters_changed(session, added=added, removed=removed, by=by, now=now)
