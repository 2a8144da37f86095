"""On how many random cases a property is tried."""

FULL = 4  # times as many, with --full
SECOND = (
    4  # times fewer on the second database: that what differs by database shows takes less than finding a rare case
)

scale = 1.0


def examples(usual: int) -> int:
    """Return the number for this run, of a property that is tried on so many in everyday ones."""
    return max(1, round(usual * scale))
