"""How much of the server's disk a group and a member take with what they brought, and where the operator's quotas end it.

Counted from the rows of the files (members.stored_files), so that it is right whatever came and went.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from members import membership, stored_files
from members.models import Group, Member, Membership
from members.stored_files import StoredFiles
from members.templatetags.formatting import file_size

MEGABYTE = 1024 * 1024
NEARLY_FULL = 0.9


@dataclass(frozen=True)
class Usage:
    """Bytes by kind, the largest first, and the quota; `most` is 0 where there is none."""

    parts: list[tuple[str | Promise, int]]
    most: int

    @property
    def used(self) -> int:
        return sum(size for _words, size in self.parts)

    @property
    def is_nearly_full(self) -> bool:
        return bool(self.most) and self.used >= NEARLY_FULL * self.most


def of_group(group: Group) -> Usage:
    return _usage(stored_files.of_group(group), settings.GROUP_QUOTA_MB)


def of_member(member: Member) -> Usage:
    """What this person brought into all of their groups, whether they are still there or not."""
    return _usage(stored_files.of_member(member), settings.MEMBER_QUOTA_MB)


def reserve(size: int, *, group: Group, by: Membership | None, refusal: type[Exception]) -> None:
    """Raise `refusal`, with words that say what to do, unless so many bytes more have a place.

    Call it first in the transaction that writes the file's row: the rows of the group and of the person are held until
    it ends, so that of many files at once each counts those before it.
    """
    membership.hold(group.pk)
    theirs = of_group(group)
    if theirs.most and theirs.used + size > theirs.most:
        raise refusal(
            _(
                "There is no space for this file: the group’s files take %(used)s of %(most)s, those in the trash included. "
                "An organizer sees in the settings of the group what takes space, and can empty the trash."
            )
            % {"used": file_size(theirs.used), "most": file_size(theirs.most)}
        )
    if by is None:
        return
    Member.objects.select_for_update(no_key=True).get(pk=by.member_id)
    mine = of_member(by.member)
    if mine.most and mine.used + size > mine.most:
        raise refusal(
            _(
                "There is no space for this file: what you added takes %(used)s of the %(most)s that each member has. "
                "Throw away what nobody needs, then empty the trash."
            )
            % {"used": file_size(mine.used), "most": file_size(mine.most)}
        )


def _usage(sizes: dict[StoredFiles, int], megabytes: int) -> Usage:
    parts = sorted(((kind.words, size) for kind, size in sizes.items()), key=lambda part: -part[1])
    return Usage(parts, megabytes * MEGABYTE)
