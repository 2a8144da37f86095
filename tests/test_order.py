"""Long tests begin, in the part of each worker."""

from types import SimpleNamespace

from tests.order import longest_first


def test_each_part_begins_with_long_ones_and_nothing_is_lost():
    names = [f"tests/test_{n}.py::test" for n in range(7)]
    names += [
        "tests/lived/test_lived.py::test_a",
        "tests/lived/test_lived.py::test_b",
        "tests/browser/test_story.py::test",
    ]
    items = [SimpleNamespace(nodeid=name) for name in names]
    ordered = [item.nodeid for item in longest_first(items, 2, lambda item: item.nodeid.endswith("test_b"))]
    assert sorted(ordered) == sorted(names)
    assert (ordered[0], ordered[5]) == ("tests/browser/test_story.py::test", "tests/lived/test_lived.py::test_a")
    assert ordered[-1].endswith("test_b")
