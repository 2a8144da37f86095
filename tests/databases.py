"""What tests leave open in a PostgreSQL: found when each ends, said with its name, and closed, so that the database can go."""

import threading
import time

import psycopg2
from django.db import connection

GRACE = 15  # seconds: the last requests of a browser that has closed end a moment later
OTHERS = """SELECT pid, state, date_trunc('second', clock_timestamp() - state_change), query FROM pg_stat_activity
  WHERE datname = %s AND pid <> %s AND backend_type = 'client backend' ORDER BY pid"""


class Watcher:
    """Tell who is connected to the test database, from a connection of its own to another database."""

    def __init__(self, address: str):
        self.own = psycopg2.connect(address)
        self.own.autocommit = True

    def close(self) -> None:
        self.own.close()

    def close_the_rest(self) -> list[str]:
        """Wait until this thread's connection is the only one; close those that stay, and return them in words."""
        deadline = time.monotonic() + GRACE
        while (rest := self._others()) and time.monotonic() < deadline:
            time.sleep(0.05)  # a session that ends has no other way to say so
        for pid, *_said in rest:
            self.ask("SELECT pg_terminate_backend(%s, 5000)", [pid])
        return [f"{state} for {since}: {' '.join(query.split())[:200]}" for _pid, state, since, query in rest]

    def _others(self) -> list[tuple]:
        own = connection.connection
        pid = own.info.backend_pid if own is not None and not own.closed else 0
        return self.ask(OTHERS, [connection.settings_dict["NAME"], pid])

    def ask(self, query: str, values: list | None = None) -> list[tuple]:
        with self.own.cursor() as cursor:
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []


def complaint(name: str, left_open: list[str]) -> str:
    """Return what is to be said of a test of this name that leaves connections open."""
    threads = ", ".join(thread.name for thread in threading.enumerate() if thread is not threading.main_thread())
    return "\n".join([f"{name} leaves connections to its database:", *left_open, f"Threads: {threads or 'none'}"])
