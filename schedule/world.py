"""Letters with the world they speak of: loaded together in a few queries, and asked about again one by one.

A letter is judged and written from rows read some moments ago. Whether these still hold is one small question, put just
before the letter is handed over.
"""

from collections import defaultdict
from functools import cache

from django.db import connection
from django.db.models import prefetch_related_objects

from schedule.letter_facts import WHOLE_TERM
from schedule.models import Letter

# all that decides whether a letter is wanted, by whom it is read, and what it is about
DECIDES = (
    "created_at",
    "session__sequence",
    "session__state",
    "session__starts_at",
    "session__place",
    "session__term__published_at",
    "recipient__state",
    "recipient__role",
    "recipient__member__is_active",
    "recipient__member__email",
    "recipient__member__refused_email",
    "recipient__member__muted__topic",
    "about__state",
    "about__member__is_active",
    "session__presentations__presenter",
    "session__presentations__paper",
    "session__presentations__shared_at",
)


class World:
    """These letters as they stand now: a few queries, however many they are."""

    def __init__(self, pks: list[int]):
        self._signs = _signs(pks)  # before the rows: what changes between the two shows as a difference
        self._letters = Letter.objects.with_world().in_bulk(pks)
        whole_terms = [letter for letter in self._letters.values() if letter.kind == Letter.PUBLISHED]
        prefetch_related_objects(whole_terms, WHOLE_TERM)

    def letter(self, pk: int) -> Letter | None:
        return self._letters.get(pk)

    def stands(self, pk: int) -> bool:
        """Is all that decides about this letter as it was? One query."""
        return _signs([pk]) == {pk: self._signs.get(pk)}

    def look_again(self, pk: int) -> Letter:
        self._signs |= _signs([pk])
        self._letters[pk] = Letter.objects.with_world().get(pk=pk)
        return self._letters[pk]


def _signs(pks) -> dict[int, set[tuple]]:
    """Per letter one row, as the database gives it, for every turn of its session."""
    signs = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_question(len(pks)), pks)
        for pk, *row in cursor.fetchall():
            signs[pk].add(tuple(row))
    return dict(signs)


@cache
def _question(count) -> str:
    """The query in SQL for so many letters. Written once: it is put for every letter, and writing costs more than asking."""
    letters = Letter.objects.filter(pk__in=range(1, count + 1)).order_by().values_list("pk", *DECIDES)
    return letters.query.sql_with_params()[0]
