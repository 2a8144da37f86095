"""python3 manage.py restore FILE: a backup back into an empty installation, whole or not at all."""

import shutil
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from studygroup.backup_archive import ArchiveError
from studygroup.backups import restore


class Command(BaseCommand):
    help = "Restores what `backup` wrote. `-` reads it from standard input."

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        call_command("migrate", verbosity=0, interactive=False)
        try:
            with _opened(file) as stream:
                manifest = restore(stream)
        except (OSError, ArchiveError) as error:
            raise CommandError(str(error)) from error
        import_string(settings.AUDIT)("backup_restored", detail=manifest["made"])
        rows, files = sum(manifest["rows"].values()), len(manifest["files"]) - 1
        self.stdout.write(f"Restored {rows} rows and {files} files of {manifest['made']}.")


@contextmanager
def _opened(file):
    if file != "-":
        with Path(file).open("rb") as stream:
            yield stream
        return
    with tempfile.TemporaryFile() as spool:  # a zip is read from its end
        shutil.copyfileobj(sys.stdin.buffer, spool)
        yield spool
