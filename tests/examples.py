"""On how many random cases a property is tried."""

FULL = 4  # times as many, with --full
SECOND = (
    4  # times fewer on the second database: that what differs by database shows takes less than finding a rare case
)

scale = 1.0


def examples(usual: int, full: int | None = None) -> int:
    """Return the number for this run, of a property that is tried on `usual` in everyday runs, and on `full` with --full."""
    return full if full and scale == FULL else max(1, round(usual * scale))
