"""What is taken out of a backup is what was put in; what a stranger put in is refused before anything is believed."""

import io
import json
import stat
import zipfile
from copy import copy

import pytest

from studygroup.backup_archive import MANIFEST, ROWS, ArchiveError, pack, unpack

FACTS = {"made": "2026-11-23T10:00:00+00:00", "migrations": [["members", "0001_start"]], "missing": []}
PLENTY = 2**40
SHA_OF_A = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"  # sha256("a")


def write_one_row(target):
    target.write('{"한글": 1}\n')
    return {"members.member": 1}


@pytest.fixture
def packed(tmp_path):
    """(stream, manifest) of one row and two files."""
    files = {}
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(name.encode() * 3)
        files[f"media/1/{name}.pdf"] = tmp_path / name
    stream = io.BytesIO()
    return stream, pack(stream, facts=FACTS, rows=write_one_row, files=files)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "deep" / "folder").mkdir(parents=True)
    return tmp_path / "deep" / "folder"


def found_in(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_went_in_comes_out(packed, folder):
    stream, manifest = packed
    assert unpack(stream, folder, space=PLENTY) == manifest
    assert manifest["rows"] == {"members.member": 1}
    assert found_in(folder) == {
        ROWS: '{"한글": 1}\n'.encode(),
        "media/1/a.pdf": b"aaa",
        "media/1/b.pdf": b"bbb",
    }


def forged(entries, files=None, manifest=None):
    """A zip by somebody who knows our format: {name or ZipInfo: bytes}."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for entry, data in entries:
            archive.writestr(entry, data)
        archive.writestr(MANIFEST, manifest or json.dumps({"format": 1, "files": files or {}}))
    return stream


OUTSIDE = [
    "../a", "media/../../a", "/etc/a", "media/1/../../../a", "C:/a", "media\\..\\a", "media//a", "media/./a", "./media/a",
    "a", "media", "manage.py", "media/1/\u202ea",
]  # fmt: skip


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_name_that_leads_elsewhere_is_refused(folder, name):
    with pytest.raises(ArchiveError, match="has no place in a backup"):
        unpack(forged([(name, b"a")], {name: [1, SHA_OF_A]}), folder, space=PLENTY)
    assert found_in(folder.parent.parent) == {}


def test_a_link_is_refused(folder):
    link = zipfile.ZipInfo("media/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(ArchiveError, match="has no place in a backup"):
        unpack(forged([(link, b"a")], {"media/link": [1, SHA_OF_A]}), folder, space=PLENTY)
    assert found_in(folder) == {}


def test_a_bomb_is_refused(folder):
    bomb = zipfile.ZipInfo("media/bomb")
    bomb.compress_type = zipfile.ZIP_DEFLATED
    size = 50 * 1024 * 1024
    with pytest.raises(ArchiveError, match="would not unpack to what it says"):
        unpack(forged([(bomb, bytes(size))], {"media/bomb": [size, "0" * 64]}), folder, space=PLENTY)
    assert found_in(folder) == {}


def test_files_that_share_their_bytes_are_refused(folder):
    """A hundred names for one piece of the zip: small on disk, large when taken out."""
    names = [f"media/{n}" for n in range(100)]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        manifest = {"format": 1, "files": {name: [5000, "0" * 64] for name in names}}
        archive.writestr(MANIFEST, json.dumps(manifest), zipfile.ZIP_DEFLATED)
        archive.writestr(names[0], b"a" * 5000)
        for name in names[1:]:
            again = copy(archive.getinfo(names[0]))
            again.filename = again.orig_filename = name
            archive.filelist.append(again)
    with pytest.raises(ArchiveError, match="overlap"):
        unpack(stream, folder, space=PLENTY)
    assert found_in(folder) == {}


def test_more_than_the_disk_holds_is_refused(packed, folder):
    with pytest.raises(ArchiveError, match="The disk is too full: 1 MB are needed"):
        unpack(packed[0], folder, space=19)
    assert found_in(folder) == {}


@pytest.mark.parametrize(
    ("entries", "files", "said"),
    [
        ([], {"media/a": [1, SHA_OF_A]}, "its files are not those of its manifest"),
        ([("media/a", b"a")], {}, "its files are not those of its manifest"),
        ([("media/a", b"b")], {"media/a": [1, SHA_OF_A]}, "its checksum differs"),
        ([("media/a", b"a")], {"media/a": [2, SHA_OF_A]}, "would not unpack to what it says"),
        ([("media/a", b"a")], {"media/a": "much"}, "would not unpack to what it says"),
        ([("media/a", b"a")], {"media/a": None}, "not a whole backup"),
        ([("media/a", b"a")], ["media/a"], "not a whole backup"),
    ],
)
def test_what_is_not_as_its_manifest_says_is_refused(folder, entries, files, said):
    with pytest.raises(ArchiveError, match=said):
        unpack(forged(entries, files), folder, space=PLENTY)


@pytest.mark.parametrize("manifest", ["", "{}", "[]", "null", '{"format": 1}', "\x00", "[" * 100_000])
def test_a_manifest_that_makes_no_sense_is_refused(folder, manifest):
    with pytest.raises(ArchiveError):
        unpack(forged([], manifest=manifest or " "), folder, space=PLENTY)


def test_another_format_is_refused_by_its_number(folder):
    with pytest.raises(ArchiveError, match="has format 2; this version reads format 1"):
        unpack(forged([], manifest='{"format": 2, "files": {}}'), folder, space=PLENTY)


@pytest.mark.parametrize("cut", [0, 10, 100, -100, -1])
def test_half_a_backup_is_refused(packed, folder, cut):
    stream, _manifest = packed
    with pytest.raises(ArchiveError):
        unpack(io.BytesIO(stream.getvalue()[:cut]), folder, space=PLENTY)


@pytest.mark.parametrize(("near", "behind"), [(b"aaa", 1), (b"rows.jsonl", 34)], ids=["file", "rows"])
def test_a_flipped_bit_is_noticed(packed, folder, near, behind):
    data = bytearray(packed[0].getvalue())
    data[data.index(near) + behind] ^= 1
    with pytest.raises(ArchiveError):
        unpack(io.BytesIO(bytes(data)), folder, space=PLENTY)


def test_a_name_twice_is_refused(folder):
    with pytest.warns(UserWarning, match="Duplicate name"):
        twice = forged([("media/a", b"a"), ("media/a", b"a")], {"media/a": [1, SHA_OF_A]})
    with pytest.raises(ArchiveError, match="not those of its manifest"):
        unpack(twice, folder, space=PLENTY)
