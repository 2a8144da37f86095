"""A group that wants its data gone: rows and files of it, and of nobody else."""

from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from members.models import Group, Membership
from papers.models import Paper
from schedule.models import Bundle, DeckTemplate, Notification, Photo, Session
from tests import make


def group_at_work(slug: str) -> Group:
    """A paper with its cover, a turn, a notification, a photo, a bundle and slides of its own."""
    group = make.group(slug=slug)
    by = make.organizer(group)
    paper = make.paper(by=by)
    make.paper_file(paper).cover.save("cover.webp", ContentFile(make.webp()))
    session = make.session(make.term(group))
    make.presentation(session, by, paper=paper)
    make.notification(session, by)
    make.invitation(by)
    photo = Photo(session=session, width=4, height=3, taken_at=now(), added_by=by)
    photo.file.save("photo.jpg", ContentFile(b"jpeg"))
    Bundle(group=group, kind=Bundle.GROUP, language="en", by=by).file.save("all.zip", ContentFile(b"zip"))
    DeckTemplate(group=group, by=by).file.save("ours.pptx", ContentFile(b"pptx"))
    return group


def files(folder="") -> list[str]:
    folders, names = default_storage.listdir(folder)
    found = [f"{folder}/{name}".lstrip("/") for name in names]
    return sorted(found + [name for one in folders for name in files(f"{folder}/{one}".lstrip("/"))])


def ended(*words, answer=None, monkeypatch=None) -> str:
    out = StringIO()
    if answer is not None:
        monkeypatch.setattr("builtins.input", lambda _question: answer)
    call_command("delete_group", *words, stdout=out)
    return out.getvalue()


def left() -> tuple:
    rows = [model.objects.count() for model in (Paper, Session, Notification, Photo, Bundle, DeckTemplate, Membership)]
    return [group.slug for group in Group.objects.order_by("slug")], rows


@pytest.mark.django_db(transaction=True)
def test_a_deleted_group_leaves_no_row_and_no_file_and_others_keep_theirs():
    kept = group_at_work("kept")
    before = files()
    group_at_work("gone")
    people = get_user_model().objects.count()
    assert len(files()) == 2 * len(before) == 10
    said = ended("gone", "--yes")
    assert left() == (["kept"], [1] * 7)
    assert (files(), get_user_model().objects.count()) == (before, people)
    assert all(name.startswith(f"{kept.pk}/") for name in before)
    assert "1 papers in 1 versions, 1 terms with 1 sessions, 1 notifications and 5 files" in said


@pytest.mark.django_db(transaction=True)
def test_it_is_deleted_only_by_typing_its_address(monkeypatch):
    group_at_work("ours")
    before = files()
    with pytest.raises(CommandError, match="Nothing was deleted"):
        ended("ours", answer="yes", monkeypatch=monkeypatch)
    assert (left(), files()) == ((["ours"], [1] * 7), before)
    ended("ours", answer="ours", monkeypatch=monkeypatch)
    assert (left(), files()) == (([], [0] * 7), [])


def test_an_address_of_no_group_deletes_nothing(db):
    make.group(slug="ours")
    with pytest.raises(CommandError, match="There is no group at /g/other/"):
        ended("other", "--yes")
    assert [group.slug for group in Group.objects.all()] == ["ours"]
