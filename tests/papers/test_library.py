"""The door: what comes in once, stays once, and goes without leaving anything behind."""

import errno
import json
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.utils.timezone import now

from members.models import Membership
from papers import library, tagging
from papers.models import UPLOAD_LIMIT, Paper, PaperFile, Wish
from papers.uploads import UploadRefused, clean_name
from tests import make
from tests.papers import pdfs

pytestmark = pytest.mark.django_db
HOSTILE_NAMES = Path(__file__).parents[3] / "shared" / "hostile" / "upload_filenames.json"


def stored():
    """Every file in storage, by name."""
    root = Path(default_storage.location)
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


def test_a_pdf_becomes_a_card_that_waits_to_be_read(study):
    data = pdfs.sheet()
    added = library.add_paper(pdfs.opened(data), group=study["group"], by=study["alice"], name="my paper.pdf")
    paper, file = added.paper, added.paper.files.get()
    assert (added.new, paper.state, paper.step, paper.added_by, paper.group) == (
        True, Paper.NEW, Paper.WAITING, study["alice"], study["group"],
    )  # fmt: skip
    with file.file.open() as kept:
        assert (file.name, file.size, kept.read()) == ("my paper.pdf", len(data), data)
    assert stored() == [file.file.name]
    assert file.file.name.startswith(f"{study['group'].pk}/") and "my paper" not in file.file.name


def test_the_same_bytes_are_the_paper_that_is_here(study):
    data = pdfs.sheet()
    first = library.add_paper(pdfs.opened(data), group=study["group"], by=study["alice"])
    again = library.add_paper(pdfs.opened(data), group=study["group"], by=study["bob"], name="another name.pdf")
    assert (again.paper, again.new) == (first.paper, False)
    assert (Paper.objects.count(), PaperFile.objects.count(), len(stored())) == (1, 1, 1)


def test_the_same_bytes_in_another_group_are_another_paper(study):
    data = pdfs.sheet()
    first = library.add_paper(pdfs.opened(data), group=study["group"], by=study["alice"])
    other = library.add_paper(pdfs.opened(data), group=study["mallory"].group, by=study["mallory"])
    assert other.new and other.paper != first.paper


def test_the_same_bytes_in_the_trash_are_found_there(study):
    data = pdfs.sheet()
    paper = library.add_paper(pdfs.opened(data), group=study["group"], by=study["alice"]).paper
    library.trash(paper, by=study["alice"])
    again = library.add_paper(pdfs.opened(data), group=study["group"], by=study["bob"])
    assert (again.paper, again.new) == (paper, False)
    assert again.paper.deleted_at is not None


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty."),
        (b"<html>a page</html>", "This is not a PDF."),
        (b" " * 1025 + b"%PDF-1.7", "This is not a PDF."),
    ],
)
def test_what_is_no_pdf_stays_outside_with_words(study, data, words):
    with pytest.raises(UploadRefused, match=words):
        library.add_paper(pdfs.opened(data), group=study["group"], by=study["alice"])
    assert (Paper.objects.count(), stored()) == (0, [])


def test_a_file_over_the_limit_stays_outside(study, tmp_path):
    large = tmp_path / "large.pdf"
    with large.open("wb") as file:
        file.write(b"%PDF-1.7")
        file.truncate(UPLOAD_LIMIT + 1)
    with large.open("rb") as file, pytest.raises(UploadRefused, match="larger than 50 MB"):
        library.add_paper(file, group=study["group"], by=study["alice"])
    assert (Paper.objects.count(), stored()) == (0, [])


def test_a_full_disk_is_said_and_leaves_no_half_file(study, monkeypatch):
    """The disk is the only thing that is not real here: half of the file is written, then it is full."""

    def full(self, name, content):
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%PDF-half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "_save", full)
    with pytest.raises(UploadRefused, match="disk is full"):
        library.add_paper(pdfs.opened(pdfs.sheet()), group=study["group"], by=study["alice"])
    assert (Paper.objects.count(), stored()) == (0, [])


def test_a_failing_database_leaves_no_file(study):
    with pytest.raises(ValueError, match="unsaved"):
        library.add_paper(pdfs.opened(pdfs.sheet()), group=study["group"], by=Membership(member=study["alice"].member))
    assert stored() == []


def test_names_are_words_never_paths():
    assert clean_name("../../etc/passwd.pdf") == "passwd.pdf"
    assert clean_name("C:\\papers\\x.pdf") == "x.pdf"
    assert clean_name("발표자료 최종(진짜최종).pdf") == "발표자료 최종(진짜최종).pdf"
    assert clean_name("cr\r\nSet-Cookie: a=b.pdf") == "cr Set-Cookie: a=b.pdf"
    assert clean_name("paper\u202efdp.exe") == "paperfdp.exe"
    assert [clean_name(name) for name in (None, "", " ", ".", "..", "\0")] == ["paper.pdf"] * 6


@pytest.mark.corpus
@pytest.mark.skipif(not HOSTILE_NAMES.exists(), reason="the hostile names are not here")
def test_every_hostile_name_comes_in_as_a_harmless_one(study):
    names = json.loads(HOSTILE_NAMES.read_text("utf8"))
    for number, name in enumerate(names):
        added = library.add_paper(
            pdfs.opened(pdfs.sheet(f"Sheet {number}")), group=study["group"], by=study["alice"], name=name
        )
        kept = added.paper.files.get().name
        assert added.new and 0 < len(kept) <= 200 and not set(kept) & set("/\\\0\r\n\u202e")
        kept.encode()
    assert len(names) == 57 == len(stored())
    assert all(name.startswith(f"{study['group'].pk}/") and name.endswith(".pdf") for name in stored())


# ── the card ─────────────────────────────────────────────────────────────────────────────────────
def test_what_a_person_types_is_theirs(study):
    paper = make.paper(
        study["group"], "Girafe", year=2020, sources={"title": "page", "year": "page"}, confidences={"title": 0.3}
    )
    library.edit(paper, by=study["bob"], changes={"title": "GIRAFFE", "authors": ["Michael Niemeyer"]})
    paper.refresh_from_db()
    assert (paper.title, paper.authors, paper.year) == ("GIRAFFE", ["Michael Niemeyer"], 2020)
    typed = f"typed:{study['bob'].pk}"
    assert paper.sources == {"title": typed, "authors": typed, "year": "page"}
    assert paper.confidences == {}


def test_only_fields_of_the_card_are_edited(study):
    paper = make.paper(study["group"])
    library.edit(paper, by=study["bob"], changes={"state": "unreadable", "group_id": 7, "year": 2017})
    paper.refresh_from_db()
    assert (paper.state, paper.group, paper.year) == (Paper.READY, study["group"], 2017)


def test_an_arxiv_number_is_kept_without_its_version(study):
    paper = library.edit(make.paper(study["group"]), by=study["bob"], changes={"arxiv_id": "2011.12100v2"})
    assert paper.arxiv_id == "2011.12100"


def test_tags_are_shared_whatever_their_case_and_go_when_unused(study):
    one, other = make.paper(study["group"]), make.paper(study["group"])
    tagging.tag(one, ["NeRF", " nerf ", "3D", ""])
    tagging.tag(other, ["nerf"])
    assert sorted(tag.name for tag in study["group"].tags.all()) == ["3D", "NeRF", "nerf"][:2]
    assert list(other.tags.all()) == list(study["group"].tags.filter(name="NeRF"))
    tagging.tag(one, ["NeRF"])
    assert [tag.name for tag in study["group"].tags.all()] == ["NeRF"]


def test_wishing_twice_is_one_wish(study):
    paper = make.paper(study["group"])
    library.wish(paper, by=study["alice"], note="Why not?")
    library.wish(paper, by=study["alice"], note="Because.")
    library.wish(paper, by=study["bob"])
    assert [(w.membership, w.note) for w in Wish.objects.all()] == [(study["alice"], "Because."), (study["bob"], "")]
    library.unwish(paper, by=study["alice"])
    assert [w.membership for w in Wish.objects.all()] == [study["bob"]]


# ── two cards that may be one paper ──────────────────────────────────────────────────────────────
def test_a_version_joins_the_paper_with_everything_that_is_its(study):
    old, new = make.paper(study["group"], "GIRAFFE"), make.paper(study["group"], "Giraffe")
    make.paper_file(old), make.paper_file(new)
    tagging.tag(new, ["3D"])
    library.wish(new, by=study["alice"])
    library.wish(old, by=study["alice"])
    library.wish(new, by=study["bob"])
    turn = make.presentation(make.session(make.term(study["group"])), study["bob"], paper=new)
    newest = new.files.get()
    assert library.join(new, into=old) == old
    turn.refresh_from_db()
    old.refresh_from_db()
    assert turn.paper == old
    assert old.latest == newest and old.files.count() == 2
    assert sorted(w.membership.pk for w in old.wishes.all()) == [study["alice"].pk, study["bob"].pk]
    assert [tag.name for tag in old.tags.all()] == ["3D"]
    assert (old.state, old.tries, Paper.objects.count(), len(stored())) == (Paper.NEW, 0, 1, 2)


def test_a_new_version_is_read_again_and_a_known_one_is_not(study):
    paper = make.paper(study["group"], "GIRAFFE")
    data = pdfs.sheet()
    assert library.add_version(paper, pdfs.opened(data), by=study["bob"]).new
    paper.refresh_from_db()
    assert (paper.state, paper.files.count()) == (Paper.NEW, 1)
    Paper.objects.update(state=Paper.READY)
    again = library.add_version(paper, pdfs.opened(data), by=study["bob"])
    paper.refresh_from_db()
    assert (again.new, paper.state, paper.files.count()) == (False, Paper.READY, 1)


def test_who_says_that_two_papers_are_two_is_not_asked_again(study):
    one = make.paper(study["group"], "Attention Is All You Need")
    other = make.paper(study["group"], "Attention is all you need", looks_like=one)
    library.keep_both(other)
    other.refresh_from_db()
    assert other.looks_like is None
    assert library.same_paper(other) is None and library.same_paper(one) is None


# ── the trash ────────────────────────────────────────────────────────────────────────────────────
def test_the_trash_is_left_by_restore_or_after_thirty_days(study, django_capture_on_commit_callbacks):
    papers = [make.paper(study["group"], f"Paper {n}") for n in range(3)]
    for paper in papers:
        make.paper_file(paper)
        library.trash(paper, by=study["alice"])
    kept_file = papers[1].files.get().file.name
    Paper.objects.filter(pk__in=[papers[0].pk, papers[2].pk]).update(deleted_at=now() - timedelta(days=30, minutes=1))
    assert library.restore(papers[2]) is True
    left_file = papers[2].files.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        assert library.purge(now()) == 1
    assert set(Paper.objects.values_list("pk", flat=True)) == {papers[1].pk, papers[2].pk}
    assert stored() == sorted([kept_file, left_file])


def test_throwing_away_and_restoring_twice_change_nothing_more(study):
    paper = make.paper(study["group"])
    assert [library.trash(paper, by=study["alice"]), library.trash(paper, by=study["bob"])] == [True, False]
    paper.refresh_from_db()
    assert paper.deleted_by == study["alice"]
    assert [library.restore(paper), library.restore(paper)] == [True, False]


def test_files_that_nobody_names_are_swept_after_a_day(study):
    kept = make.paper_file(make.paper(study["group"])).file.name
    folder = Path(default_storage.location) / str(study["group"].pk)
    for name, days in (("old.pdf", 2), ("fresh.pdf", 0)):
        (folder / name).write_bytes(b"left behind")
        os.utime(folder / name, (time.time() - days * 86_400,) * 2)
    os.utime(folder.parent / kept, (time.time() - 5 * 86_400,) * 2)
    assert library.sweep(now()) == 1
    assert stored() == sorted([kept, f"{study['group'].pk}/fresh.pdf"])


def test_uploads_that_never_arrived_whole_are_swept_after_a_day(db, settings):
    folder = Path(settings.FILE_UPLOAD_TEMP_DIR)
    for name, days in (("tmp1.upload.pdf", 2), ("tmp2.upload.pdf", 0), ("mine.txt", 2)):
        (folder / name).write_bytes(b"half a paper")
        os.utime(folder / name, (time.time() - days * 86_400,) * 2)
    assert library.sweep(now()) == 1
    assert sorted(path.name for path in folder.iterdir()) == ["mine.txt", "tmp2.upload.pdf"]


def test_sweeping_before_the_first_paper_is_fine(db):
    assert library.sweep(now()) == 0
