"""Who may do what with the papers of a group. Everybody in it may read, add, correct and wish for them."""

from members.access import may_edit
from members.models import Membership
from papers.models import Paper


def may_trash(me: Membership, paper: Paper) -> bool:
    """Return whether this member may throw a paper away: who added it and organizers may."""
    return may_edit(me, paper.added_by_id)


def may_restore(me: Membership, paper: Paper) -> bool:
    """Return whether this member may take a paper out of the trash: who threw it away, who added it and organizers may.

    Everybody may if it was thrown away by who added it: else that person could keep a file out of the group by doing so.
    """
    mine = may_edit(me, paper.added_by_id) or me.pk == paper.deleted_by_id
    return mine or (paper.deleted_by_id is not None and paper.deleted_by_id == paper.added_by_id)


def may_discard(me: Membership, paper: Paper) -> bool:
    """Return whether this member may delete a paper in the trash for good: organizers may, others if all its files are theirs."""
    return may_trash(me, paper) and all(may_edit(me, file.added_by_id) for file in paper.files.all())


def may_join(me: Membership, paper: Paper) -> bool:
    """Return whether this member may make a paper a version of another, whose adder it is then: who added it and organizers may."""
    return may_edit(me, paper.added_by_id)
