"""The two locks: what runs is what is tested."""

import re
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent


def locked(name):
    return dict(re.findall(r"^([a-z0-9][\w.-]*)==(\S+)", (HOME / name).read_text(), re.MULTILINE))


def test_tests_run_with_the_versions_that_the_app_runs_with():
    app, tests = locked("requirements.txt"), locked("requirements-dev.txt")
    assert len(app) > 20
    assert {name: tests.get(name) for name in app} == app


def test_everything_that_is_asked_for_is_locked():
    for asked, lock in (("requirements.in", "requirements.txt"), ("requirements-dev.in", "requirements-dev.txt")):
        lines = re.findall(r"^([a-z][\w-]*)", (HOME / asked).read_text(), re.MULTILINE)
        assert [name for name in lines if name not in locked(lock)] == []
