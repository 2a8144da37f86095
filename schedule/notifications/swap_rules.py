"""Which notifications about a swap are still true. Plain rules: no queries, no clock."""

from datetime import datetime

from schedule.models import Notification, Swap

SAYS = {
    Notification.SWAP_ASKED: Swap.OPEN,
    Notification.SWAP_ACCEPTED: Swap.ACCEPTED,
    Notification.SWAP_DECLINED: Swap.DECLINED,
    Notification.SWAP_UNDONE: Swap.UNDONE,
}


def unwanted(swap: Swap, kind: str, now: datetime) -> str:
    """Why this notification about a swap must not go out any more, as a code; "" while it is true."""
    if swap.state != SAYS[kind]:
        return "answered"
    if kind == Notification.SWAP_ASKED:
        return "reassigned" if swap.invalid_reason(now) else ""
    if kind == Notification.SWAP_ACCEPTED and not swap.seats(swap.taker_id, swap.giver_id):
        return "reassigned"
    if kind == Notification.SWAP_UNDONE and not swap.seats(swap.giver_id, swap.taker_id):
        return "reassigned"
    return ""
