"""Everything worth keeping into one file, and back: every row, every file that a row names, as of one moment."""

import os
import shutil
import tempfile
from collections import Counter
from contextlib import contextmanager
from datetime import datetime, time
from pathlib import Path
from typing import BinaryIO

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import serializers
from django.core.management import call_command
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils.timezone import now

from studygroup.backup_archive import ROWS, ArchiveError, pack, unpack

OWN_APPS = ("members", "papers", "schedule")
MADE_ANEW = {
    "sessions.session",
    "contenttypes.contenttype",
    "auth.permission",
    "schedule.bundle",
    "members.sentform",
    "members.ratecount",
    "members.cacheentry",
}


def back_up(stream: BinaryIO, *, attempts: int = 5) -> dict:
    """Write the archive while people go on working; its manifest.

    Rows are read in one snapshot. Files are held by a second name before they are copied, so that one that is deleted
    meanwhile is still there; where one was gone already when its row was read, a newer snapshot is taken.
    """
    with _snapshot(), tempfile.TemporaryDirectory(dir=_beside_media(), prefix="backup-") as held:
        files, missing = _hold(_named_files(), Path(held))
        if not missing or attempts == 1:
            facts = {"made": now().isoformat(), "migrations": _migrations(), "missing": missing}
            return pack(stream, facts=facts, rows=_write_rows, files=files)
    return back_up(stream, attempts=attempts - 1)


def restore(stream: BinaryIO) -> dict:
    """Bring an archive back into an empty installation, whole or not at all; its manifest."""
    if get_user_model().objects.exists():
        raise ArchiveError(
            "There are people here already. Restore into an empty installation: an empty database and DATA_DIR."
        )
    media = Path(settings.MEDIA_ROOT)
    if media.exists() and any(media.iterdir()):
        raise ArchiveError(f"{media} is not empty. Move it away first, then try again.")
    with tempfile.TemporaryDirectory(dir=_beside_media(), prefix="restore-") as folder:
        manifest = unpack(stream, Path(folder), space=shutil.disk_usage(folder).free)
        _check_version(manifest["migrations"])
        with transaction.atomic():
            call_command("loaddata", str(Path(folder) / ROWS), verbosity=0)
            if _count() != manifest["rows"]:
                raise ArchiveError("The database did not take every row of this backup; nothing was changed.")
            if (unpacked := Path(folder) / "media").exists():
                shutil.rmtree(media, ignore_errors=True)
                unpacked.rename(media)
    return manifest


class _Exactly(DjangoJSONEncoder):
    """Django's own keeps milliseconds: what is compared with a moment that was noted (a change to undo) would differ."""

    def default(self, value):
        return value.isoformat() if isinstance(value, datetime | time) else super().default(value)


def _check_version(migrations):
    theirs, ours = set(map(tuple, migrations)), set(map(tuple, _migrations()))
    if theirs != ours:
        raise ArchiveError(
            f"This backup was made by {'a newer' if theirs - ours else 'an older'} version, with {_newest(theirs)}; "
            f"here it is {_newest(ours)}. Restore it with the version that made it, then upgrade."
        )


def _newest(migrations: set[tuple[str, ...]]) -> str:
    """Return the last migration of each app of ours: "members.0007_pauses, papers.0004_tags"."""
    last = {app: name for app, name in sorted(migrations) if app in OWN_APPS}
    return ", ".join(f"{app}.{name}" for app, name in last.items())


def _migrations():
    return sorted(map(list, MigrationRecorder(connection).applied_migrations()))


@contextmanager
def _snapshot():
    """Every query inside sees the same moment, and nobody has to wait for us."""
    with connection.cursor() as cursor:
        readonly = " ISOLATION LEVEL REPEATABLE READ READ ONLY" if connection.vendor == "postgresql" else ""
        cursor.execute(f"BEGIN{readonly}")
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def _models():
    everything = [
        (app, [model for model in app.get_models() if model._meta.managed and not model._meta.proxy])
        for app in apps.get_app_configs()
    ]
    ordered = serializers.sort_dependencies(everything, allow_cycles=True)
    return [model for model in ordered if model._meta.label_lower not in MADE_ANEW]


def _rows(counts):
    for model in _models():
        for row in model._base_manager.order_by("pk").iterator():
            counts[model._meta.label_lower] += 1
            yield row


def _write_rows(target):
    """One row a line, as Django's loaddata reads them; {model: how many}."""
    counts = Counter()
    words = {"use_natural_foreign_keys": True, "ensure_ascii": False, "cls": _Exactly}
    serializers.serialize("jsonl", _rows(counts), stream=target, **words)
    return dict(counts)


def _count():
    return {m._meta.label_lower: count for m in _models() if (count := m._base_manager.count())}


def _named_files():
    for model in _models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.FileField):
                named = model._base_manager.exclude(**{field.name: ""}).exclude(**{field.name: None})
                yield from named.order_by("pk").values_list(field.name, flat=True)


def _hold(names, folder):
    """({name in the archive: path}, [what is gone])."""
    held, missing = {}, []
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _second_name(Path(settings.MEDIA_ROOT) / name, path)
        except FileNotFoundError:
            missing.append(name)
        else:
            held[f"media/{name}"] = path
    return held, missing


def _second_name(path, other):
    try:
        os.link(path, other)
    except FileNotFoundError:
        raise
    except OSError:  # a file system that knows no links
        shutil.copyfile(path, other)


def _beside_media():
    folder = Path(settings.MEDIA_ROOT).parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder
