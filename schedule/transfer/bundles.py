"""Zips that take longer to make than a page may take: asked for on a page, made by a worker, kept for a week.

A row says how far one is. A worker that dies leaves a lease that runs out; after TRIES such deaths it is called failed.
"""

import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.timezone import now as right_now
from django.utils.translation import override

from members import audit, failures
from members.models import Group, Membership
from schedule.models import Bundle, Term, bundle_name
from schedule.notifications.troubles import NEW_ZIPS, OLD_ZIPS
from schedule.transfer import group_export, term_bundle

LEASE = timedelta(minutes=2)  # longer than any part takes; renewed with each
TRIES = 3
LATELY = timedelta(hours=1)  # how long it counts that a group had a zip made
PACKED_ALREADY = {".pdf", ".pptx", ".jpg", ".zip"}

# a part of a zip: names inside it, each with its bytes or where they lie
Part = Callable[[], Iterable[tuple[str, bytes | Path]]]
MAKERS: dict[str, Callable[[Bundle], list[Part]]] = {Bundle.TERM: term_bundle.parts, Bundle.GROUP: group_export.parts}


def ask(kind: str, *, group: Group, by: Membership, language: str, term: Term | None = None) -> Bundle:
    """The zip that is being made already, or a new row for a worker to find."""
    asked = {"kind": kind, "group": group, "term": term, "language": language}
    try:
        with transaction.atomic():
            made = Bundle.objects.create(**asked, by=by)
            if kind == Bundle.GROUP:
                audit.record("group_exported", by=by.member, group=group)
            return made
    except IntegrityError:  # somebody was faster
        return Bundle.objects.filter(**asked).latest("asked_at")


def waiting() -> list[int]:
    """Zips that nobody is making; those whose maker died TRIES times are settled here.

    Groups take turns: who had fewer zips made lately comes first, then who asked first.
    """
    free = Bundle.objects.filter(Q(leased_until=None) | Q(leased_until__lt=Now()), state=Bundle.NEW)
    free.filter(tries__gte=TRIES).update(state=Bundle.FAILED, settled_at=Now())
    lately = Bundle.objects.filter(settled_at__gt=right_now() - LATELY).values_list("group", flat=True)
    had = Counter(lately)
    asked = free.order_by("asked_at", "pk").values_list("pk", "group")
    return [pk for pk, group in sorted(asked, key=lambda one: had[one[1]])]


def make(pk: int) -> bool:
    """Make this zip; false when it is not waiting or somebody else makes it."""
    free = Q(leased_until=None) | Q(leased_until__lt=Now())
    claimed = Bundle.objects.filter(free, pk=pk, state=Bundle.NEW, tries__lt=TRIES).update(
        tries=F("tries") + 1, leased_until=Now() + LEASE, done=0
    )
    if not claimed:
        return False
    bundle = Bundle.objects.select_related("group", "term").get(pk=pk)
    try:
        with override(bundle.language):
            _write(bundle)
    except _Lost:
        return False
    except Exception as error:  # whatever one odd file caused: it is tried again, and then said
        failures.note(NEW_ZIPS, error, right_now(), row=failures.name_of(bundle), group=bundle.group_id)
        Bundle.objects.filter(pk=pk, tries=bundle.tries).update(leased_until=None)
        return False
    return True


class _Lost(Exception):
    """The lease ran out and another worker took over."""


def _write(bundle: Bundle) -> None:
    """The row names the file before it is there: whatever is left behind, it is found when the row goes."""
    parts = MAKERS[bundle.kind](bundle)
    mine = Bundle.objects.filter(pk=bundle.pk, state=Bundle.NEW, tries=bundle.tries)
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".upload.zip") as target:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, part in enumerate(parts):
                if not mine.update(done=number, total=len(parts), leased_until=Now() + LEASE):
                    raise _Lost
                for name, content in part():
                    _put(archive, name, content)
        size, name = target.tell(), bundle.file.name or bundle_name(bundle, "")
        if not mine.update(file=name, leased_until=Now() + LEASE):
            raise _Lost
        default_storage.delete(name)
        default_storage.save(name, File(target))
    settled = {"state": Bundle.READY, "settled_at": Now(), "leased_until": None}
    mine.update(**settled, done=len(parts), total=len(parts), size=size)


def _put(archive: zipfile.ZipFile, name: str, content: bytes | Path) -> None:
    packed = Path(name).suffix in PACKED_ALREADY
    method = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
    if isinstance(content, Path):
        archive.write(content, name, compress_type=method)
    else:
        archive.writestr(name, content, compress_type=method)


def forget_old(now: datetime) -> int:
    """Files are kept for a week: what is in them can be asked for again. The file goes first, so that none is forgotten."""
    old = failures.rows(OLD_ZIPS, Bundle.objects.filter(settled_at__lt=now - Bundle.KEPT), now, group="group")
    return len(failures.each(OLD_ZIPS, old, _forget, now, group=lambda bundle: bundle.group_id))


def _forget(bundle: Bundle) -> None:
    bundle.file.delete(save=False)
    bundle.delete()
