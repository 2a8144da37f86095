"""What a paper's page says about its look-ups: how each stands, in words with a way out, and card and record side by side."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from papers import labels
from papers.lookup import merge, requests
from papers.models import Lookup, Paper

LAST_WORD = {Lookup.NOTHING, Lookup.SLOW, Lookup.LIMITED, Lookup.GARBLED, Lookup.OFF}
PDF_TROUBLE = {Lookup.NOTHING, Lookup.SLOW, Lookup.LIMITED, Lookup.GARBLED, Lookup.TOO_LARGE, Lookup.REFUSED}


@dataclass(frozen=True)
class PanelLine:
    """One field, as the card and as the record have it."""

    field: str
    name: str
    ours: str
    theirs: str
    source: str
    typed: bool


@dataclass(frozen=True)
class Shown:
    """One look-up on the page."""

    lookup: Lookup
    where: str
    words: str
    is_trouble: bool
    lines: list[PanelLine]
    seal: str

    @property
    def is_compared(self):
        return bool(self.lines)

    @property
    def fields(self):
        return ", ".join(line.name for line in self.lines)

    @property
    def untyped(self):
        """How many lines are taken with "take all"."""
        return sum(not line.typed for line in self.lines)

    @property
    def anybody_typed(self):
        return self.untyped < len(self.lines)


def shown(paper: Paper, names: dict[int, str]) -> list[Shown]:
    """Every look-up of the paper, what was asked first first; troubles with a number it bears no more are over."""
    found = []
    numbers = {(one.kind, one.value.casefold()) for one in requests.numbers(paper)}
    for lookup in paper.lookups.all():
        if lookup.state != Lookup.FOUND and (lookup.kind, lookup.identifier.casefold()) not in numbers:
            continue
        compared = lookup.state in {Lookup.FOUND, Lookup.MISMATCH} and not lookup.set_aside
        said, trouble = _said(lookup)
        found.append(
            Shown(
                lookup=lookup,
                where=labels.where(lookup),
                words=said,
                is_trouble=trouble,
                lines=_lines(paper, lookup, names) if compared and not paper.is_being_read else [],
                seal=merge.seal(paper, lookup) if compared else "",
            )
        )
    return found


def _lines(paper: Paper, lookup: Lookup, names: dict[int, str]) -> list[PanelLine]:
    return [
        PanelLine(
            field=one.field,
            name=labels.field_name(one.field),
            ours=_text(one.ours),
            theirs=_text(one.theirs),
            source=labels.source(paper.sources.get(one.field, ""), names) if one.ours else _("empty"),
            typed=one.typed,
        )
        for one in merge.differences(paper, lookup)
    ]


def _text(value) -> str:
    return "; ".join(value) if isinstance(value, list) else str(value or "")


def _said(lookup: Lookup) -> tuple[str, bool]:
    """The state in words, and whether a person may want to do something."""
    if lookup.state == Lookup.FOUND and lookup.pdf in PDF_TROUBLE:
        return labels.no_pdf(lookup), True
    if lookup.state == Lookup.FOUND and lookup.pdf == Lookup.WANTED and not lookup.next_try_at:
        return labels.lookup_state(Lookup.OFF, lookup), True
    return labels.lookup_state(lookup.state, lookup), lookup.state in LAST_WORD
