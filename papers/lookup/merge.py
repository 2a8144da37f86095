"""What a public record does to a card: it fills what is empty, shows where it differs, and a person takes what is right.

What people typed is theirs: it is replaced only by the very field that somebody takes.
"""

import hashlib
import json
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import now as right_now

from members.models import Membership
from papers import library
from papers.duplicates import bare_arxiv_id, title_words
from papers.lookup import requests
from papers.lookup.catalogues.record import CatalogueRecord, from_json
from papers.models import Lookup, Paper
from papers.uploads import UploadRefused

ASKED_AGAIN = {Lookup.SLOW, Lookup.LIMITED, Lookup.GARBLED}
# a record writes these otherwise than the page does, and both are right
LOOSE = {"title", "abstract", "venue"}


@dataclass(frozen=True)
class Difference:
    """A field of which the record says something else than the card."""

    field: str
    ours: object
    theirs: object
    typed: bool  # a person wrote what the card says


# ── an answer comes ──────────────────────────────────────────────────────────────────────────────
def take_in(lookup: Lookup, record: CatalogueRecord) -> None:
    """Keep the record; what the card lacks is filled from it, unless it seems to be about another paper."""
    with transaction.atomic():
        card = Paper.objects.select_for_update().select_related("group").get(pk=lookup.paper_id)
        fits = requests.fits(card, record)
        wanted = fits and lookup.pasted and lookup.kind == "arxiv" and not card.files.exists()
        answered = {
            "state": Lookup.FOUND if fits else Lookup.MISMATCH,
            "source": record.source,
            "record": record.as_json(),
            "pdf": Lookup.WANTED if wanted else "",
            "tries": 0,
            "next_try_at": right_now() if wanted else None,
        }
        Lookup.objects.filter(pk=lookup.pk).update(**answered)
        if fits:
            fill(card, record)


def no_record(lookup: Lookup, state: str, source: str, wait: float | None) -> None:
    again = requests.next_try(lookup.tries, right_now(), wait) if state in ASKED_AGAIN else None
    Lookup.objects.filter(pk=lookup.pk).update(state=state, source=source, next_try_at=again)


def keep_pdf(lookup: Lookup, file) -> bool:
    """Put the PDF on the card; false when it is no PDF, or lies on another card already, which the page then says."""
    try:
        added = library.add_version(lookup.paper, file, by=lookup.asked_by, name=file.name)
    except UploadRefused:
        no_pdf(lookup, Lookup.REFUSED, None)
        return False
    twin = added.paper.pk != lookup.paper_id
    if twin and not added.paper.deleted_at:
        Paper.objects.filter(pk=lookup.paper_id).update(looks_like=added.paper)
    Lookup.objects.filter(pk=lookup.pk).update(pdf=Lookup.TWIN if twin else Lookup.KEPT, next_try_at=None)
    return added.new


def no_pdf(lookup: Lookup, state: str, wait: float | None) -> None:
    again = requests.next_try(lookup.tries, right_now(), wait) if state in ASKED_AGAIN else None
    Lookup.objects.filter(pk=lookup.pk).update(pdf=state, next_try_at=again)


def fill(card: Paper, record: CatalogueRecord) -> None:
    """What the card lacks comes from the record; what it was not sure of is settled where both say the same."""
    empty, settled = {}, {}
    for field in Paper.READ:
        theirs, ours = value_of(record, field), getattr(card, field)
        if not theirs or card.holds(field):
            continue
        if not ours:
            empty[field] = theirs
        elif field in card.unsure and same_value(field, ours, theirs):
            settled[field] = ours
    if empty or settled:
        library.edit(card, by=None, changes=empty | settled, source=record.source)


# ── side by side ─────────────────────────────────────────────────────────────────────────────────
def differences(card: Paper, lookup: Lookup) -> list[Difference]:
    """Field by field in the order of the card; what the record does not know is no difference."""
    record = from_json(lookup.record)
    return [
        Difference(field, getattr(card, field), theirs, card.sources.get(field, "").startswith("typed:"))
        for field in Paper.READ
        if (theirs := value_of(record, field)) and not same_value(field, getattr(card, field), theirs)
    ]


def value_of(record: CatalogueRecord, field: str):
    """As a card keeps it."""
    value = getattr(record, field)
    return list(value) if field == "authors" else value


def same_value(field: str, ours, theirs) -> bool:
    """Do they say the same, apart from case, punctuation and spaces?"""
    if field == "authors":
        return [title_words(name) for name in ours] == [title_words(name) for name in theirs]
    if field in LOOSE:
        return "".join(title_words(ours)) == "".join(title_words(theirs))
    if field == "arxiv_id":
        return bare_arxiv_id(ours).casefold() == bare_arxiv_id(theirs).casefold()
    return str(ours or "").casefold() == str(theirs).casefold()


def seal(card: Paper, lookup: Lookup) -> str:
    """Changes when the card or the record does: whoever takes something has seen what it replaces."""
    shown = [[one.field, one.ours, one.theirs] for one in differences(card, lookup)]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:16]


def take(lookup: Lookup, *, by: Membership, field: str = "", seen: str) -> bool:
    """Put what the record says on the card: one field, or all that nobody typed. False when the card has changed since."""
    with transaction.atomic():
        card = Paper.objects.select_for_update().select_related("group").get(pk=lookup.paper_id)
        if seen != seal(card, lookup):
            return False
        shown = differences(card, lookup)
        chosen = {one.field: one.theirs for one in shown if (one.field == field if field else not one.typed)}
        library.edit(card, by=by, changes=chosen, source=lookup.source)
        if lookup.state == Lookup.MISMATCH:
            agree(lookup)
    return True


def agree(lookup: Lookup) -> None:
    """A person says that the record belongs to this paper."""
    Lookup.objects.filter(pk=lookup.pk, state=Lookup.MISMATCH).update(state=Lookup.FOUND)


def set_aside(lookup: Lookup) -> None:
    """The card stays as it is, and is not compared with this record any more."""
    Lookup.objects.filter(pk=lookup.pk).update(set_aside=True)
