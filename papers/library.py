"""Add, edit, join and throw away papers: nothing else changes the library.

add_paper and add_version bring a PDF in, edit and the rest change the card, trash and restore are undo; reading the file
is papers/processing.py. The same bytes are one paper in a group: a constraint of the database decides every race.
"""

import errno
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils.timezone import now as right_now
from django.utils.translation import gettext as _

from members import failures, storage
from members.models import Group, Membership
from papers import presented, uploads
from papers.duplicates import bare_arxiv_id, same_paper
from papers.models import TRASH_DAYS, Paper, PaperFile, PaperQuerySet, Wish, stored_name
from papers.search import index
from papers.uploads import UploadRefused

IDENTITY = {"title", "doi", "arxiv_id"}
TRASH, FILES = "trash", "files"


@dataclass(frozen=True)
class Added:
    """What became of a file: its paper, and whether the paper is new here. One that is not new may lie in the trash."""

    paper: Paper
    new: bool


def add_paper(file, *, group: Group, by: Membership | None, name: str | None = None) -> Added:
    """Put a PDF on the group's shelf, to be read soon; the same bytes give the paper that is here. Raises UploadRefused."""
    return _shelve(file, lambda: Paper.objects.create(group=group, added_by=by), group=group, by=by, name=name)


def add_version(paper: Paper, file, *, by: Membership | None, name: str | None = None) -> Added:
    """Add a newer PDF of a paper; it is read again, and what people typed stays. Raises UploadRefused."""

    def same_card():
        read_again(paper)
        return paper

    return _shelve(file, same_card, group=paper.group, by=by, name=name)


def add_card(*, group: Group, by: Membership, **fields) -> Paper:
    """A paper of which there is no file yet, only what a person knows of it."""
    with transaction.atomic():
        typed = dict.fromkeys(fields, f"typed:{by.pk}")
        card = Paper.objects.create(
            group=group, added_by=by, state=Paper.READY, step=Paper.DONE, sources=typed, **fields
        )
        index.index(card)
    return card


def add_cards(cards: list[dict], *, group: Group, by: Membership) -> list[Paper]:
    """Many papers of which there is no file yet, in as many statements for ten as for two hundred."""
    with transaction.atomic():
        same = {"group": group, "added_by": by, "state": Paper.READY, "step": Paper.DONE}
        made = [Paper(**same, sources=dict.fromkeys(card, f"typed:{by.pk}"), **card) for card in cards]
        Paper.objects.bulk_create(made, 500)
        index.index_new(made)
    return made


def _shelve(file: Any, card: Callable[[], Paper], *, group: Group, by: Membership | None, name: str | None) -> Added:
    file = file if isinstance(file, File) else File(file)
    uploads.check(file)
    made = PaperFile(group=group, added_by=by, size=file.size, sha256=uploads.fingerprint(file))
    made.name = uploads.clean_name(name or file.name)
    if here := _with_bytes(made):
        return Added(here, new=False)
    try:
        with _stored(made, file), transaction.atomic():
            storage.reserve(made.size, group=group, by=by, refusal=UploadRefused)
            made.paper = card()
            made.save()
    except IntegrityError:  # somebody else was faster with the same file
        if here := _with_bytes(made):
            return Added(here, new=False)
        raise
    return Added(made.paper, new=True)


def _with_bytes(made: PaperFile) -> Paper | None:
    found = PaperFile.objects.filter(group=made.group, sha256=made.sha256).select_related("paper__group").first()
    return found.paper if found else None


@contextmanager
def _stored(made: PaperFile, file: File):
    """The bytes lie in storage inside the block, and stay there only if it ends well."""
    made.file.name = stored_name(made, "")
    try:
        default_storage.save(made.file.name, file)
        yield
    except BaseException as error:
        default_storage.delete(made.file.name)
        if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise UploadRefused(
                _("The server's disk is full. Nothing was kept; tell whoever runs the server.")
            ) from error
        raise


def read_again(paper: Paper) -> None:
    """Back on the reader's list, with all its tries."""
    Paper.objects.filter(pk=paper.pk).update(state=Paper.NEW, step=Paper.WAITING, reason="", tries=0, leased_until=None)


# ── the card ─────────────────────────────────────────────────────────────────────────────────────
def edit(paper: Paper, *, by: Membership | None, changes: dict, source: str = "") -> Paper:
    """Write what a person says into the card, or a public record (`source`): reading never overwrites it from then on."""
    with transaction.atomic():
        card = Paper.objects.select_for_update().get(pk=paper.pk)
        typed = f"typed:{by.pk}" if by else ""
        for field in Paper.READ:
            if field in changes:
                setattr(card, field, changes[field])
                card.sources[field] = source or typed
                card.confidences.pop(field, None)
        card.arxiv_id = bare_arxiv_id(card.arxiv_id)
        if IDENTITY & changes.keys() and card.looks_like_id is None:
            card.looks_like = same_paper(card)
        card.save()
        index.index(card)
    return card


def wish(paper: Paper, *, by: Membership, note: str = "") -> Wish:
    """Propose the paper, or show interest in a proposal; asking again only changes the note."""
    return Wish.objects.update_or_create(paper=paper, membership=by, defaults={"note": note})[0]


def unwish(paper: Paper, *, by: Membership) -> None:
    Wish.objects.filter(paper=paper, membership=by).delete()


# ── two cards that may be one paper ──────────────────────────────────────────────────────────────
def keep_both(paper: Paper) -> None:
    """Somebody says these are two papers: the question is not asked again."""
    if paper.looks_like_id:
        paper.kept_apart.add(paper.looks_like_id)
    Paper.objects.filter(pk=paper.pk).update(looks_like=None)


def join(paper: Paper, *, into: Paper) -> Paper:
    """`paper` is a version of `into`: its files, wishes and turns move over, its card goes."""
    with transaction.atomic():
        paper.files.update(paper=into)
        presented.ask().joined(paper, into)
        wished = into.wishes.values("membership")
        paper.wishes.exclude(membership__in=wished).update(paper=into)
        into.tags.add(*paper.tags.all())
        Paper.objects.filter(looks_like=paper).exclude(pk=into.pk).update(looks_like=into)
        paper.delete()
        read_again(into)
    return into


# ── the trash ────────────────────────────────────────────────────────────────────────────────────
def trash(paper: Paper, *, by: Membership) -> bool:
    """Off the shelf, for TRASH_DAYS days; false when it lay there already."""
    at = right_now()
    with transaction.atomic():
        thrown = Paper.objects.kept().filter(pk=paper.pk).update(deleted_at=at, deleted_by=by)
        if thrown:
            presented.ask().thrown_away(paper, at)
    return bool(thrown)


def restore(paper: Paper) -> bool:
    """Back on the shelf, and presented where it was to be; false when it was there already."""
    with transaction.atomic():
        lying = Paper.objects.select_for_update().in_trash().filter(pk=paper.pk)
        since = lying.values_list("deleted_at", flat=True).first()
        if since:
            lying.update(deleted_at=None, deleted_by=None)
            presented.ask().brought_back(paper, since=since, now=right_now())
    return bool(since)


def purge(now: datetime) -> int:
    """Take papers away for good that have lain in the trash for TRASH_DAYS days, with their files; how many."""
    return discard(Paper.objects.in_trash().filter(deleted_at__lt=now - timedelta(days=TRASH_DAYS)), now)


def discard(old: PaperQuerySet, now: datetime) -> int:
    """Take these papers out of the trash for good, with their files; how many.

    Of a paper that was presented only the files go: the record of that session goes on naming it.
    """
    named = presented.ask().on_record(list(old.values_list("pk", flat=True)), now)
    readable = failures.rows(TRASH, old.exclude(pk__in=named), now, group="group")
    emptied = failures.rows(TRASH, old.filter(pk__in=named, files__isnull=False).distinct(), now, group="group")
    failures.each(TRASH, emptied, partial(_discard, card=False), now, group=lambda paper: paper.group_id)
    gone = failures.each(TRASH, readable, _discard, now, group=lambda paper: paper.group_id)
    return sum(count for _paper, count in gone)


def _discard(paper: Paper, *, card: bool = True) -> int:
    """One paper's files, and its card; 0 when somebody took it back in this moment."""
    with transaction.atomic():
        if not Paper.objects.select_for_update().in_trash().filter(pk=paper.pk).exists():
            return 0
        _forget_files(paper.files.all())
        if card:
            paper.delete()
        else:
            paper.files.all().delete()
    return 1


def _forget_files(files) -> None:
    """Delete what the rows name, once it is certain that the rows go."""
    for file in files:
        for name in filter(None, (file.file.name, file.cover.name)):
            transaction.on_commit(partial(default_storage.delete, name))


def sweep(now: datetime) -> int:
    """Delete files, older than a day, that no row names or that never arrived whole: what a killed upload left behind."""
    known = {name for names in PaperFile.objects.values_list("file", "cover") for name in names}
    before = now - timedelta(days=1)
    listed = failures.each(FILES, _folders(), partial(_strays, known, before), now, group=_of_nobody)
    strays = [path for _folder, paths in listed for path in paths]
    swept = failures.each(FILES, strays, default_storage.delete, now, group=_of_nobody)
    left = Path(settings.FILE_UPLOAD_TEMP_DIR).glob("*.upload*")
    halves = failures.each(FILES, left, partial(_delete_half, before), now, group=_of_nobody)
    return len(swept) + sum(deleted for _path, deleted in halves)


def _strays(known: set[str], before: datetime, folder: str) -> list[str]:
    """Files in a folder of papers that no row names, from before that moment."""
    paths = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
    return [path for path in paths if path not in known and default_storage.get_modified_time(path) < before]


def _delete_half(before: datetime, left: Path) -> bool:
    """Delete an upload that never arrived whole, if it is from before that moment."""
    try:
        old = datetime.fromtimestamp(left.stat().st_mtime, UTC) < before
    except FileNotFoundError:  # it arrived meanwhile
        return False
    if old:
        left.unlink(missing_ok=True)
    return old


def _of_nobody(path: object) -> None:
    """A file left behind is the operator's to look at: no group knows of it."""


def _folders() -> list[str]:
    """The folders of papers: one per group, called by its number."""
    try:
        return [name for name in default_storage.listdir("")[0] if name.isdigit()]
    except FileNotFoundError:
        return []
