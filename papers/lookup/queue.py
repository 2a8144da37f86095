"""Asking public catalogues, one question at a time and no faster than they like, and handing the answer to the card.

A worker that dies loses nothing: its row comes up again when its lease is over.
"""

import logging
import math
import time
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.utils.timezone import now as right_now

from members import failures
from papers.lookup import merge, requests
from papers.lookup.catalogues import registry, transport
from papers.lookup.catalogues.arxiv import pdf_path
from papers.lookup.catalogues.identifiers import Identifier
from papers.lookup.catalogues.record import CatalogueRecord
from papers.lookup.catalogues.transport import Catalogue, CatalogueError
from papers.models import UPLOAD_LIMIT, Lookup, Paper, Source

log = logging.getLogger(__name__)
PATIENCE = 4  # seconds to stand before a gate
ROUND = 45  # seconds that one call may go on taking up new rows
BRAKE = "looking-up"
LOOK_UPS = "look-ups"
# of several refusals, the one that says most
WEIGHT = [Lookup.NOTHING, Lookup.GARBLED, Lookup.SLOW, Lookup.LIMITED]


def look_up_due(seconds: float = ROUND) -> Iterator[Paper]:
    """Ask what is due; yields each paper whose PDF came, to be read. One caller at a time, the others leave at once."""
    requests.switch(requests.is_on())
    end = time.monotonic() + seconds
    while requests.is_on() and time.monotonic() < end and requests.due(right_now()).exists():
        if not cache.add(BRAKE, 1, timeout=int(seconds + requests.LEASE.total_seconds())):
            return
        try:
            yield from _one_by_one(end)
        finally:
            cache.delete(BRAKE)


def _one_by_one(end: float) -> Iterator[Paper]:
    while time.monotonic() < end and (pk := requests.next_due(right_now())):
        now, row = right_now(), Lookup.objects.filter(pk=pk)
        readable = failures.rows(LOOK_UPS, row.select_related("paper__group"), now, group="paper__group")
        if not readable:
            row.update(next_try_at=now + requests.LEASE)  # the others have their turn meanwhile
        claimed = [lookup for lookup in readable if requests.claim(lookup, now)]
        for lookup, came in failures.each(LOOK_UPS, claimed, _look_up, now, group=lambda one: one.paper.group_id):
            if came:
                yield lookup.paper


def _look_up(lookup: Lookup) -> bool:
    """Ask, or fetch the PDF of a record that was found; true when there is one to read."""
    lookup.tries += 1
    if lookup.state == Lookup.FOUND:
        return _fetch(lookup)
    _ask(lookup)
    return False


def _ask(lookup: Lookup) -> None:
    """Each source in turn until one knows the paper; of several refusals the weightiest counts."""
    identifier = Identifier(lookup.kind, lookup.identifier, lookup.version)
    troubles = []
    for name in registry.sources_of(identifier.kind):
        try:
            record = _record(name, identifier)
        except CatalogueError as trouble:
            log.info("%s about %s: %s (%s)", name, lookup, trouble.state, trouble)
            troubles.append((trouble, name))
        else:
            return merge.take_in(lookup, record)
    worst, name = max(troubles, key=lambda one: WEIGHT.index(_heard(one[0])))
    return merge.no_record(lookup, _heard(worst), name, worst.wait)


def _heard(trouble: CatalogueError) -> str:
    return trouble.state if trouble.state in WEIGHT else Lookup.GARBLED


def _record(name: str, identifier: Identifier) -> CatalogueRecord:
    speaks = registry.CATALOGUES[name]
    with _Gate(name):
        return speaks.parse(transport.get(catalogue(name), speaks.path(identifier) + _signed(name)), identifier)


def _signed(name: str) -> str:
    return f"?api_key={settings.OPENALEX_KEY}" if name == "openalex" and settings.OPENALEX_KEY else ""


def _fetch(lookup: Lookup) -> bool:
    """The PDF that belongs to a record of arXiv, added like any other; true when there is one to read."""
    identifier = Identifier(lookup.kind, lookup.identifier, lookup.version)
    where = catalogue("arxiv", seconds=settings.LOOK_UP_PDF_SECONDS, limit=UPLOAD_LIMIT)
    with TemporaryUploadedFile(f"{lookup.identifier.replace('/', '-')}.pdf", "application/pdf", 0, None) as file:
        try:
            with _Gate("arxiv", seconds=settings.LOOK_UP_PDF_SECONDS):
                transport.get(where, pdf_path(identifier), write=file.write)
        except CatalogueError as trouble:
            log.info("the PDF of %s: %s (%s)", lookup, trouble.state, trouble)
            merge.no_pdf(lookup, trouble.state, trouble.wait)
            return False
        file.size = file.tell()
        return merge.keep_pdf(lookup, file)


def catalogue(name: str, **limits) -> Catalogue:
    """Where a source answers, and who we say we are there."""
    who = " ".join(f"{settings.SITE_URL} {settings.LOOK_UP_CONTACT and f'mailto:{settings.LOOK_UP_CONTACT}'}".split())
    agent = f"reading-study/1.0 ({who})".encode("ascii", "replace").decode()
    return Catalogue(name, settings.SOURCES[name], agent, **{"seconds": settings.LOOK_UP_SECONDS} | limits)


class _Gate:
    """Between two questions to one source lies its pause, whichever workers ask; and only one asks at a time.

    It waits a little for the gate to open; when that would take long, it is as if the source had asked us to wait.
    """

    def __init__(self, name: str, seconds: float | None = None) -> None:
        self.name, self.wait = name, 0
        self.seconds = seconds or settings.LOOK_UP_SECONDS

    def __enter__(self):
        Source.objects.get_or_create(name=self.name)
        row = Source.objects.filter(name=self.name)
        for chance in range(2):
            now = right_now()
            # closed for longer than an answer may take: should this worker die, the gate opens by itself
            if row.filter(free_at__lte=now).update(free_at=now + timedelta(seconds=2 * self.seconds + 30)):
                return self
            away = (row.get().free_at - now).total_seconds()
            if away > PATIENCE or chance:
                break
            time.sleep(max(0, away))  # at most PATIENCE, in a worker
        raise CatalogueError(Lookup.LIMITED, "not our turn yet", math.ceil(away))

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, CatalogueError) and error.state == Lookup.LIMITED:
            self.wait = error.wait or 60
        pause = max(self.wait, settings.SOURCE_PAUSES[self.name])
        Source.objects.filter(name=self.name).update(free_at=right_now() + timedelta(seconds=pause))
