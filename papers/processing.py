"""Reading a PDF that came in: one worker claims the row, looks inside in the sandbox, and writes down what it found.

Members take turns (papers/turn_taking.py), and no member has more than MOST_AT_ONCE papers read at a time. The row says how far it is, so a page can show it. A worker that dies leaves a lease that runs out; after TRIES such deaths
the file is called unreadable. What a person typed is never overwritten.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import BigIntegerField, F, OuterRef, Q
from django.db.models.functions import Coalesce, Now
from django.utils.timezone import now as right_now

from members import failures
from papers import uploads
from papers.duplicates import same_paper
from papers.extraction import Metadata, UnreadablePdf, sandbox
from papers.extraction.sandbox import Pages, Reading
from papers.lookup import requests
from papers.models import Paper, PaperFile, cover_name
from papers.search import index
from papers.turn_taking import REMEMBERED, in_turn

LEASE = timedelta(seconds=120)  # longer than any reading may take
TRIES = 3
MOST_AT_ONCE = 2  # of one member: a worker's third thread is left for others
READING = "papers"
FREE = Q(leased_until=None) | Q(leased_until__lt=Now())
# who is to wait: a version may be somebody else's than the paper
BROUGHT_BY = Coalesce(
    PaperFile.objects.filter(paper=OuterRef("pk")).order_by("-added_at", "-pk").values("added_by")[:1],
    "added_by",
    output_field=BigIntegerField(),
)
FROM_THE_FILE = ("language", "pages")
NO_PDF = "not_pdf"
SHUT = {"missing", "empty", NO_PDF, "password"}  # nothing to draw either


def waiting() -> list[int]:
    """Return the papers that may be read now, in turn; those whose reader died TRIES times are settled here."""
    unread = Paper.objects.unread()
    dead = unread.filter(FREE, tries__gte=TRIES)
    dead.update(state=Paper.UNREADABLE, step=Paper.DONE, reason="crashed", leased_until=None)
    free = unread.filter(FREE).order_by("added_at", "pk").values_list("pk", BROUGHT_BY, "group")
    if not (asked := list(free)):
        return []
    being_read = Q(leased_until__gte=Now(), state=Paper.NEW) & ~Q(step=Paper.WAITING)
    lately = Q(changed_at__gt=right_now() - REMEMBERED) & ~Q(state=Paper.NEW)
    served = Paper.objects.filter(being_read | lately).order_by().values_list(BROUGHT_BY, "group", "state")
    busy: Counter[int | None] = Counter(member for member, _, state in served if state == Paper.NEW)
    turns = in_turn(asked, [(member, group) for member, group, _ in served])
    return [pk for pk, member in turns if busy[member] < MOST_AT_ONCE]


def read_next() -> bool:
    """Read the paper whose turn it is; false when there is none, or only of members who have enough read right now."""
    while turns := waiting():
        paper = failures.rows(READING, Paper.objects.filter(pk=turns[0]), right_now(), group="group")
        if not paper:  # it cannot even be loaded: the others have their turn meanwhile
            Paper.objects.filter(pk=turns[0]).update(leased_until=Now() + LEASE)
        elif read_these(paper):
            return True
    return False


def read_waiting() -> None:
    """Read whatever waits, one after the other."""
    while read_next():
        pass


def read_these(papers: Iterable[Paper]) -> bool:
    """Read one after the other; false when others read them all.

    A paper that raises has its next try when its lease is over, as after a crash.
    """
    claimed = [paper for paper in papers if _claim(paper)]
    read = failures.each(READING, claimed, _read, right_now(), group=lambda paper: paper.group_id)
    if raised := {paper.pk for paper in claimed} - {paper.pk for paper, _ in read}:
        Paper.objects.unread().filter(pk__in=raised).update(step=Paper.WAITING)  # nobody is at work on it any more
    return bool(claimed)


def read(paper: Paper) -> bool:
    """Read the newest PDF of `paper`; false when it is not waiting or somebody else reads it."""
    if not _claim(paper):
        return False
    _read(paper)
    return True


def _read(paper: Paper) -> None:
    file = _newest(paper)
    try:
        if file is None:
            raise UnreadablePdf("missing")
        found = sandbox.read_pdf(file.file.path, progress=partial(_show_step, paper.pk))
    except UnreadablePdf as error:
        _keep(paper, file, error)
    else:
        _keep(paper, file, found)


def read_all(papers: Iterable[Paper]) -> Iterator[Paper]:
    """Read many, two at a time, each yielded as it is done; those that somebody else reads are left to them."""
    mine: dict[str, tuple[Paper, PaperFile]] = {}

    def claimed() -> Iterator[str]:
        for paper in papers:
            if _claim(paper) and (file := _newest(paper)):
                mine[file.file.path] = paper, file
                yield file.file.path

    for path, found in sandbox.read_many(claimed()):
        paper, file = mine.pop(str(path))
        _keep(paper, file, found)
        yield paper


def _claim(paper: Paper) -> bool:
    mine = Paper.objects.unread().filter(FREE, pk=paper.pk, tries__lt=TRIES)
    return bool(mine.update(leased_until=Now() + LEASE, tries=F("tries") + 1, step=Paper.FRONT))


def _newest(paper: Paper) -> PaperFile | None:
    return paper.files.order_by("-added_at", "-pk").first()


def _keep(paper: Paper, file: PaperFile | None, found: Reading | UnreadablePdf) -> None:
    """Write down what a file says; or why it says nothing, and then at least its cover, where there is one."""
    if isinstance(found, Reading):
        front, pages = found.metadata, found.pages
        reason = "image_only" if front.image_only and not front.sources else ""
    else:
        front, reason = None, found.reason
        pages = Pages() if reason in SHUT or file is None else sandbox.read_pages(file.file.path)
    if card := _write(paper.pk, file, front, pages):
        if reason == "broken" and file and not uploads.holds_an_object(file.file.path):
            reason = NO_PDF
            _throw_out(card, file)
        requests.after_reading(card, (front and front.title) or "")
        _settle(card, reason)


def _show_step(pk: int, step: str) -> None:
    Paper.objects.unread().filter(pk=pk).update(step=step)


def _write(pk: int, file: PaperFile | None, front: Metadata | None, pages: Pages) -> Paper | None:
    """Put what was found on the card; None when the paper has gone meanwhile."""
    findable = index.body_fields(pages.text)
    with transaction.atomic():
        card = Paper.objects.select_for_update().filter(pk=pk).first()
        if card is None:
            return None
        if front:
            take_over(card, front)
        card.pages = card.pages or pages.count
        card.save(update_fields=[*Paper.READ, *FROM_THE_FILE, "sources", "confidences", "changed_at"])
        if file:
            _keep_cover(file, pages.cover, list(front.active) if front else [])
        index.index(card, findable)
    return card


def take_over(card: Paper, front: Metadata) -> None:
    """What was read goes on the card, except where it is held; a field that was not found keeps what it had."""
    for field in Paper.READ:
        value = getattr(front, field)
        if not value or card.holds(field):
            continue
        setattr(card, field, list(value) if field == "authors" else value)
        card.sources[field] = front.sources.get(field, "page")
        card.confidences[field] = front.confidences.get(field, 1.0)
    card.language, card.pages = front.language or card.language, front.pages


def _keep_cover(file: PaperFile, cover: bytes, active: list[str]) -> None:
    """The cover goes into storage; the one before it goes when the row is saved."""
    file.active_content = active
    before = file.cover.name
    if cover:
        file.cover.name = default_storage.save(cover_name(file, ""), ContentFile(cover))
        if before:
            transaction.on_commit(partial(default_storage.delete, before))
    PaperFile.objects.filter(pk=file.pk).update(cover=file.cover.name, active_content=active)


def _throw_out(card: Paper, file: PaperFile) -> None:
    """Delete a file that is no PDF at all; a card without a title is called by the file's name from then on."""
    if not card.title:
        card.title = re.sub(r"\.pdf$", "", file.name, flags=re.IGNORECASE)
        card.sources["title"], card.confidences["title"] = "file", 0.0
    with transaction.atomic():
        Paper.objects.filter(pk=card.pk, title="").update(
            title=card.title, sources=card.sources, confidences=card.confidences
        )
        transaction.on_commit(partial(default_storage.delete, str(file.file)))
        file.delete()


def _settle(card: Paper, reason: str) -> None:
    """The last step, and only if no newer version has come meanwhile: then the row waits again without a lease."""
    kept = reason == NO_PDF and card.files.exists()  # the version before it is still there
    state = Paper.READY if kept or reason in {"", "image_only"} else Paper.UNREADABLE
    twin = card.looks_like or same_paper(card)
    if twin and twin.looks_like_id == card.pk:
        twin = None  # it is the other one that asks
    Paper.objects.unread().filter(pk=card.pk, leased_until__isnull=False).update(
        state=state, step=Paper.DONE, reason=reason, leased_until=None, looks_like=twin
    )
