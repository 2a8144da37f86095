"""Which papers are to be looked up in public catalogues: the rows of Lookup, and what they say about each other.

The asking is done by papers/lookup/queue.py; off by LOOK_UP=0, and then nothing is asked and nothing is lost.
"""

from datetime import datetime, timedelta
from difflib import SequenceMatcher

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils.timezone import now as right_now

from members.models import Membership
from papers.duplicates import title_words
from papers.lookup.catalogues.identifiers import Identifier, recognise
from papers.lookup.catalogues.record import CatalogueRecord
from papers.models import UNSURE, Lookup, Paper
from papers.turn_taking import REMEMBERED, in_turn

LEASE = timedelta(seconds=240)  # longer than all time limits of one look-up together
PAUSES = (60, 600, 3600, 6 * 3600)  # seconds before each further try
ALIKE = 0.6


def is_on() -> bool:
    return settings.LOOK_UP


def queue(paper: Paper, identifier: Identifier, *, by: Membership | None = None) -> Lookup:
    """Have a paper looked up; what was asked before is asked again only when a person asks."""
    given = {"version": identifier.version, "asked_by": by, "pasted": by is not None}
    lookup, made = Lookup.objects.get_or_create(
        paper=paper, kind=identifier.kind, identifier=identifier.value, defaults=given
    )
    if by and not made and lookup.state != Lookup.FOUND:
        again(lookup)
    return lookup


def again(lookup: Lookup) -> bool:
    """Back on the to-do list with all its tries; false while it is being asked, or when there is nothing left to ask."""
    rows = Lookup.objects.filter(pk=lookup.pk).exclude(state=Lookup.ASKED, next_try_at__gt=right_now())
    fetch = rows.filter(state=Lookup.FOUND).exclude(pdf__in=["", Lookup.KEPT, Lookup.TWIN])
    fetch = fetch.exclude(pdf=Lookup.WANTED, next_try_at__isnull=False)
    if fetch.update(pdf=Lookup.WANTED, tries=0, next_try_at=right_now()):
        return True
    rest = rows.exclude(state__in=[Lookup.FOUND, Lookup.MISMATCH])
    return bool(rest.update(state=Lookup.WAITING, tries=0, next_try_at=right_now()))


def after_reading(card: Paper, title: str) -> None:
    """A PDF was read: its numbers are looked up, and a record that was there before is held against its title."""
    with transaction.atomic():
        if not Paper.objects.select_for_update().filter(pk=card.pk).exists():
            return  # joined with another meanwhile
        for lookup in card.lookups.filter(state=Lookup.FOUND):
            if title and not alike(title, lookup.record.get("title", "")):
                Lookup.objects.filter(pk=lookup.pk).update(state=Lookup.MISMATCH)
        if not card.deleted_at:
            queue_all(card)


def queue_all(card: Paper, *, by: Membership | None = None) -> None:
    """Every number of the card, where looking up is on."""
    if is_on():
        for identifier in numbers(card):
            queue(card, identifier, by=by)


def numbers(card: Paper) -> list[Identifier]:
    """What its card can be looked up by."""
    found = recognise(f"arXiv:{card.arxiv_id}")[:1] if card.arxiv_id else []
    return found + [one for one in recognise(card.doi)[:1] if one not in found]


def due(now: datetime):
    """What is to be asked now: people's questions first, then the oldest."""
    rows = Lookup.objects.filter(next_try_at__lte=now, paper__deleted_at=None)
    return rows.order_by("-pasted", "next_try_at", "pk")


def next_due(now: datetime) -> int | None:
    """Return the row that is to be asked now: members take turns, and of one member people's questions come first."""
    waiting = due(now).values_list("pk", "paper__added_by", "paper__group")
    lately = Lookup.objects.filter(asked_at__gt=now - REMEMBERED, tries__gt=0).order_by()
    turns = in_turn(waiting, lately.values_list("paper__added_by", "paper__group"))
    return turns[0][0] if turns else None


def claim(lookup: Lookup, now: datetime) -> bool:
    """Ours until it is settled or LEASE is over; a row whose worker died each time is settled here."""
    rows = Lookup.objects.filter(pk=lookup.pk, next_try_at__lte=now)
    given_up = rows.filter(tries__gt=len(PAUSES))
    given_up.filter(state=Lookup.FOUND).update(pdf=Lookup.SLOW, next_try_at=None)
    given_up.exclude(state=Lookup.FOUND).update(state=Lookup.SLOW, next_try_at=None)
    state = Lookup.FOUND if lookup.state == Lookup.FOUND else Lookup.ASKED
    return bool(rows.update(state=state, tries=F("tries") + 1, next_try_at=now + LEASE))


def switch(on: bool) -> None:
    """Rows follow the setting: off, they say so; on again, they are asked."""
    waiting = Q(next_try_at__isnull=False)
    if on:
        Lookup.objects.filter(state=Lookup.OFF).update(state=Lookup.WAITING, next_try_at=right_now())
        return
    Lookup.objects.filter(waiting, state=Lookup.FOUND).update(next_try_at=None)
    Lookup.objects.filter(waiting).update(state=Lookup.OFF, next_try_at=None)


def next_try(tries: int, now: datetime, wait: float | None) -> datetime | None:
    """When a question that failed is asked again: when the catalogue says, else later each time, at last not at all."""
    if tries > len(PAUSES):
        return None
    return now + timedelta(seconds=wait or PAUSES[tries - 1])


def fits(card: Paper, record: CatalogueRecord) -> bool:
    """May the record be this paper's? A title that was read without confidence is no witness against it."""
    if not card.title or card.confidences.get("title", 1) < UNSURE:
        return True
    return alike(card.title, record.title)


def alike(one: str, other: str) -> bool:
    """Two titles of which one may be cut, misread or without its subtitle."""
    ours, theirs = title_words(one), title_words(other)
    if not ours or not theirs:
        return True
    shared = len(set(ours) & set(theirs)) / min(len(set(ours)), len(set(theirs)))
    letters = SequenceMatcher(None, "".join(ours), "".join(theirs), autojunk=False).ratio()
    return max(shared, letters) >= ALIKE
