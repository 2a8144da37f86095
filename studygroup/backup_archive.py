"""A backup as a file: a zip with rows, files, and a manifest that names each of them with size and SHA-256. Plain Python.

What is taken out is checked as if a stranger had sent it: nothing lands outside its folder, nothing is larger than it says.
members/archive.py checks what every zip is checked for; here is what only backups promise.
"""

import hashlib
import json
import stat
import zipfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO

from members.archive import (
    CHUNK,
    ArchiveReader,
    BrokenArchive,
    OversizedEntry,
    is_plain_file,
    is_steep,
    open_archive,
    unpacked_size,
)

FORMAT = 1
ROWS, MANIFEST = "rows.jsonl", "manifest.json"
LONGEST_MANIFEST = 100 * 1024 * 1024
# what Python says of a manifest that makes no sense
SENSELESS = (KeyError, ValueError, TypeError, RecursionError)


class ArchiveError(Exception):
    """A backup that cannot be restored here; str() says why, and the way out where there is one."""


def pack(stream: BinaryIO, *, facts: dict, rows: Callable[[TextIO], dict], files: dict[str, Path]) -> dict:
    """Write rows, then files, then what they were; `rows` writes to what it is given and returns its counts."""
    packed = {}
    with zipfile.ZipFile(stream, "w") as archive:
        with archive.open(_entry(ROWS, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as target:
            counted = _Counted(target)
            counts = rows(counted)
        packed[ROWS] = counted.facts()
        for name, path in files.items():
            with path.open("rb") as source, archive.open(_entry(name), "w", force_zip64=True) as target:
                packed[name] = _copy(iter(partial(source.read, CHUNK), b""), target)
        manifest = {"format": FORMAT, **facts, "rows": counts, "files": packed}
        archive.writestr(_entry(MANIFEST, zipfile.ZIP_DEFLATED), json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def unpack(stream: BinaryIO, folder: Path, *, space: int) -> dict:
    """Take everything out into an empty folder with `space` bytes free and return the manifest.

    ArchiveError before anything false is believed.
    """
    try:
        with open_archive(stream) as archive:
            manifest = _manifest(archive)
            _check(archive, manifest["files"], space)
            for name, promised in manifest["files"].items():
                path = folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as target:
                    if _copy(archive.chunks(name), target) != promised:
                        raise ArchiveError(f"{name} is not what was backed up: its checksum differs.")
    except (BrokenArchive, *SENSELESS) as error:
        raise ArchiveError(f"This is not a whole backup ({error}).") from error
    return manifest


def _manifest(archive: ArchiveReader) -> dict:
    try:
        manifest = json.loads(archive.read(MANIFEST, LONGEST_MANIFEST))
    except OversizedEntry as error:
        raise ArchiveError("This is not a backup of ours: its manifest is too long.") from error
    if manifest["format"] != FORMAT:
        raise ArchiveError(f"This backup has format {manifest['format']}; this version reads format {FORMAT}.")
    return manifest


def _check(archive: ArchiveReader, promised: dict, space: int) -> None:
    """Every entry is named in the manifest, once, stays in the folder, is a plain file, and unpacks to what it says."""
    entries = [entry for entry in archive.entries if entry.filename != MANIFEST]
    names = [entry.filename for entry in entries]
    if sorted(names) != sorted(promised) or len(archive.entries) != len(names) + 1:
        raise ArchiveError("This is not a whole backup: its files are not those of its manifest.")
    for entry in entries:
        if not is_plain_file(entry) or not (entry.filename == ROWS or entry.filename.startswith("media/")):
            raise ArchiveError(f"{entry.filename!r} has no place in a backup; nothing was taken out.")
        if entry.file_size != promised[entry.filename][0] or is_steep(entry):
            raise ArchiveError(f"{entry.filename!r} would not unpack to what it says; nothing was taken out.")
    if archive.overlaps():
        raise ArchiveError("The files of this backup overlap; nothing was taken out.")
    if (needed := unpacked_size(entries)) > space:
        raise ArchiveError(f"The disk is too full: {needed // 2**20 + 1} MB are needed.")


def _entry(name, compression=zipfile.ZIP_STORED):
    entry = zipfile.ZipInfo(name)
    entry.compress_type = compression
    entry.external_attr = (stat.S_IFREG | 0o600) << 16
    return entry


def _copy(chunks: Iterable[bytes], target) -> list:
    counted = _Counted(target)
    for chunk in chunks:
        counted.write(chunk)
    return counted.facts()


class _Counted:
    """Passes bytes on, and text as UTF-8; remembers how many, and their fingerprint."""

    def __init__(self, target):
        self.target, self.size, self.digest = target, 0, hashlib.sha256()

    def write(self, data):
        data = data.encode() if isinstance(data, str) else data
        self.size += len(data)
        self.digest.update(data)
        self.target.write(data)

    def facts(self):
        return [self.size, self.digest.hexdigest()]
