"""In which order several workers run tests: those that take minutes begin, so that no run ends with one of them alone."""

# the longest first; what needs an empty database of its own keeps the place that pytest-django gives it, after the others
LONG = (
    "tests/browser/test_story.py",
    "tests/lived/",
    "tests/faults/test_faults.py",
    "tests/test_bundle_processes.py",
    "tests/test_bootstrap.py",
    "tests/test_up.py",
    "tests/test_backup.py",
    "tests/corpus/",
    "tests/hostile/",
    "tests/browser/test_felt.py",
)


def longest_first(items: list, workers: int, keeps_its_place) -> list:
    """Each worker gets an equal part of the list at first: every part begins with some of the long ones."""
    long = [item for item in items if item.nodeid.startswith(LONG) and not keeps_its_place(item)]
    long.sort(key=lambda item: next(place for place, path in enumerate(LONG) if item.nodeid.startswith(path)))
    moved, ordered = {id(item) for item in long}, []
    rest = [item for item in items if id(item) not in moved]
    for worker in range(workers):
        size = (len(items) - len(ordered)) // (workers - worker)
        own = long[worker::workers]
        ordered += own + rest[: size - len(own)]
        del rest[: size - len(own)]
    return ordered
