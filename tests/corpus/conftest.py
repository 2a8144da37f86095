def pytest_collection_modifyitems(config, items):
    """Slow tests of this folder wait until they are asked for: `-m slow`."""
    if "slow" in config.option.markexpr:
        return
    slow = [item for item in items if item.get_closest_marker("slow")]
    config.hook.pytest_deselected(items=slow)
    items[:] = [item for item in items if item not in slow]
