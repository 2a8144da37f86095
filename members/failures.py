"""Do regular work part by part: what raises is logged, written down and left for the next time, and the rest goes on.

The healthy case costs nothing: everything is done at once, and taken apart only after it raised. A database that is away
is nobody's fault: its errors pass through, because they could not be written down either.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta
from traceback import format_exception
from typing import Any, TypeVar

from django.db import DataError, IntegrityError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Model, QuerySet

from members.mail import one_line
from members.records import Failure

LATELY = timedelta(hours=1)
KEPT = timedelta(days=1)
AWAY = (OperationalError, InterfaceError)

T = TypeVar("T")
log = logging.getLogger(__name__)


def attempt(step: str, work: Callable[[], T], now: datetime) -> T | None:
    """Return what `work()` returns; None after writing down that the step as a whole raised."""
    try:
        with savepoint():
            return work()
    except Exception as error:
        note(step, error, now)
        return None


def each(step: str, rows: Iterable[T], work: Callable[[T], Any], now: datetime, *, group: Callable[[T], int | None]):
    """Return [(row, what `work(row)` returned)] of the rows for which it did not raise; `group` knows whose a row is."""
    done = []
    for row in rows:
        try:
            with savepoint():
                done.append((row, work(row)))
        except Exception as error:
            note(step, error, now, row=name_of(row), group=group(row))
    return done


def rows(step: str, found: QuerySet, now: datetime, *, group: str) -> list:
    """Return the rows of `found` without those that cannot be read; `group` is the path to whose a row is.

    One query while all can be read.
    """
    model = found.model

    def failed(pk: int, error: Exception) -> None:
        whose = model._base_manager.filter(pk=pk).values_list(group, flat=True).first()
        note(step, error, now, row=f"{model._meta.model_name} {pk}", group=whose)

    def read(pks: list[int] | None) -> list:
        return list(found if pks is None else found.filter(pk__in=pks))

    parts = in_parts(read, lambda: found.values_list("pk", flat=True), failed)
    return [row for part in parts for row in part]


def by_group(step: str, work: Callable[[list[int] | None], Any], groups: Callable[[], Iterable[int]], now: datetime):
    """Do `work` for all groups at once (None); if it raises, without those groups for which it does."""
    in_parts(work, groups, lambda pk, error: note(step, error, now, row=f"group {pk}", group=pk))


def in_parts(
    work: Callable[[list[int] | None], T], keys: Callable[[], Iterable[int]], failed: Callable[[int, Exception], None]
) -> list[T]:
    """Return what `work` returned for everything at once (None), or for parts of `keys` after that raised.

    Parts are halved until what raises stands alone and is handed to `failed`: one among n costs about 2 log n calls.
    What still raises when there are no keys is not about any of them.
    """
    try:
        with savepoint():
            return [work(None)]
    except AWAY:
        raise
    except Exception:
        if not (there := list(keys())):
            raise
    return _halved(work, there, failed)


def _halved(work, keys, failed) -> list:
    try:
        with savepoint():
            return [work(keys)]
    except AWAY:
        raise
    except Exception as error:
        if len(keys) == 1:
            failed(keys[0], error)
            return []
    middle = len(keys) // 2
    return _halved(work, keys[:middle], failed) + _halved(work, keys[middle:], failed)


def savepoint() -> AbstractContextManager:
    """Inside a transaction an error must not end all of it; outside of one, every statement stands for itself."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()


def name_of(row: object) -> str:
    return f"{row._meta.model_name} {row.pk}" if isinstance(row, Model) else str(row)[-200:]


def note(step: str, error: Exception, now: datetime, *, row: str = "", group: int | None = None) -> None:
    """Write down that a step raised. The whole traceback is logged once, and a line each further time."""
    known = Failure.objects.filter(step=step, row=row)
    fresh = not known.filter(at__gt=now - KEPT).exists()
    words = _writable(one_line(error))[:300]
    log.log(
        logging.ERROR if fresh else logging.WARNING,
        "%s: %s could not be done and waits for the next time: %s: %s%s",
        *(step, row or "the whole step", type(error).__name__, words),
        "\n" + _writable("".join(format_exception(error))) if fresh else "",
    )
    said = {"group_id": group, "error": type(error).__name__[:80], "words": words, "at": now}
    try:
        with savepoint():
            if not known.update(times=F("times") + 1, **said):
                Failure.objects.bulk_create([Failure(step=step, row=row, first_at=now, **said)], ignore_conflicts=True)
    except (IntegrityError, DataError):  # its group went meanwhile; the log has it
        log.exception("That %s failed could not be kept", step)


def _writable(text: str) -> str:
    """The text without lone surrogates, which neither a log file nor a database takes."""
    return text.encode("utf-8", "backslashreplace").decode()


def of_late(now: datetime) -> QuerySet[Failure]:
    """Return the failures of the last hour."""
    return Failure.objects.filter(at__gt=now - LATELY)


def forget_old(now: datetime) -> int:
    """Delete failures that have not been seen again for a day; return how many."""
    return Failure.objects.filter(at__lte=now - KEPT).delete()[0]
