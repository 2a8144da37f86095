"""Who may do what with the schedule of a group: its terms, turns, swaps, meetings and notifications.

`me` is a membership of somebody who may enter the group; whether a thing can still be changed on that day, the verbs say.
"""

from members.access import may_edit, organizes
from members.models import Membership
from schedule.models import Change, Photo, Presentation, Session, Swap, Term


# ── terms and sessions ───────────────────────────────────────────────────────────────────────────
def may_plan(me: Membership) -> bool:
    """Return whether this member may plan terms, change sessions and say who presents: organizers may."""
    return organizes(me)


def may_see_drafts(me: Membership) -> bool:
    """Return whether this member may see terms that are not published: organizers may."""
    return organizes(me)


def may_see_term(me: Membership, term: Term) -> bool:
    """Return whether this member may see the term: everybody may once it is published, organizers before."""
    return bool(term.published_at) or may_see_drafts(me)


def may_undo(me: Membership, change: Change) -> bool:
    """Return whether this member may undo the change: organizers may, and those whose turns it touched if it was a swap.

    Who has stepped back from organizing may not undo what they did as an organizer.
    Nobody may undo that a record was closed or opened again.
    """
    if change.kind in Change.FINAL:
        return False
    if organizes(me):
        return True
    return change.kind in {Change.SWAP, Change.GIVE} and (me.pk == change.by_id or me.pk in _people_of(change))


def _people_of(change: Change) -> set[int]:
    """Return the memberships whose turns the change touched."""
    turns = change.rows.get("presentation", {})
    named = {row["presenter_id"] for pair in turns.values() for row in pair if row and "presenter_id" in row}
    return named | set(Presentation.objects.filter(pk__in=turns).values_list("presenter", flat=True))


def may_export(me: Membership) -> bool:
    """Return whether this member may have a term or the group packed into a zip: organizers may."""
    return organizes(me)


def may_change_slides(me: Membership) -> bool:
    """Return whether this member may change how the group's slides look: organizers may."""
    return organizes(me)


# ── turns and days away ──────────────────────────────────────────────────────────────────────────
def may_change_turn(me: Membership, turn: Presentation) -> bool:
    """Return whether this member may decide about the turn, its paper and who takes it: its presenter and organizers may."""
    return may_edit(me, turn.presenter_id)


def may_share(me: Membership, turn: Presentation) -> bool:
    """Return whether this member may put a paper on the turn: who may change it, unless its session is cancelled or closed."""
    return may_change_turn(me, turn) and turn.session.state != Session.CANCELLED and not turn.session.closed_at


def may_help_presenters(me: Membership) -> bool:
    """Return whether this member is asked to help where a paper or a presenter is missing: organizers are."""
    return organizes(me)


def may_change_absence(me: Membership, absent_id: int | None) -> bool:
    """Return whether this member may note on which days somebody is away: that person and organizers may."""
    return may_edit(me, absent_id)


def may_see_all_absences(me: Membership) -> bool:
    """Return whether this member may see everybody's days away on the page of turns: organizers may."""
    return organizes(me)


def may_tap(me: Membership, row: Membership) -> bool:
    """Return whether this member may swap turns and mark days by a tap in somebody's row: everybody may in their own."""
    return me.pk == row.pk


# ── swaps ────────────────────────────────────────────────────────────────────────────────────────
def may_swap_at_once(me: Membership) -> bool:
    """Return whether this member may change who presents without asking the other side: organizers may."""
    return organizes(me)


def may_see_swap(me: Membership, swap: Swap) -> bool:
    """Return whether this member may see the question: those it concerns and organizers, all if the group was asked."""
    return organizes(me) or swap.to_group or me.pk in {swap.giver_id, swap.taker_id, swap.by_id}


def may_answer_swap(me: Membership, swap: Swap) -> bool:
    """Return whether this member may say yes: the one who was asked; all but the giver if the group was asked."""
    if swap.to_group:
        return me.group_id == swap.giver.group_id and me.pk != swap.giver_id
    return me.pk == swap.taker_id


def may_decline_swap(me: Membership, swap: Swap) -> bool:
    """Return whether this member may say no: the one who was asked may."""
    return me.pk == swap.taker_id


def may_withdraw_swap(me: Membership, swap: Swap) -> bool:
    """Return whether this member may take the question back: whose turn it is about and organizers may."""
    return may_edit(me, swap.giver_id)


# ── meetings ─────────────────────────────────────────────────────────────────────────────────────
def may_mark(me: Membership, membership: Membership) -> bool:
    """Return whether this member may mark that somebody came: organizers of the same group may."""
    return organizes(me) and me.group_id == membership.group_id


def may_open_code(me: Membership) -> bool:
    """Return whether this member may open, show and end the code by which members check in: organizers may."""
    return organizes(me)


def may_remove_photo(me: Membership, photo: Photo) -> bool:
    """Return whether this member may take the photo away: who added it and organizers may."""
    return may_edit(me, photo.added_by_id)


def may_close_record(me: Membership, session: Session) -> bool:
    """Return whether this member may close the session's record and open it again: organizers of its group may."""
    return organizes(me) and me.group_id == session.term.group_id


# ── notifications ────────────────────────────────────────────────────────────────────────────────
def may_read_all_notifications(me: Membership) -> bool:
    """Return whether this member may read every notification of the group: organizers may."""
    return organizes(me)


def may_read_notification(me: Membership, recipient_id: int) -> bool:
    """Return whether this member may read a notification: who gets it and organizers may."""
    return may_read_all_notifications(me) or me.pk == recipient_id


def may_send_now(me: Membership) -> bool:
    """Return whether this member may send a notification before its time, or once more: organizers may."""
    return organizes(me)


def may_change_times(me: Membership) -> bool:
    """Return whether this member may change when notifications go out: organizers may."""
    return organizes(me)


def may_see_troubles(me: Membership) -> bool:
    """Return whether this member is told that the server cannot send: organizers are."""
    return organizes(me)
