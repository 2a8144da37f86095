"""The cache: a table of JSON, so that a row somebody wrote into it runs no code here, as a pickle would."""

from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from members.records import CacheEntry


class JsonCache(BaseCache):
    """Keeps what JSON knows, for all processes together; a tuple comes back as a list."""

    def __init__(self, _location: str, params: dict):
        super().__init__(params)

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None) -> bool:
        """Keep a value where there is none; however many ask at once, one gets True."""
        entry = self._entry(key, value, timeout, version)
        CacheEntry.objects.filter(pk=entry.pk, expires_at__lte=now()).delete()
        try:
            with transaction.atomic():
                entry.save(force_insert=True)
        except IntegrityError:
            return False
        return True

    def get(self, key, default=None, version=None) -> Any:
        found = self._current(key, version).values_list("value", flat=True)
        return next(iter(found), default)

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None) -> None:
        CacheEntry.objects.bulk_create(
            [self._entry(key, value, timeout, version)],
            update_conflicts=True,
            unique_fields=["key"],
            update_fields=["value", "expires_at"],
        )

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None) -> bool:
        return bool(self._current(key, version).update(expires_at=self._end(timeout)))

    def delete(self, key, version=None) -> bool:
        return bool(self._current(key, version).delete()[0])

    def clear(self) -> None:
        CacheEntry.objects.all().delete()

    def _entry(self, key, value, timeout, version) -> CacheEntry:
        return CacheEntry(
            key=self.make_and_validate_key(key, version=version), value=value, expires_at=self._end(timeout)
        )

    def _current(self, key, version) -> QuerySet[CacheEntry]:
        current = Q(expires_at=None) | Q(expires_at__gt=now())
        return CacheEntry.objects.filter(current, pk=self.make_and_validate_key(key, version=version))

    def _end(self, timeout) -> datetime | None:
        end = self.get_backend_timeout(timeout)
        return None if end is None else datetime.fromtimestamp(end, UTC)


def forget_old(at: datetime) -> int:
    """Delete what has expired; return how many."""
    return CacheEntry.objects.filter(expires_at__lte=at).delete()[0]
