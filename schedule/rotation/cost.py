"""What it costs a member that turns lie near each other. Plain Python.

Two turns of one member that lie d sessions apart, with none between, hurt 1/d². Near ones weigh most, and evenly spread
turns hurt least. The hurt is counted in integers, so that equal is equal and every improvement is a real one.
"""

from collections.abc import Iterator

HURT = 10**12  # of two turns in consecutive sessions


def hurt(turns: int, last: int | None, session: int) -> int:
    """What `session` would add to a member's `turns` (bits of sessions), who last presented in `last` before the term."""
    earlier, later = turns & ((1 << session) - 1), turns >> (session + 1)
    before = earlier.bit_length() - 1 if earlier else last
    after = session + (later & -later).bit_length() if later else None
    added = HURT // (session - before) ** 2 if before is not None else 0
    if after is not None:
        added += HURT // (after - session) ** 2
        if before is not None:
            added -= HURT // (after - before) ** 2
    return added


def bits(row: int) -> Iterator[int]:
    """The numbers of the bits set in an integer, lowest first."""
    while row:
        low = row & -row
        yield low.bit_length() - 1
        row ^= low
