"""Papers and files that are no part of the project: where their folder is missing, nothing can be asked of them."""

from tests.corpus import SHARED


def pytest_collection_modifyitems(config, items):
    out = [] if SHARED.exists() else [item for item in items if item.get_closest_marker("corpus")]
    config.hook.pytest_deselected(items=out)
    items[:] = [item for item in items if item not in out]
