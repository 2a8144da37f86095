"""The cache: what it keeps, for how long, and that a row in its table is never more than a value."""

import base64
import os
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, connections
from django.utils.timezone import now

from members.cache import forget_old
from members.records import CacheEntry

pytestmark = pytest.mark.django_db


class Attack:
    """Unpickled, it makes a folder."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_a_row_that_somebody_wrote_into_the_table_runs_no_code_here(tmp_path):
    poison = base64.b64encode(pickle.dumps(Attack(tmp_path / "taken"))).decode()
    cache.set("sign-in", [1.5], 60)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {CacheEntry._meta.db_table} SET value = %s", [f'"{poison}"'])
    assert cache.get("sign-in") == poison
    assert not (tmp_path / "taken").exists()
    assert "cache" not in connection.introspection.table_names()  # where pickles lay


@pytest.mark.parametrize("value", [1, True, "글", [1.5, 2.5], {"a": [None]}])
def test_a_value_is_kept_until_its_time_is_over(value):
    with time_machine.travel(now(), tick=False) as clock:
        cache.set("key", value, 60)
        cache.set("key", value, 60)
        assert (cache.get("key"), cache.has_key("key"), cache.get("other", "none")) == (value, True, "none")
        clock.shift(61)
        assert (cache.get("key"), cache.has_key("key"), cache.touch("key", 60)) == (None, False, False)
        assert (forget_old(now()), CacheEntry.objects.count()) == (1, 0)


def test_a_value_lives_on_when_it_is_touched_and_ends_when_it_is_deleted():
    with time_machine.travel(now(), tick=False) as clock:
        cache.set("key", 1, 60)
        cache.set("forever", 2, None)
        assert cache.touch("key", 120)
        clock.shift(timedelta(seconds=61))
        assert cache.get_many(["key", "forever"]) == {"key": 1, "forever": 2}
        assert (cache.delete("key"), cache.delete("key"), cache.get("key")) == (True, False, None)
        assert (cache.incr("forever"), forget_old(now())) == (3, 0)
        cache.clear()
        assert CacheEntry.objects.count() == 0


def test_what_is_no_json_is_not_kept():
    with pytest.raises(TypeError):
        cache.set("key", object(), 60)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_add_at_once_one_is_the_first_also_when_the_last_value_has_ended():
    def add(number) -> bool:
        try:
            return cache.add("lock", number, 60)
        finally:
            connections.close_all()

    cache.set("lock", 0, -1)
    at_once = 1 if connection.vendor == "sqlite" else 8  # SQLite in memory is one connection's
    with ThreadPoolExecutor(at_once) as pool:
        assert sum(pool.map(add, range(1, 25))) == 1
    assert cache.get("lock") in range(1, 25)
