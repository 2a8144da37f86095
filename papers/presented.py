"""Where papers are presented, as far as the library must know: the app above answers, and registers itself in its apps.py."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:  # apps.py imports this module before there are models
    from django.db.models import QuerySet

    from papers.models import Paper


class Presented(Protocol):
    """A module with these functions. A turn has a `paper`, a `presenter`, a `session`, and `meets_at` where it says so."""

    def planned(self, now: datetime) -> QuerySet[Any]:
        """Return the turns to come of people who are there, each with `meets_at`."""

    def held(self, now: datetime) -> QuerySet[Any]:
        """Return the turns of sessions that are over, each with `meets_at`."""

    def of_paper(self, paper: Paper) -> list[Any]:
        """Return the published turns that present it, the earliest first, without those of cancelled sessions. One query."""

    def in_session(self, pk: int) -> QuerySet[Any]:
        """Return the published turns of this session."""

    def joined(self, paper: Paper, into: Paper) -> None:
        """Let what presents `paper` present `into`; called in the same transaction."""

    def coming(self, paper: Paper, now: datetime) -> list[str]:
        """Return the turns to come for which it is shared, in words."""

    def on_record(self, papers: Collection[int], now: datetime) -> set[int]:
        """Return those of these papers that the record of a past session names."""

    def thrown_away(self, paper: Paper, now: datetime) -> None:
        """Note that it lies in the trash; called in the same transaction."""

    def brought_back(self, paper: Paper, *, since: datetime, now: datetime) -> None:
        """Note that it is back, after it lay in the trash from `since` on; called in the same transaction."""


_answers: list[str] = []


def register(module: str) -> None:
    """Name the module that answers."""
    _answers[:] = [module]


def ask() -> Presented:
    """Return the module that answers."""
    return cast("Presented", import_module(_answers[0]))
