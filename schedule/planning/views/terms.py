"""The term: its timeline, who presents when, its sessions; and the terms before it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Max, Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.access import group_member, group_organizer
from members.models import Group, Membership
from schedule.access import may_export, may_see_drafts
from schedule.form_inputs import day_of
from schedule.models import Presentation, Session, Term
from schedule.planning import changes, term_plan
from schedule.planning.days_off import as_text
from schedule.planning.forms import DaysOffForm
from schedule.planning.grid import Column, GridRow, grid, is_away
from schedule.planning.group_clock import keep_group_clock
from schedule.planning.late_days import Clash, can_be_held, clashes, hold_after_all, meet_anyway, set_days_off
from schedule.planning.tally import Book, book
from schedule.planning.term_timeline import TimelineItem, timeline
from schedule.planning.views.undo import way_back
from schedule.refusal import NotPossible


@dataclass(frozen=True)
class TermPage:
    term: Term
    sessions: list[Session]
    timeline_items: list[TimelineItem]
    columns: list[Column]
    rows: list[GridRow]
    others: list[Term]
    orphans: list[Presentation]
    book: Book
    over: bool
    clashes: list[Clash]
    held_out: list[tuple[date, str]]


@group_member
def schedule(request, group):
    """Show the current term; organizers without one see their draft."""
    terms, current = seen_by(request.membership, group), group.terms.current(now())
    if not terms:
        return render(request, "schedule/planning/schedule_empty.html")
    return _show(request, next((term for term in terms if term == current), terms[0]), terms)


@group_member
def term(request, group, pk):
    found, terms = _find(request, pk)
    return _show(request, found, terms)


def find_term(request, pk) -> Term:
    """A term this person may see: a draft only an organizer."""
    return _find(request, pk)[0]


def _find(request, pk) -> tuple[Term, list[Term]]:
    terms = seen_by(request.membership, request.group)
    found = next((t for t in terms if t.pk == pk), None)
    if found is None:
        raise Http404
    return found, terms


def _show(request, term, terms, days_off: DaysOffForm | None = None):
    """`days_off` is a form that was refused."""
    changed = changes.recent(term, request.membership, now())
    zips = term.bundles.all()[:1] if may_export(request.membership) else []
    form = days_off or DaysOffForm(initial={"days_off": as_text(term.days_off)})
    page = {"page": gather(term, terms, now()), "days_off": form, "changed": changed, "zips": zips}
    return render(request, "schedule/planning/term.html", page, status=form.status)


def seen_by(me: Membership, group: Group) -> list[Term]:
    """The terms a person may see, newest first: drafts are the organizers' own."""
    terms = group.terms.all() if may_see_drafts(me) else group.terms.published()
    terms = terms.annotate(meetings=Count("sessions"), ends=Max("sessions__ends_at"))
    found = list(terms.order_by("-first_day", "-pk"))
    for one in found:
        one.group = group
    return found


def gather(term: Term, terms: list[Term], at: datetime) -> TermPage:
    """Everything the page says, in eight queries however long the term is."""
    turns = Presentation.objects.select_related("presenter__member", "paper")
    sessions = list(term.sessions.prefetch_related(Prefetch("presentations", turns)))
    for session in sessions:
        session.term = term
    members = list(term.group.memberships.in_order().prefetch_related("absences"))
    live = [session for session in sessions if session.state != Session.CANCELLED]
    columns = [_column(session, at) for session in live]
    return TermPage(
        term=term,
        sessions=sessions,
        timeline_items=timeline(term, sessions, Session.objects.nearest(term.group, at), at),
        columns=columns,
        rows=grid(members, columns),
        others=[t for t in terms if t.pk != term.pk],
        orphans=_orphans(live, members, at),
        book=book(term.group, members, terms, at),
        clashes=clashes(term, sessions, at),
        held_out=can_be_held(term, at),
        over=bool(live) and all(session.is_over(at) for session in live),
    )


def _orphans(live, members, at) -> list[Presentation]:
    """Turns to come that nobody gives: their presenters no longer take turns, or are away that day."""
    free = {m.pk: m for m in members if m.state == Membership.ACTIVE}
    ahead = [turn for session in live if session.starts_at > at for turn in session.presentations.all()]
    for turn in ahead:
        turn.away = turn.presenter_id in free and is_away(free[turn.presenter_id], turn.session.local_start.date())
    return [turn for turn in ahead if turn.away or turn.presenter_id not in free]


def _column(session, at):
    presenters = tuple(turn.presenter_id for turn in session.given(at))
    return Column(session.local_start.date(), presenters, session, session.is_over(at))


@require_POST
@group_organizer
def publish(request, group, pk):
    term = get_object_or_404(group.terms, pk=pk)
    change = term_plan.announce(term, by=request.membership, now=now())
    if change.made:
        words = _("Published. Everybody sees the term now, and the notifications go out in time.")
        messages.success(request, words, extra_tags=way_back(change, group.slug))
    return redirect(term)


@require_POST
@group_organizer
def delete_draft(request, group, pk):
    """A published term is history and stays."""
    term = get_object_or_404(group.terms.filter(published_at=None), pk=pk)
    try:
        term_plan.discard(term)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect(term)
    messages.success(request, _("The draft is deleted."))
    return redirect("schedule:schedule", group.slug)


@require_POST
@group_organizer
def days_off(request, group, pk):
    """Days announced late: `do=anyway` holds a session on one, `do=hold` meets on a date that fell out."""
    with transaction.atomic():
        published = group.terms.exclude(published_at=None)
        term = get_object_or_404(published.select_for_update(of=("self",)), pk=pk)
        form = DaysOffForm(request.POST, initial={"days_off": as_text(term.days_off)})
        try:
            if change := _decided(request, term, form):
                messages.success(request, _("Noted for this term."), extra_tags=way_back(change, group.slug))
        except NotPossible as refusal:
            messages.error(request, str(refusal))
    if "do" not in request.POST and not form.is_valid():
        return _show(request, *_find(request, pk), days_off=form)
    return redirect(term)


@require_POST
@group_organizer
def keep_clock(request, group, pk):
    """The group's clock for a term whose own zone this server does not know."""
    term = get_object_or_404(group.terms, pk=pk)
    if keep_group_clock(term):
        messages.success(request, _("The term goes by the clock of the group now. No session moved."))
    return redirect(term)


def _decided(request, term, form):
    asked = {"by": request.membership, "now": now()}
    if do := {"anyway": meet_anyway, "hold": hold_after_all}.get(request.POST.get("do")):
        day = day_of(request.POST.get("day", ""))
        if day is None:
            raise Http404
        return do(term, day, **asked)
    return set_days_off(term, form.cleaned_data["days_off"], **asked) if form.is_valid() else None
