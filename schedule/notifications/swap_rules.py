"""Which letters about a swap are still true. Plain rules: no queries, no clock."""

from datetime import datetime

from schedule.models import Letter, Swap

SAYS = {
    Letter.SWAP_ASKED: Swap.OPEN,
    Letter.SWAP_ACCEPTED: Swap.ACCEPTED,
    Letter.SWAP_DECLINED: Swap.DECLINED,
    Letter.SWAP_UNDONE: Swap.UNDONE,
}


def unwanted(letter: Letter, now: datetime) -> str:
    """Why this letter about a swap must not go out any more, as a code; "" while it is true."""
    swap = letter.swap
    if swap.state != SAYS[letter.kind]:
        return "answered"
    if letter.kind == Letter.SWAP_ASKED:
        return "reassigned" if swap.moot(now) else ""
    if letter.kind == Letter.SWAP_ACCEPTED and not swap.seats(swap.taker_id, swap.giver_id):
        return "reassigned"
    if letter.kind == Letter.SWAP_UNDONE and not swap.seats(swap.giver_id, swap.taker_id):
        return "reassigned"
    return ""
