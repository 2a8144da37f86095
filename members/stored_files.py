"""Which rows hold files that people brought: each app names its own in its apps.py, before there are models.

What can be made anew (covers, zips) is not among them.
"""

from dataclasses import dataclass, field

from django.apps import apps
from django.db.models import Model, QuerySet, Sum, Value
from django.utils.functional import Promise


@dataclass(frozen=True)
class StoredFiles:
    """Rows of a model that have a `size`; `group` and `by` are the ways from them to the group and to who brought them."""

    model: str
    words: str | Promise
    group: str
    by: str
    only: dict = field(default_factory=dict, hash=False)

    def sizes(self, **theirs) -> QuerySet:
        """Return (place in KINDS, bytes) of the rows that `theirs` chooses, as a query for one row."""
        rows = apps.get_model(self.model)._base_manager.filter(**self.only, **theirs).order_by()
        return rows.values_list(Value(KINDS.index(self))).annotate(bytes=Sum("size"))


def of_group(group: Model) -> dict[StoredFiles, int]:
    """Return how many bytes of each kind a group has; one query."""
    return _asked([kind.sizes(**{kind.group: group}) for kind in KINDS])


def of_member(member: Model) -> dict[StoredFiles, int]:
    """Return how many bytes of each kind a person has brought into all groups; one query."""
    return _asked([kind.sizes(**{f"{kind.by}__member": member}) for kind in KINDS])


def _asked(each: list[QuerySet]) -> dict[StoredFiles, int]:
    first, *others = each
    return {KINDS[kind]: size for kind, size in first.union(*others, all=True) if size}


KINDS: list[StoredFiles] = []


def register(*kinds: StoredFiles) -> None:
    """Count the files of these rows."""
    KINDS.extend(kinds)
