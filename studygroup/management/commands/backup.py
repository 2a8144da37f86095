"""python3 manage.py backup FILE: everything worth keeping, while people go on working."""

import os
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import CommandError
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string

from studygroup.backups import back_up


class Command(BaseCommand):
    help = "Writes every row and every file into one zip. `-` writes it to standard output."

    def add_arguments(self, parser):
        parser.add_argument("file")

    def handle(self, *, file, **options):
        manifest = back_up(sys.stdout.buffer) if file == "-" else self._into(Path(file))
        import_string(settings.AUDIT)("backup_made")
        rows, files = sum(manifest["rows"].values()), len(manifest["files"]) - 1
        self.stderr.write(self.style.SUCCESS(f"Backed up {rows} rows and {files} files."))
        for name in manifest["missing"]:
            self.stderr.write(f"A row names {name}, which is not there; the backup is without it.")

    def _into(self, path):
        """The name appears when the backup is whole; only its owner may read it."""
        if path.exists():
            raise CommandError(f"{path} exists. Give another name.")
        unfinished = path.with_name(f"{path.name}.unfinished")
        try:
            with open(unfinished, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as stream:
                manifest = back_up(stream)
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.rename(path)
        except OSError as error:
            raise CommandError(f"{path} could not be written: {error.strerror}.") from error
        finally:
            unfinished.unlink(missing_ok=True)
        return manifest
