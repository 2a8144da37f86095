"""The end of a group: what it has goes, from the database and from the disk; the people and their other groups stay."""

from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.db import transaction

from members import audit
from members.models import Group
from papers.models import Paper, PaperFile
from schedule.models import Notification, Session, Term


@dataclass(frozen=True)
class Belongings:
    """How much goes with a group."""

    people: int
    papers: int
    versions: int
    terms: int
    sessions: int
    notifications: int
    files: int


def belongings(group: Group) -> Belongings:
    return Belongings(
        people=group.memberships.count(),
        papers=Paper.objects.filter(group=group).count(),
        versions=PaperFile.objects.filter(group=group).count(),
        terms=Term.objects.filter(group=group).count(),
        sessions=Session.objects.filter(term__group=group).count(),
        notifications=Notification.objects.filter(session__term__group=group).count(),
        files=len(_files(str(group.pk))),
    )


@transaction.atomic
def delete_group(group: Group) -> None:
    """Every row and every file of the group, for good. Files go once it is certain that the rows do.

    The row is held against whoever would add to the group; what slips in through a term or a session of it ends this
    with an IntegrityError, and then nothing has gone.
    """
    folder = str(Group.objects.select_for_update().get(pk=group.pk).pk)
    audit.record("group_deleted", detail=group.slug)
    group.delete()
    transaction.on_commit(lambda: _clear(folder))


def _clear(folder: str) -> None:
    """All files of a group lie in the folder called by its number: its papers, covers, photos, bundles and slides."""
    for name in _files(folder):
        default_storage.delete(name)


def _files(folder: str) -> list[str]:
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    inside = [name for one in folders for name in _files(f"{folder}/{one}")]
    return [f"{folder}/{name}" for name in names] + inside
