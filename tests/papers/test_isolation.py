"""The regular tasks of papers and invitations isolate, as the tick does: one bad row or file keeps no other waiting."""

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from members import invitation_mail
from members.models import Invitation
from members.records import Failure
from papers import library, processing, tasks
from papers.models import Lookup, Paper, PaperFile
from tests import make
from tests.papers import pdfs
from tests.poison import spoil

pytestmark = pytest.mark.django_db(transaction=True)


def known() -> list[tuple]:
    return list(Failure.objects.order_by("step", "row").values_list("step", "row", "group__slug", "error"))


def shelve(study, data):
    return library.add_paper(pdfs.upload(data), group=study["group"], by=study["alice"]).paper


def aged(path: Path) -> Path:
    os.utime(path, (time.time() - 2 * 86_400,) * 2)
    return path


def test_papers_that_cannot_be_loaded_or_opened_keep_no_other_from_being_read(study):
    unloadable, unopenable, fine = (shelve(study, data) for data in (pdfs.sheet(), pdfs.locked(), pdfs.giraffe()))
    PaperFile.objects.filter(paper=unopenable).update(file="../../outside.pdf")
    spoil(unloadable, "changed_at")
    processing.read_waiting()
    states = {pk: Paper.objects.values_list("state", flat=True).get(pk=pk) for pk in (unloadable.pk, fine.pk)}
    assert states == {unloadable.pk: Paper.NEW, fine.pk: Paper.READY}
    left = Paper.objects.filter(pk=unopenable.pk).values_list("state", "tries").get()
    assert left == (Paper.NEW, 1)  # it has its next try when its lease is over
    assert [(step, row, slug) for step, row, slug, _error in known()] == [
        ("papers", f"paper {unloadable.pk}", "study"),
        ("papers", f"paper {unopenable.pk}", "study"),
    ]


def test_a_question_that_cannot_be_loaded_keeps_no_other_from_being_asked(study, settings):
    settings.LOOK_UP = True
    settings.SOURCES = dict.fromkeys(settings.SOURCES, "http://127.0.0.1:9")  # nobody listens there
    rows = [Lookup.objects.create(paper=make.paper(study["group"]), kind="doi", identifier=f"10.1/{n}") for n in "ab"]
    spoil(rows[0], "asked_at")
    tasks.look_up()
    assert Lookup.objects.values_list("state", flat=True).get(pk=rows[1].pk) == Lookup.SLOW
    assert [(step, row, slug) for step, row, slug, _error in known()] == [("look-ups", f"lookup {rows[0].pk}", "study")]
    assert Lookup.objects.filter(pk=rows[0].pk, next_try_at__gt=now()).exists()


def test_what_cannot_be_cleared_away_keeps_nothing_else(study, settings):
    uploads, media = Path(settings.FILE_UPLOAD_TEMP_DIR), Path(default_storage.location) / str(study["group"].pk)
    for folder in (uploads / "shared" / "1" / "old", media):
        folder.mkdir(parents=True)
    (media / "stray.pdf").write_bytes(b"left behind")
    (uploads / "b.upload.pdf").write_bytes(b"half a paper")
    (uploads / "shared" / "1" / "file").write_bytes(b"no folder")
    (uploads / "a.upload.pdf").mkdir()
    here = [media / "stray.pdf", uploads / "b.upload.pdf", uploads / "a.upload.pdf"]
    here += [uploads / "shared" / "1" / name for name in ("file", "old")]
    for path in here:
        aged(path)
    trashed = [make.paper(study["group"], f"Paper {n}", deleted_at=now() - timedelta(days=40)) for n in range(2)]
    spoil(trashed[0], "added_at")
    tasks.tidy()
    assert [path.name for path in here if path.exists()] == ["a.upload.pdf", "file"]
    assert list(Paper.objects.values_list("pk", flat=True)) == [trashed[0].pk]
    assert [(step, Path(row).name, slug) for step, row, slug, _error in known()] == [
        ("files", "a.upload.pdf", None),
        ("shares", "file", None),
        ("trash", f"paper {trashed[0].pk}", "study"),
    ]


def test_an_invitation_that_cannot_be_written_says_so_and_keeps_no_other(study, smtp_sink):
    far = make.utc(9999, 12, 31, 23)
    never = make.invitation(study["olivia"], email="never@example.org", expires_at=far)  # no such hour in Seoul
    make.invitation(study["olivia"], email="soon@example.org")
    assert invitation_mail.send_due(now()) == 1
    assert ([message.envelope_to for message in smtp_sink.messages], known()) == (
        [["soon@example.org"]],
        [("invitations", f"invitation {never.pk}", "study", "OverflowError")],
    )
    assert Invitation.objects.get(pk=never.pk).mail_error == "date value out of range"
