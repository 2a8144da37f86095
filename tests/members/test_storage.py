"""How much a group and a member may bring, what they are told, and what takes no space at all."""

import os
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now
from PIL import Image

from members import storage
from papers import library, processing
from papers.models import Paper, PaperFile
from papers.uploads import UploadRefused
from schedule.meetings import photos
from schedule.models import Photo
from schedule.refusal import NotPossible
from schedule.reports import deck_template
from tests import make
from tests.members.test_pages import text
from tests.papers import pdfs

pytestmark = pytest.mark.django_db
KB = 1024


def pdf_of(kilobytes, number=0):
    """A file that opens, and is of this size."""
    data = pdfs.sheet(f"Paper {number}")
    return data + b"\n%" + b" " * (kilobytes * KB - len(data) - 2)


def add(place, kilobytes, number=0):
    return library.add_paper(BytesIO(pdf_of(kilobytes, number)), group=place.group, by=place, name="a.pdf").paper


def upload(client, kilobytes, number=0):
    page = client.post(
        "/g/study/papers/upload/", {"files": pdfs.upload(pdf_of(kilobytes, number), f"{number}.pdf")}, follow=True
    )
    return text(page)


def picture():
    out = BytesIO()
    Image.effect_noise((1200, 900), 80).save(out, "JPEG", quality=95)
    out.seek(0)
    out.size = len(out.getvalue())
    return out


@pytest.fixture
def small(settings):
    settings.GROUP_QUOTA_MB = settings.MEMBER_QUOTA_MB = 1


def test_a_full_group_takes_no_further_file_and_the_refusal_says_what_to_do(study, sign_in, settings):
    settings.GROUP_QUOTA_MB = 1
    alice = sign_in(study["alice"])
    assert "is on the shelf" in upload(alice, 600, 1)
    refused = upload(alice, 600, 2)
    assert (
        "2.pdf: There is no space for this file: the group’s files take 600 KB of 1.0 MB, those in the trash included. "
        "An organizer sees in the settings of the group what takes space, and can empty the trash."
    ) in refused
    assert (Paper.objects.count(), PaperFile.objects.count()) == (1, 1)
    assert len(default_storage.listdir(str(study["group"].pk))[1]) == 1
    assert "is on the shelf" in upload(alice, 400, 3)


def test_what_a_member_brings_counts_over_all_groups_and_keeps_no_other_member_from_adding(study, settings):
    settings.MEMBER_QUOTA_MB = 1
    elsewhere = make.member(study["mallory"].group, member=study["alice"].member)
    add(elsewhere, 600, 1)
    with pytest.raises(UploadRefused, match="what you added takes 600 KB of the 1.0 MB that each member has"):
        add(study["alice"], 600, 2)
    assert add(study["bob"], 600, 3).group == study["group"]


def test_a_newer_version_a_photo_and_a_template_count_as_a_paper_does(study, small):
    alice, olivia = study["alice"], study["olivia"]
    paper = add(alice, 950, 1)
    held = make.session(make.term(study["group"]), now() - timedelta(hours=1))
    with pytest.raises(UploadRefused):
        library.add_version(paper, BytesIO(pdf_of(200, 2)), by=study["bob"])
    with pytest.raises(NotPossible, match="There is no space"):
        photos.add(held, picture(), by=study["bob"], now=now())
    paper.refresh_from_db()
    assert (paper.files.count(), Photo.objects.count()) == (1, 0)
    library.trash(paper, by=alice)
    library.discard(Paper.objects.in_trash(), now())
    photo = photos.add(held, picture(), by=study["bob"], now=now())
    own = BytesIO(deck_template.ours())
    own.name, own.size = "ours.pptx", len(own.getvalue())
    deck_template.keep(study["group"], own, by=olivia)
    kept = deck_template.look(study["group"])
    assert (photo.size, kept.size) == (photo.file.size, kept.file.size)
    sizes = {str(words): size for words, size in storage.of_group(study["group"]).parts}
    assert sizes == {"Photos": photo.size, "Template of the slides": kept.size}
    deck_template.back_to_ours(study["group"], by=olivia)
    assert storage.of_group(study["group"]).used == photo.size


def test_the_trash_counts_until_it_is_emptied(study, sign_in, settings, django_capture_on_commit_callbacks):
    settings.GROUP_QUOTA_MB = 1
    alice, olivia = study["alice"], sign_in(study["olivia"])
    library.trash(add(alice, 800, 1), by=alice)
    with pytest.raises(UploadRefused, match="those in the trash included"):
        add(alice, 800, 2)
    page = text(olivia.get("/g/study/papers/trash/"))
    assert "1 paper with a file that you may throw away goes for good: 800 KB." in page
    with django_capture_on_commit_callbacks(execute=True):
        answer = olivia.post("/g/study/papers/trash/empty/", follow=True)
    assert ("1 paper is gone for good." in text(answer), default_storage.listdir(str(study["group"].pk))[1]) == (
        True,
        [],
    )
    assert add(alice, 800, 2).title == ""


def test_members_empty_only_what_they_added_and_a_paper_on_the_shelf_never_goes(study, sign_in):
    mine, theirs, kept = add(study["alice"], 10, 1), add(study["bob"], 10, 2), add(study["alice"], 10, 3)
    card = make.paper(by=study["alice"])  # without a file it takes no space, and waits for its time
    for paper in (mine, theirs, card):
        library.trash(paper, by=study["olivia"])
    sign_in(study["alice"]).post("/g/study/papers/trash/empty/")
    assert set(Paper.objects.values_list("pk", flat=True)) == {theirs.pk, kept.pk, card.pk}


def test_zero_is_no_limit(study, settings):
    settings.GROUP_QUOTA_MB = settings.MEMBER_QUOTA_MB = 0
    add(study["alice"], 2000, 1)
    usage = storage.of_group(study["group"])
    assert (usage.used, usage.is_nearly_full) == (2000 * KB, False)


def test_the_pages_say_what_takes_space_and_from_ninety_percent_on_a_sentence(study, sign_in, small):
    alice, olivia = sign_in(study["alice"]), sign_in(study["olivia"])
    pages = {"library": (alice, "/g/study/papers/"), "me": (alice, "/me/"), "settings": (olivia, "/g/study/settings/")}

    def said():
        return {name: text(client.get(address)) for name, (client, address) in pages.items()}

    add(study["alice"], 920, 1)
    before = said()
    assert "920 KB of 1.0 MB. Covers and zips do not count. Papers 920 KB" in before["settings"]
    assert "920 KB of 1.0 MB. What you added in all of your groups. Papers 920 KB" in before["me"]
    assert [name for name, page in before.items() if "Throw away what nobody needs" in page] == []
    add(study["alice"], 10, 2)
    after = said()
    group, mine = "The group’s files take 930 KB of 1.0 MB.", "What you added takes 930 KB of the 1.0 MB"
    assert {name: (group in page, mine in page) for name, page in after.items()} == {
        "library": (True, True), "me": (False, True), "settings": (True, False),
    }  # fmt: skip


def test_covers_and_bundles_take_no_space(study, settings):
    paper = add(study["alice"], 50, 1)
    processing.read_waiting()
    paper.refresh_from_db()
    assert paper.cover_file is not None
    assert storage.of_group(study["group"]).parts == [("Papers", 50 * KB)]


# ── junk ─────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("data", [b"%PDF-1.7\n" + os.urandom(300_000), b"%PDF-" + b"\0" * 300_000, b"%PDF-1.7\n%%EOF"])
def test_what_starts_like_a_pdf_and_is_none_is_not_kept_and_its_row_says_so(
    study, sign_in, data, django_capture_on_commit_callbacks
):
    alice = study["alice"]
    paper = library.add_paper(pdfs.upload(data), group=alice.group, by=alice, name="my paper.pdf").paper
    with django_capture_on_commit_callbacks(execute=True):
        processing.read_waiting()
    paper.refresh_from_db()
    assert (paper.state, paper.reason, paper.title, paper.files.count()) == (Paper.UNREADABLE, "not_pdf", "my paper", 0)
    assert (storage.of_group(alice.group).used, default_storage.listdir(str(alice.group_id))[1]) == (0, [])
    page = text(sign_in(alice).get(f"/g/study/papers/{paper.pk}/"))
    assert (
        "There was no PDF inside, so the file was not kept. Download the paper again and add it as a new version."
        in page
    )
    library.add_version(paper, pdfs.upload(pdfs.giraffe()), by=alice)
    processing.read_waiting()
    paper.refresh_from_db()
    assert (paper.state, paper.title, paper.files.count()) == (Paper.READY, pdfs.GIRAFFE.title, 1)


def test_junk_as_a_newer_version_leaves_the_paper_as_it_was(study):
    alice = study["alice"]
    paper = library.add_paper(pdfs.upload(pdfs.giraffe()), group=alice.group, by=alice).paper
    processing.read_waiting()
    library.add_version(paper, pdfs.upload(b"%PDF-1.7 nothing"), by=alice)
    processing.read_waiting()
    paper.refresh_from_db()
    assert (paper.state, paper.reason, paper.title, paper.files.count()) == (
        Paper.READY, "not_pdf", pdfs.GIRAFFE.title, 1,
    )  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [pdfs.locked(), pdfs.sheet()[:400], pdfs.sheet(" "), b"junk\n" + pdfs.sheet(), pdfs.sheet().replace(b"startxref\n", b"startxref\n9")],
    ids=["password", "cut off", "no words", "junk before it", "broken table"],
)  # fmt: skip
def test_what_some_viewer_may_open_stays(study, data):
    alice = study["alice"]
    paper = library.add_paper(pdfs.upload(data), group=alice.group, by=alice).paper
    processing.read_waiting()
    assert [file.size for file in paper.files.all()] == [len(data)]


def test_nobody_but_organizers_empties_the_trash_of_a_file_that_somebody_else_brought(study, sign_in):
    paper = add(study["alice"], 30, 1)
    paper.files.update(added_by=study["bob"])
    library.trash(paper, by=study["alice"])
    for name, left in (("alice", 1), ("olivia", 0)):
        sign_in(study[name]).post("/g/study/papers/trash/empty/")
        assert Paper.objects.count() == left
