"""Who gets which notification about a swap. What they say is in schedule/notifications/swap_wording.py."""

from collections.abc import Iterable
from datetime import datetime

from members.models import Membership
from schedule.models import Notification, Swap
from schedule.notifications import reminders
from schedule.notifications.timeline import UNDO, Planned, wants


def others(swap: Swap, by: Membership) -> list[Membership]:
    """Whom it concerns, without the one who acts: they know."""
    people = {person.pk: person for person in (swap.giver, swap.taker, swap.by) if person}
    return [person for pk, person in people.items() if pk != by.pk]


def tell(swap: Swap, kind: str, readers: Iterable[Membership], *, now: datetime) -> None:
    """Write to these people. Who has not yet heard that the turns were swapped need not hear that they are back."""
    readers = [reader for reader in readers if wants(reader, kind)]
    if kind == Notification.SWAP_UNDONE:
        waiting = swap.notifications.waiting().filter(kind=Notification.SWAP_ACCEPTED)
        unheard = set(waiting.values_list("recipient", flat=True))
        waiting.move(Notification.SKIPPED, reason="superseded", settled_at=now)
        readers = [reader for reader in readers if reader.pk not in unheard]
    until = min(session.starts_at for session in (swap.session, swap.wanted) if session)
    notifications = []
    for reader in readers:
        news = Planned(now + UNDO, until, kind, _session(swap, kind, reader), swap.giver, (), swap.pk)
        notifications.append(reminders.notification_of(news, reader, now, swap=swap))
    Notification.objects.bulk_create(notifications, ignore_conflicts=True)


def _session(swap: Swap, kind: str, reader):
    """The session in which its reader presents now, where they have one."""
    swapped = kind == Notification.SWAP_ACCEPTED and reader.pk == swap.giver_id
    back = kind == Notification.SWAP_UNDONE and reader.pk == swap.taker_id
    return swap.wanted if swap.wanted and (swapped or back) else swap.session
