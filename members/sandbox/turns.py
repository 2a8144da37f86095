"""Whose file a web process has looked into: one of each person at a time, and of all together fewer than it has threads."""

import threading
from collections.abc import Hashable, Iterator
from contextlib import contextmanager

MOST_AT_ONCE = 2  # of the four threads that the web server has; the others answer whoever only reads
PATIENCE = 5.0  # seconds that a file waits for those of others


class Turns:
    """Who has a file looked into, and who waits for it, in this process."""

    def __init__(self, most: int = MOST_AT_ONCE, patience: float = PATIENCE) -> None:
        self._free, self._askers, self._busy = threading.Condition(), set[Hashable](), 0
        self._most, self._patience = most, patience

    @contextmanager
    def turn(self, asker: Hashable) -> Iterator[bool]:
        """Give whether it is this person's turn: not while another file of theirs is looked into, or others' for long."""
        with self._free:
            if asker in self._askers:
                is_first = has_turn = False
            else:
                is_first = True
                self._askers.add(asker)
                has_turn = self._free.wait_for(lambda: self._busy < self._most, self._patience)
                self._busy += has_turn
        try:
            yield has_turn
        finally:
            if is_first:
                with self._free:
                    self._askers.discard(asker)
                    self._busy -= has_turn
                    self._free.notify()
