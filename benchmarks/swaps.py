"""The parts of pages that HTMX exchanges, on the demo group: queries, bytes and milliseconds of the server for each.

    python -m benchmarks.swaps

On SQLite in a folder of its own, or on the PostgreSQL that DATABASE_URL names; what it makes is taken back at the end.
"""

import os
import statistics
import tempfile
import time

ROUNDS = 25


def measured(client, swap) -> tuple[int, int, float]:
    """(queries, bytes, median milliseconds), when templates and connections are warm."""
    from django.core.cache import cache
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def ask():
        cache.clear()  # nobody has asked too often
        begun = time.perf_counter()
        answer = swap.ask(client)
        took.append(1000 * (time.perf_counter() - begun))
        assert answer.status_code in {200, 204}, (swap.address, answer.status_code)
        return answer

    took = []
    answer = ask()
    with CaptureQueriesContext(connection) as asked:
        ask()
    queries = len(asked) - 1  # the cache, cleared
    for _round in range(ROUNDS):
        ask()
    return queries, len(answer.content), statistics.median(took)


def run() -> None:
    from django.conf import settings
    from django.core.management import call_command
    from django.db import transaction
    from django.test.utils import setup_test_environment, teardown_test_environment

    from tests import swapped
    from tests.browser import pages

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        setup_test_environment()  # forms are read from the pages that show them
        swaps = swapped.swaps(pages.world())
        teardown_test_environment()
        settings.ALLOWED_HOSTS.append("testserver")
        for name, swap in swaps.items():
            queries, size, took = measured(swapped.signed_in(swap.who), swap)
            print(f"{name:32} {queries:3} queries {size:7,} bytes {took:6.1f} ms", flush=True)
        transaction.set_rollback(True)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="studygroup-swaps-") as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "studygroup.settings",
            "LOOK_UP": "0",
            "DEBUG": "0",
        }
        import django

        django.setup()
        # built files have no part in this: their names need not be known
        from django.conf import settings

        settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
        run()


if __name__ == "__main__":
    main()
