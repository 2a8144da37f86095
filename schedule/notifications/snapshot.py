"""Notifications with the world they speak of: loaded together in a few queries, and asked about again one by one.

A notification is judged and written from rows read some moments ago. Whether these still hold is one small question, put just
before the notification is handed over.
"""

from collections import defaultdict
from functools import cache

from django.db import connection
from django.db.models import Case, Exists, OuterRef, Prefetch, QuerySet, Subquery, Value, When, prefetch_related_objects
from django.db.models.functions import Coalesce

from schedule.models import Notification, Presentation, Swap
from schedule.notifications.context import WHOLE_TERM

# all that decides whether a notification is wanted, by whom it is read, and what it is about
RELEVANT_FIELDS = (
    "created_at",
    "session__sequence",
    "session__state",
    "session__closed_at",
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
    "session__presentations__paper__deleted_at",
    "session__presentations__shared_at",
    "swap__state",
    "swap__session__sequence",
    "swap__wanted__sequence",
)


def with_related(notifications: QuerySet) -> QuerySet:
    """Each with all that decides whether it is wanted and what it says, in five queries."""
    turns = Presentation.objects.select_related("presenter__member", "paper").prefetch_related("paper__files")
    people = notifications.select_related(
        "recipient__member", "recipient__calendar_link", "about__member", "session__term__group"
    )
    return people.annotate(thread=_first_of_thread(), in_calendar=_in_the_calendar()).prefetch_related(
        "recipient__member__muted",
        Prefetch("session__presentations", turns),
        Prefetch("swap", Swap.objects.with_related()),
    )


def _first_of_thread():
    """The Message-ID of the first row about the same turn, or the same session, for the same reader."""
    same = Notification.objects.filter(session=OuterRef("session"), recipient=OuterRef("recipient"))
    same = same.exclude(kind=Notification.PUBLISHED).annotate(turn=Coalesce("about", 0))
    first = same.filter(turn=Coalesce(OuterRef("about"), 0)).order_by("pk").values("message_id")[:1]
    return Case(When(kind=Notification.PUBLISHED, then=Value("")), default=Coalesce(Subquery(first), Value("")))


def _in_the_calendar():
    same = Notification.objects.filter(session=OuterRef("session"), recipient=OuterRef("recipient"))
    return Exists(same.filter(invited=True))


class Snapshot:
    """These notifications as they stand now: a few queries, however many they are."""

    def __init__(self, pks: list[int]):
        self._signs = _signs(pks)  # before the rows: what changes between the two shows as a difference
        self._notifications = with_related(Notification.objects.all()).in_bulk(pks)
        whole_terms = [
            notification for notification in self._notifications.values() if notification.kind == Notification.PUBLISHED
        ]
        prefetch_related_objects(whole_terms, WHOLE_TERM)

    def notification(self, pk: int) -> Notification | None:
        return self._notifications.get(pk)

    def is_current(self, pk: int) -> bool:
        """Is all that decides about this notification as it was? One query."""
        return _signs([pk]) == {pk: self._signs.get(pk)}

    def refresh(self, pk: int) -> Notification:
        self._signs |= _signs([pk])
        self._notifications[pk] = with_related(Notification.objects.all()).get(pk=pk)
        return self._notifications[pk]


def _signs(pks) -> dict[int, set[tuple]]:
    """Per notification one row, as the database gives it, for every turn of its session."""
    signs = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_question(len(pks)), pks)
        for pk, *row in cursor.fetchall():
            signs[pk].add(tuple(row))
    return dict(signs)


@cache
def _question(count) -> str:
    """The query in SQL for so many notifications. Written once: it is put for every notification, and writing costs more than asking."""
    notifications = (
        Notification.objects.filter(pk__in=range(1, count + 1)).order_by().values_list("pk", *RELEVANT_FIELDS)
    )
    return notifications.query.sql_with_params()[0]
