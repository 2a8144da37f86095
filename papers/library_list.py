"""What stands on the library page: one reading of the address, the papers it asks for, and the counts beside the words."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from members.models import Group
from members.numbers import whole
from papers import presented
from papers.models import UNSURE, Lookup, Paper, Wish
from papers.search.index import search

PER_PAGE = 50
TAGS_SHOWN = 12
STATES = {"planned": _("planned"), "presented": _("presented"), "wished": _("wished for"), "check": _("please check")}
SORTS = {"near": _("Best match first"), "new": _("Newest first"), "title": _("By title"), "year": _("By year")}
ORDER = {"new": ["-added_at", "-pk"], "title": ["title", "-pk"], "year": ["-year", "title", "-pk"]}


def _turns(state: str, now: datetime):
    return presented.ask().planned(now) if state == "planned" else presented.ask().held(now)


def in_state(state: str, now: datetime) -> Q:
    """Papers that are planned, were presented, are wished for and not planned yet, or should be checked."""
    if state in {"planned", "presented"}:
        return Q(pk__in=_turns(state, now).values("paper"))
    if state == "wished":
        wished = Q(pk__in=Wish.objects.values("paper"))
        return wished & ~in_state("planned", now) & ~in_state("presented", now)
    unsure = Q(state=Paper.UNREADABLE) | Q(looks_like__isnull=False) | Q(state=Paper.READY, title="")
    for name in Paper.READ:
        unsure |= Q(**{f"confidences__{name}__lt": UNSURE})
    return unsure


def with_turns(papers, now: datetime):
    """Each paper with `next_turn` and `last_turn`: when it is and was presented; `is_asked_for`: it is being looked up."""

    def starts(which, order):
        turns = _turns(which, now).filter(paper=OuterRef("pk")).order_by(f"{order}meets_at")
        return Subquery(turns.values("meets_at")[:1])

    asked = Lookup.objects.filter(paper=OuterRef("pk"), next_try_at__isnull=False)
    asked = asked.filter(state__in=[Lookup.WAITING, Lookup.ASKED])
    turns = {"next_turn": starts("planned", ""), "last_turn": starts("presented", "-")}
    return papers.annotate(**turns, is_asked_for=Exists(asked))


@dataclass
class Shelf:
    """The library page as its address asks for it: ?q= &tag= &year= &by= &state= &sort= &view= &page="""

    group: Group
    asked: dict
    now: datetime

    def __post_init__(self) -> None:
        self.query = str(self.asked.get("q", "")).replace("\0", "").strip()[:200]
        self.state = self.asked.get("state") if self.asked.get("state") in STATES else ""
        self.tag, self.by, self.year = (whole(self.asked.get(name)) for name in ("tag", "by", "year"))
        self.view = "list" if self.asked.get("view") == "list" else "covers"
        default = "near" if self.query else "new"
        self.sort = self.asked.get("sort") if self.asked.get("sort") in ORDER else default

    @cached_property
    def found(self):
        """What the search, the year and the person leave; the words of `counts` divide this further."""
        papers = self.group.papers.kept()
        if self.by:
            papers = papers.filter(added_by=self.by)
        if self.year:
            papers = papers.filter(year=self.year)
        return search(papers, self.query)

    @cached_property
    def chosen(self) -> Q:
        """What the words of `counts` and the tags leave of those."""
        chosen = in_state(self.state, self.now) if self.state else Q()
        return (
            chosen & Q(pk__in=Paper.tags.through.objects.filter(tag=self.tag).values("paper")) if self.tag else chosen
        )

    @cached_property
    def counts(self) -> dict[str, int]:
        wanted = {state: Count("pk", filter=in_state(state, self.now)) for state in STATES}
        shown = Count("pk", filter=self.chosen) if self.chosen else Count("pk")
        return self.found.order_by().aggregate(all=Count("pk"), shown=shown, **wanted)

    @cached_property
    def page(self) -> Page:
        papers = with_turns(self.found.filter(self.chosen), self.now).prefetch_related("files")
        if self.sort in ORDER:
            papers = papers.order_by(*ORDER[self.sort])
        if self.query:
            papers = papers.select_related("text").defer("text__title_tokens", "text__card_tokens", "text__body_tokens")
        paginator = Paginator(papers, PER_PAGE)
        paginator.count = self.counts["shown"]
        return paginator.get_page(self.asked.get("page"))

    @cached_property
    def tags(self):
        """The group's tags with how many of the papers found carry each; the chosen one is always among them."""
        held = Count("papers", filter=Q(papers__in=self.found.order_by().values("pk")))
        tags = self.group.tags.annotate(held=held).order_by("-held", "name")
        shown = [tag for tag in tags if tag.held][:TAGS_SHOWN]
        return shown + [tag for tag in tags if tag.pk == self.tag and tag not in shown]

    @cached_property
    def people(self):
        return list(self.group.memberships.in_order())

    @property
    def readers(self) -> int:
        return sum(membership.is_current for membership in self.people)

    @property
    def narrowed(self) -> bool:
        return bool(self.query or self.state or self.tag or self.by or self.year)

    @property
    def is_bare(self) -> bool:
        return not self.narrowed and not self.counts["all"]
