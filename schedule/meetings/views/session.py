"""One session: when, where, who presents what; and the organizer's tools in their places."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.contrib import messages
from django.db.models import Exists, OuterRef, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.access import group_member, group_organizer
from members.models import Membership
from members.templatetags.formatting import moment, people
from schedule.access import may_plan, may_see_drafts
from schedule.meetings import attendance, closing
from schedule.meetings.forms import MoveForm, PlaceForm, PresentersForm, seen_in
from schedule.models import Absence, Change, Photo, Presentation, Session
from schedule.notifications import news
from schedule.notifications.session_notifications import session_notifications
from schedule.planning import changes, moving, on_record, session_changes
from schedule.planning.grid import is_away
from schedule.planning.views.undo import way_back
from schedule.refusal import ChangedMeanwhile, NotPossible


@group_member
def session(request, group, pk):
    return render(request, "schedule/meetings/session.html", page_of(find(request, pk), request.membership))


def find(request, pk) -> Session:
    """A session this person may see, with its turns: a draft's only an organizer."""
    sessions = Session.objects.filter(term__group=request.group).select_related("term")
    if not may_see_drafts(request.membership):
        sessions = sessions.published()
    turns = Presentation.objects.select_related("presenter__member", "paper").prefetch_related("paper__files")
    found = get_object_or_404(sessions.prefetch_related(Prefetch("presentations", turns)), pk=pk)
    found.term.group = request.group
    for turn in found.presentations.all():
        if turn.paper:
            turn.paper.group = request.group
    return found


def page_of(session: Session, me: Membership, **forms) -> dict:
    """What the page says. A form that was refused comes in as it was filled in."""
    at = now()
    around = list(session.term.sessions.exclude(state=Session.CANCELLED).order_by("starts_at"))
    for other in around:
        other.term = session.term
    presenting = {turn.presenter_id for turn in session.presentations.all()}
    over = session.is_over(at)
    plans = may_plan(me)
    tools = plans and not over
    cancelled = session.state == Session.CANCELLED
    return {
        "session": session,
        "over": over,
        "begun": session.starts_at <= at,
        "before": next((s for s in reversed(around) if s.starts_at < session.starts_at), None),
        "after": next((s for s in around if s.starts_at > session.starts_at), None),
        "notifications": session_notifications(session, me, at),
        "tools": tools,
        "movable": tools and not cancelled,
        "may_come_back": cancelled and plans and on_record.can_come_back(session, at),
        "turns_minuted": attendance.has_come(session, at),
        "refused": bool(forms),  # what was typed stays on the page, also where it is no longer offered
        "changed": changes.recent(session.term, me, at, session),
        "others": [m for m in _members(session) if m.pk not in presenting] if tools else [],
        "move_form": MoveForm(session=session),
        "place_form": PlaceForm(session=session),
        "record": record_of(session, at),
    } | forms


@dataclass(frozen=True)
class SessionRecord:
    """What the page shows of a session whose day has come."""

    roll: list[attendance.AttendanceRow]
    photos: list[Photo]
    trace: list[Change]
    code_open: bool
    code_may_open: bool

    @property
    def came(self) -> int:
        return attendance.count(self.roll)[0]

    @property
    def marked(self) -> int:
        return attendance.count(self.roll)[1]

    @property
    def stays(self) -> str:
        """Why the session is not moved any more, in words; "" while it can be."""
        return _(on_record.ON_RECORD) if self.marked or self.photos else ""


def record_of(session: Session, at: datetime) -> SessionRecord | None:
    """None before the day. Four queries."""
    if not attendance.is_on(session, at):
        return None
    photos = list(session.photos.select_related("added_by__member"))
    code_open = attendance.code_is_open(session, at)
    may_open = not (code_open or attendance.code_has_ended(session, at))
    return SessionRecord(attendance.attendance_list(session), photos, closing.trace(session), code_open, may_open)


def _members(session):
    """Who may take a turn here, each with `away` when they are."""
    day = session.local_start.date()
    absent = Absence.objects.filter(membership=OuterRef("pk"), first_day__lte=day, last_day__gte=day)
    return session.term.group.memberships.active().in_order().annotate(away=Exists(absent))


def _answer(request, session, form, form_name, act, said):
    """Try `act(cleaned_data)`: back to the page with what was said, or the page again with the form and the reason."""
    status = 422
    if form.is_valid():
        try:
            changed = act(form.cleaned_data)
        except NotPossible as refusal:
            status = 409 if isinstance(refusal, ChangedMeanwhile) else 422
            form.add_error(None, str(refusal))
        else:
            if changed:
                said(changed)
            return redirect(session)
    fresh = find(request, session.pk)
    form.data = form.data.copy()
    form.data["seen"] = fresh.sequence
    context = page_of(fresh, request.membership, **{form_name: form}, clash=status == 409)
    return render(request, "schedule/meetings/session.html", context, status=status)


@require_POST
@group_organizer
def move(request, group, pk):
    session = find(request, pk)

    def act(asked):
        return moving.move(
            session, asked["day"], asked["time"],
            by=request.membership, now=now(), seen=asked["seen"], turns=asked["turns"] or moving.ALONG,
        )  # fmt: skip

    def said(change):
        words = _("Moved to %(moment)s.") % {"moment": moment(session.local_start)} + _told(session)
        messages.success(request, words, extra_tags=way_back(change, group.slug))
        if away := _away(session):
            messages.warning(request, _("Away on that day: %(names)s.") % {"names": people(away)})

    return _answer(request, session, MoveForm(request.POST, session=session), "move_form", act, said)


def _told(session) -> str:
    """Return who hears of a change that was made, as a further sentence."""
    if news.is_told(session, now()):
        return f" {_('Everybody gets a notification.')}"
    return f" {_('The term is a draft, so no notification goes out.')}"


def _away(session) -> list[Membership]:
    """Its presenters, as they are now, who are away on its day."""
    day = session.local_start.date()
    turns = session.presentations.select_related("presenter__member").prefetch_related("presenter__absences")
    return [turn.presenter for turn in turns.all() if is_away(turn.presenter, day)]


@require_POST
@group_organizer
def place(request, group, pk):
    session = find(request, pk)

    def act(asked):
        return moving.change_place(session, asked["place"], by=request.membership, now=now(), seen=asked["seen"])

    def said(change):
        words = _("The place is changed.") + _told(session)
        messages.success(request, words, extra_tags=way_back(change, group.slug))

    return _answer(request, session, PlaceForm(request.POST, session=session), "place_form", act, said)


@require_POST
@group_organizer
def cancel(request, group, pk):
    session = find(request, pk)
    turns = moving.POOL if request.POST.get("turns") == moving.POOL else moving.ALONG
    cancel = partial(moving.cancel, turns=turns, seen=seen_in(request.POST.get("seen")))
    if change := _tried(request, cancel, session, _("You asked to cancel it.")):
        words = _("The session is cancelled.") + _told(session)
        if turns == moving.POOL:
            words = _("The session is cancelled, its turns are free. Plan the rest again on the page of the term.")
            if session.presentations.all().exists():
                words += f" {_('Turns with minutes stay with it.')}"
        messages.success(request, words, extra_tags=way_back(change, group.slug))
    return redirect(session)


@require_POST
@group_organizer
def restore(request, group, pk):
    session = find(request, pk)
    if change := _tried(request, moving.restore, session):
        over = session.is_over(now())
        words = _("The session is no longer cancelled.") if over else _("The session takes place after all.")
        messages.success(request, words, extra_tags=way_back(change, group.slug))
    return redirect(session)


def _tried(request, verb, session, asked=""):
    """The verb's answer; a refusal is said on the next page, with what was asked for."""
    try:
        return verb(session, by=request.membership, now=now())
    except NotPossible as refusal:
        messages.error(request, f"{refusal} {asked}" if isinstance(refusal, ChangedMeanwhile) else str(refusal))
        return None


@require_POST
@group_organizer
def presenters(request, group, pk):
    """Add, remove, exchange or reorder the presenters."""
    session = find(request, pk)
    form = PresentersForm(request.POST, group=group)
    if not form.is_valid():
        raise Http404
    wanted = rearranged([turn.presenter for turn in session.presentations.all()], form.cleaned_data)
    seen = form.cleaned_data["seen"]
    asked = _("You asked for: %(names)s.") % {"names": people(wanted) or "–"}
    if change := _tried(request, partial(session_changes.set_presenters, presenters=wanted, seen=seen), session, asked):
        words = _("The presenters are changed.")
        words += f" {_('Those affected get a notification.')}" if news.is_told(session, now()) else _told(session)
        messages.success(request, words, extra_tags=way_back(change, group.slug))
    return redirect(f"{session.get_absolute_url()}#presenters")


def rearranged(seated: list[Membership], asked: dict) -> list[Membership]:
    """The order of presenters that the pressed button asks for; unchanged when it asks for what cannot be."""
    do, who, other = asked["do"], asked["presenter"], asked["other"]
    newcomer = who if do == "add" else other
    if do in {"add", "change"} and (newcomer is None or newcomer in seated):
        return seated
    if do == "add":
        return [*seated, who]
    if who not in seated:
        return seated
    here = seated.index(who)
    rest = seated[:here] + seated[here + 1 :]
    if do == "remove":
        return rest
    if do == "change":
        return [*seated[:here], other, *seated[here + 1 :]]
    to = max(0, here + {"earlier": -1, "later": 1}[do])
    return [*rest[:to], who, *rest[to:]]
