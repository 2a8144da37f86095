"""Coming, pausing, leaving, leading: what may become of a place in a group. A group never loses its last organizer."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import now

from members import audit
from members.models import COLOURS, Group, Member, Membership, Pause

CURRENT = frozenset({Membership.ACTIVE, Membership.PAUSED})


class LastOrganizer(Exception):
    """Somebody has to be able to plan: first another member becomes organizer, then this one may go."""


@dataclass(frozen=True)
class Move:
    """From one of these states and roles, this becomes true of the membership, and `event` is recorded."""

    becomes: dict
    event: str
    states: frozenset = CURRENT
    roles: frozenset = frozenset({Membership.ORGANIZER, Membership.MEMBER})


MOVES = {
    "pause": Move({"state": Membership.PAUSED}, "paused", states=frozenset({Membership.ACTIVE})),
    "resume": Move({"state": Membership.ACTIVE}, "resumed", states=frozenset({Membership.PAUSED})),
    "leave": Move({"state": Membership.LEFT}, "left"),
    "remove": Move({"state": Membership.REMOVED}, "removed"),
    "restore": Move({"state": Membership.ACTIVE}, "restored", states=frozenset({Membership.REMOVED})),
    "restore-pausing": Move({"state": Membership.PAUSED}, "restored", states=frozenset({Membership.REMOVED})),
    "promote": Move({"role": Membership.ORGANIZER}, "promoted", roles=frozenset({Membership.MEMBER})),
    "demote": Move({"role": Membership.MEMBER}, "demoted", roles=frozenset({Membership.ORGANIZER})),
}
UNDO = {
    "leave": "",
    "remove": "restore",
    "pause": "resume",
    "resume": "pause",
    "promote": "demote",
    "demote": "promote",
}


def hold(group_id: int) -> Group:
    """The group, its row held until the transaction ends: who comes and who goes is decided one at a time.

    SQLite has no row locks; there a transaction that may write holds the whole file from its first line.
    """
    return Group.objects.select_for_update(no_key=True).get(pk=group_id)


def enter(group: Group, member: Member, role: str) -> Membership:
    """A place in a group whose row is held: a new one, or the one they had, with its colour and its past turns."""
    order = group.memberships.count()
    place, is_new = group.memberships.update_or_create(
        member=member,
        defaults={"role": role, "state": Membership.ACTIVE},
        create_defaults={"role": role, "colour": order % COLOURS + 1},
    )
    if not is_new:
        _keep_history(place)
    audit.record("joined", by=member, about=member, group=group)
    return place


@transaction.atomic
def change(membership: Membership, verb: str, *, by: Member | None = None) -> bool:
    """Do one of MOVES, which `by` decided, or an operator by a command; False if it was so already. Raises LastOrganizer, and then nothing has changed."""
    group, move = hold(membership.group_id), MOVES[verb]
    led = group.memberships.organizers().exists()
    changed = group.memberships.filter(pk=membership.pk, state__in=move.states, role__in=move.roles).update(
        **move.becomes
    )
    if led and not group.memberships.organizers().exists():
        raise LastOrganizer
    membership.refresh_from_db(fields=["state", "role"])
    if changed:
        _keep_history(membership)
        stepped_back = verb == "demote" and by == membership.member
        audit.record("stepped_back" if stepped_back else move.event, by=by, about=membership.member, group=group)
    return bool(changed)


def _keep_history(membership) -> None:
    """Who takes no turns has an open pause, who takes them has none: for a time away nobody owes turns afterwards."""
    if membership.state == Membership.ACTIVE:
        membership.pauses.filter(ended_at=None).update(ended_at=now())
    else:
        Pause.objects.get_or_create(membership=membership, ended_at=None)
