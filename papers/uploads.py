"""What may come in, before anybody looks inside: size, first bytes, and a name that is safe to repeat."""

import hashlib
import re
from pathlib import Path

from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from papers.clean_text import clean_text
from papers.models import UPLOAD_LIMIT

MAGIC = b"%PDF-"
MAGIC_WITHIN = 1024  # readers allow junk before the header, up to here
NAME_LENGTH = 200
# every PDF has at least one object outside of all streams (ISO 32000-1, 7.5.7), and no reader opens a file without one
OBJECT = re.compile(rb"\d[\0\t\n\f\r ]{1,9}\d{1,5}[\0\t\n\f\r ]{1,9}obj")
CHUNK, OVERLAP = 1024 * 1024, 32


class UploadRefused(Exception):
    """A file that stays outside; str() says why and what to do, in the reader's language."""


def check(file) -> None:
    """Raise UploadRefused unless `file` is a PDF by its size and first bytes."""
    if not file.size:
        raise UploadRefused(
            _("This file is empty. Perhaps its download broke off: download it again, then add it here.")
        )
    if file.size > UPLOAD_LIMIT:
        raise UploadRefused(too_large())
    file.seek(0)
    if MAGIC not in file.read(MAGIC_WITHIN):
        raise UploadRefused(_("This is not a PDF. Save or print the paper as a PDF, then add that file."))


def holds_an_object(path: str) -> bool:
    """Return whether the bytes of this file hold a PDF object, in whatever state the rest of it is."""
    before = b""
    with Path(path).open("rb") as file:
        while chunk := file.read(CHUNK):
            if OBJECT.search(before + chunk):
                return True
            before = chunk[-OVERLAP:]
    return False


def too_large() -> str:
    limit = UPLOAD_LIMIT // 1024 // 1024
    return _("This file is larger than %(limit)s MB. Save it with smaller pictures, then add it again.") % {
        "limit": limit
    }


def fingerprint(file) -> str:
    """The SHA-256 of all its bytes."""
    digest = hashlib.sha256()
    file.seek(0)
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def clean_name(name: str | None) -> str:
    """What a person called the file, as words to show; never a path."""
    last = clean_text(name or "", 10_000).replace("\\", "/").rstrip("/").rpartition("/")[2]
    return last[:NAME_LENGTH].strip(" .") or "paper.pdf"


class UploadRequest(HttpRequest):
    too_large: list[str]


class SizeLimit(FileUploadHandler):
    """While bytes arrive: a file over the limit, and any file of a stranger, is read past and not kept.

    The names of files over the limit are left in `request.too_large`, so that the page can say so.
    """

    request: UploadRequest

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        user = getattr(self.request, "user", None)
        if user is None or not user.is_authenticated:
            raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        if start + len(raw_data) > UPLOAD_LIMIT:
            self.request.too_large = [*getattr(self.request, "too_large", []), clean_name(self.file_name)]
            raise SkipFile
        return raw_data

    def file_complete(self, file_size):
        return None
