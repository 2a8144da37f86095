"""Whatever is handed in as a zip: it is read whole, or one of two exceptions says why not."""

import io
import random
import stat
import warnings
import zipfile

import pytest

from members.archive import (
    SMALL,
    STEEPEST,
    BrokenArchive,
    OversizedEntry,
    is_plain_file,
    is_steep,
    open_archive,
    unpacked_size,
)

METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2}
METHODS |= {"lzma": zipfile.ZIP_LZMA}
TEXTS = {"a/b.txt": b"hello " * 50, "한글.txt": b"x"}


def packed(entries, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return stream.getvalue()


def everything(data, longest=10_000):
    with open_archive(io.BytesIO(data)) as archive:
        return {name: archive.read(name, longest) for name in archive.names}


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_what_was_packed_is_read_by_name_or_in_pieces(method):
    data = packed(TEXTS, method)
    assert everything(data) == TEXTS
    with open_archive(io.BytesIO(data)) as archive:
        assert {name: b"".join(archive.chunks(name)) for name in archive.names} == TEXTS
        assert unpacked_size(archive.entries) == 301
        assert (archive.has_password(), archive.overlaps()) == (False, False)
        with pytest.raises(BrokenArchive, match="There is no item named 'c'"):
            archive.read("c", 1)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_damaged_one_is_broken_and_nothing_worse(method):
    whole, chance = packed(TEXTS, method), random.Random(1)
    damaged = [whole[:cut] for cut in range(len(whole))]
    for place in range(len(whole)):
        for _ in range(8):
            data = bytearray(whole)
            data[place] = chance.randrange(256)
            damaged.append(bytes(data))
    refused = 0
    for data in damaged:
        try:
            with warnings.catch_warnings(action="ignore"):
                everything(data)
        except (BrokenArchive, OversizedEntry):
            refused += 1
    assert refused > len(damaged) / 2


def test_an_entry_is_read_up_to_its_limit():
    data = packed({"a": b"12345"})
    assert everything(data, longest=5) == {"a": b"12345"}
    with pytest.raises(OversizedEntry, match="^a is too large.$"):
        everything(data, longest=4)


def test_little_may_grow_more_than_much():
    entry = zipfile.ZipInfo("a")
    entry.compress_size, entry.file_size = 1, STEEPEST * SMALL
    assert not is_steep(entry)
    entry.file_size += 1
    assert is_steep(entry)
    entry.compress_size = SMALL + 1
    assert not is_steep(entry)
    with pytest.raises(OversizedEntry, match="a is too large"):
        everything(packed({"a": bytes(10_000_000)}), longest=10_000_000)


def test_what_ends_before_its_promised_size_is_refused():
    data = bytearray(packed({"a": b"12345"}))
    for place in (data.index(b"PK\x03\x04") + 22, data.index(b"PK\x01\x02") + 24):
        data[place] = 6
    with pytest.raises(OversizedEntry, match="^a is not as long as it says.$"):
        everything(bytes(data))


def test_a_password_is_seen():
    data = bytearray(packed({"a": b"12345"}))
    for place in (data.index(b"PK\x03\x04") + 6, data.index(b"PK\x01\x02") + 8):
        data[place] |= 1
    with open_archive(io.BytesIO(bytes(data))) as archive:
        assert archive.has_password()
        with pytest.raises(BrokenArchive, match="password"):
            archive.read("a", 10)


@pytest.mark.parametrize("name", ["a", "media/1/a.pdf", "한글/그룹 1.pdf", "..a", "a..", "a/...", " a"])
def test_a_name_that_stays_inside_is_plain(name):
    assert is_plain_file(zipfile.ZipInfo(name))


@pytest.mark.parametrize(
    "name",
    ["..", "../a", "a/../b", "/a", "//a", "a//b", "./a", "a/.", "a/", "C:/a", "C:a", "a\\b", "a\nb", "\u202ea", ""],
)
def test_a_name_that_may_lead_elsewhere_is_not(name):
    entry = zipfile.ZipInfo("x")
    entry.filename = name
    assert not is_plain_file(entry)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_what_is_no_file_is_not_either(kind):
    entry = zipfile.ZipInfo("a")
    entry.external_attr = (kind | 0o777) << 16
    assert not is_plain_file(entry)
