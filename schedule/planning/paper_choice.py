"""Which papers are offered when somebody chooses one: for a turn, or for the wish-list."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch

from members.models import Group, Membership
from papers.models import Paper, Wish
from papers.search.index import search
from schedule.models import Session

SHOWN = 12


@dataclass(frozen=True)
class PaperChoices:
    """What was asked, and the papers to choose from; without a question the wished ones and the newest."""

    q: str
    papers: list[Paper]
    wished: list[Paper]


def choices(group: Group, me: Membership, q: str, now: datetime) -> PaperChoices:
    q = q.strip()[:200]
    found = (
        search(group.papers.kept().prefetch_related("files"), q) if q else group.papers.kept().prefetch_related("files")
    )
    wished = [] if q else list(wishes(group, me, now)[:SHOWN])
    rest = found.exclude(pk__in=[paper.pk for paper in wished])[:SHOWN]
    papers = list(rest)
    for paper in [*papers, *wished]:
        paper.group = group
    return PaperChoices(q, papers, wished)


def wishes(group: Group, me: Membership, now: datetime):
    """Proposed and not presented yet, the most wanted first. Each paper has `wanted` and `mine`."""
    held = Session.objects.took_place(now).filter(term__group=group)
    presented = Paper.objects.filter(presentations__session__in=held)
    return (
        group.papers.kept()
        .exclude(pk__in=presented.values("pk"))
        .annotate(wanted=Count("wishes"), mine=Exists(Wish.objects.filter(paper=OuterRef("pk"), membership=me)))
        .filter(wanted__gt=0)
        .prefetch_related("files", Prefetch("wishes", Wish.objects.select_related("membership__member")))
        .order_by("-wanted", "added_at", "pk")
    )
