"""Who may do what with the papers of a group. Everybody in it may read, add, correct and wish for them."""

from members.access import may_edit
from members.models import Membership
from papers.models import Paper


def may_trash(me: Membership, paper: Paper) -> bool:
    """Return whether this member may throw a paper away: who added it and organizers may."""
    return may_edit(me, paper.added_by_id)


def may_restore(me: Membership, paper: Paper) -> bool:
    """Return whether this member may take a paper out of the trash: who threw it away, who added it and organizers may."""
    return may_edit(me, paper.added_by_id) or me.pk == paper.deleted_by_id
