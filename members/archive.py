"""Reads zips that somebody hands in: backups, groups, slides. Plain Python.

A zip begins with promises: its list of contents says how each entry is called and how large it is. Here they are held
against limits before anything is unpacked; zipfile never unpacks more of an entry than was promised, and compares its CRC.
What only one kind of file has stays with that kind, and so do the words of a refusal: the manifest and folders of a backup in
studygroup/backup_archive.py, the rows of a group in schedule/transfer/group_import.py, the parts of a presentation in
schedule/reports/deck_file.py.
"""

import stat
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import ZipFile, ZipInfo

try:
    from lzma import LZMAError
except ImportError:  # a Python that was built without it; zipfile then refuses such an entry with RuntimeError
    LZMAError = zipfile.BadZipFile  # type: ignore[misc,assignment]

STEEPEST = 200  # bytes out for one byte in; rows and JSON stay below 60
SMALL = 1000  # packed bytes; so little may unpack as if it were this much
CHUNK = 1024 * 1024
# what zipfile raises for a file that is no zip, for a damaged one, for one with a password, and for a name that is not in it
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, RuntimeError, OSError, ValueError, KeyError)


class BrokenArchive(Exception):
    """Not a zip, or not a whole one; str() is what zipfile says of it."""


class OversizedEntry(Exception):
    """An entry larger than its limit, or not as large as it promises; str() is a sentence that names it."""


class ArchiveReader:
    """An open zip. `entries` is its list of contents, where a name may stand twice."""

    def __init__(self, packed: ZipFile, length: int) -> None:
        self._packed, self._length = packed, length
        self.entries = packed.infolist()
        self.names = {entry.filename for entry in self.entries}

    def has_password(self) -> bool:
        return any(entry.flag_bits & 1 for entry in self.entries)

    def overlaps(self) -> bool:
        """Whether entries share bytes of the zip: together they are longer than all of it."""
        return sum(entry.compress_size for entry in self.entries) > self._length

    def read(self, name: str, longest: int) -> bytes:
        """The bytes of an entry of at most that size. Of a name that stands twice it is the last one."""
        with _broken():
            entry = self._packed.getinfo(name)
        if entry.file_size > longest or is_steep(entry):
            raise OversizedEntry(f"{name} is too large.")
        data = b"".join(self.chunks(name))
        if len(data) != entry.file_size:
            raise OversizedEntry(f"{name} is not as long as it says.")
        return data

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of an entry, piece by piece, of whatever size; never more than it promises."""
        with _broken():
            source = self._packed.open(name)
        with source:
            while True:
                with _broken():
                    chunk = source.read(CHUNK)
                if not chunk:
                    return
                yield chunk


@contextmanager
def open_archive(stream: BinaryIO) -> Iterator[ArchiveReader]:
    with _broken():
        packed, length = ZipFile(stream), stream.seek(0, 2)
    with packed:
        yield ArchiveReader(packed, length)


@contextmanager
def _broken() -> Iterator[None]:
    try:
        yield
    except ZIP_ERRORS as error:
        raise BrokenArchive(str(error)) from error


def is_steep(entry: ZipInfo) -> bool:
    """Whether it promises to grow as nothing of ours does: a bomb."""
    return entry.file_size > STEEPEST * max(entry.compress_size, SMALL)


def is_plain_file(entry: ZipInfo) -> bool:
    """No folder, no link, and a name that cannot lead out of the folder that it is unpacked into, on any system."""
    name, path = entry.filename, PurePosixPath(entry.filename)
    plain = stat.S_IFMT(entry.external_attr >> 16) in {0, stat.S_IFREG}
    tidy = str(path) == name and not path.is_absolute() and not {"..", "."} & set(path.parts)
    return plain and tidy and name.isprintable() and "\\" not in name and ":" not in name


def unpacked_size(entries: Iterable[ZipInfo]) -> int:
    """How much they promise to be, all together."""
    return sum(entry.file_size for entry in entries)
