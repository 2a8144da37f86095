"""A term is planned, published and changed here: every verb is one transaction, and notifications about it are written in it.

`by` is the member who acts, `now` the instant; a refusal is raised as NotPossible and says why in words.
"""

from datetime import UTC, datetime, time

from django.db import transaction
from django.utils.translation import gettext as _

from members.models import Membership
from schedule.models import Change, Presentation, Session, Term
from schedule.notifications import news
from schedule.planning.changes import changing
from schedule.planning.on_record import in_use
from schedule.planning.proposal import Proposal, propose
from schedule.refusal import NotPossible
from schedule.rotation import reasons
from schedule.rotation.ledger import ledger

MAX_SESSIONS = 60


# ── the term ─────────────────────────────────────────────────────────────────────────────────────
def preview(term: Term) -> Proposal:
    """What planning this term would give. Writes nothing."""
    members = turn_takers(term)
    start = datetime.combine(term.first_day, time.min, UTC)
    return propose(term, members, ledger(term.group, members, start))


def plan_term(term: Term, *, by: Membership, now: datetime) -> Proposal:
    """Save the term as a draft with its sessions and turns; planning a draft again replaces them."""
    proposal = preview(term)
    with transaction.atomic():
        if term.pk and not Term.objects.select_for_update().filter(pk=term.pk, published_at=None).exists():
            raise NotPossible(_("This term is published. Change its sessions one by one."))
        if term.pk:
            _check_without_minutes(term)
        term.created_by = term.created_by or by
        term.skipped = [
            {"date": beat.original.isoformat(), "reason": beat.reason, "to": beat.day and beat.day.isoformat()}
            for beat in proposal.blocked
            if beat.day != beat.original
        ]
        term.save()
        term.sessions.all().delete()
        _write(term, proposal, now)
    return proposal


def _write(term: Term, proposal: Proposal, now: datetime) -> None:
    """Two inserts, however many sessions; every turn keeps its reason."""
    whys = reasons.of_turns(proposal.plan, proposal.world)
    sessions = Session.objects.bulk_create(
        Session(term=term, number=n, starts_at=m.starts_at, ends_at=m.ends_at, place=term.place, changed_at=now)
        for n, m in enumerate(proposal.meetings, 1)
    )
    Presentation.objects.bulk_create(
        Presentation(session=session, presenter_id=presenter, position=position, why=told[presenter])
        for session, meeting, told in zip(sessions, proposal.meetings, whys, strict=True)
        for position, presenter in enumerate(meeting.presenters, 1)
    )


def apply(term: Term, *, by: Membership, now: datetime, publishing: bool) -> Change:
    """Save the plan and, if asked, publish it, all or nothing. Undoing it makes a published term a draft again."""
    with transaction.atomic():
        with changing(term, by=by, kind=Change.PLAN, now=now) as change:
            plan_term(term, by=by, now=now)
        return announce(term, by=by, now=now) if publishing else change


def announce(term: Term, *, by: Membership, now: datetime) -> Change:
    """Publish it, in a way that can be undone."""
    with changing(term, by=by, kind=Change.PUBLISH, now=now) as change:
        publish(term, by=by, now=now)
    return change


def publish(term: Term, *, by: Membership, now: datetime, quietly: bool = False) -> bool:
    """Everybody sees the term from now on, and is told unless `quietly`. False when it was published already."""
    with transaction.atomic():
        published = Term.objects.filter(pk=term.pk, published_at=None).update(published_at=now)
        if published:
            term.published_at = now
            if not quietly:
                news.term_published(term, by=by, now=now)
    return bool(published)


def discard(term: Term) -> None:
    """Forget a draft. A published term is history, and minutes that were written in a draft are not thrown away."""
    if term.pk and term.published_at is None:
        _check_without_minutes(term)
    Term.objects.filter(pk=term.pk, published_at=None).delete()


def _check_without_minutes(term: Term) -> None:
    turns = Presentation.objects.filter(session__term=term.pk).exclude(minutes="")
    if minuted := turns.select_related("presenter__member").first():
        raise NotPossible(in_use(minuted))


def turn_takers(term: Term) -> list[Membership]:
    """Who shares the turns, in order of joining, each with the days away. Two queries."""
    return list(term.group.memberships.active().in_order().prefetch_related("absences"))
