"""Whose paper is next when many wait: members take turns, and groups, so that nobody's hundred files keep another waiting."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

REMEMBERED = timedelta(hours=1)  # how long it counts that somebody had a turn


def in_turn(
    waiting: Iterable[tuple[int, int | None, int]], served: Iterable[tuple[int | None, int]]
) -> list[tuple[int, int | None]]:
    """Return (row, member) in the order in which they are to be served.

    `waiting` are (row, member, group), who came first first; `served` are (member, group) of the turns that were had
    lately. Somebody's second row comes after everybody's first; between equals the group that had fewer turns is first.
    """
    served = list(served)
    of_member, of_group = Counter(member for member, _ in served), Counter(group for _, group in served)
    order = []
    for position, (row, member, group) in enumerate(waiting):
        order.append((of_member[member], of_group[group], position, row, member))
        of_member[member] += 1
        of_group[group] += 1
    return [(row, member) for *_, row, member in sorted(order, key=lambda one: one[:3])]
