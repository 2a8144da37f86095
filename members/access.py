"""Every permission on one screen.

To a person who may not see it, a group does not exist: the answer is 404, never "forbidden".
"""

from functools import wraps

from django.shortcuts import get_object_or_404

from members.models import Membership


def group_member(view):
    """Members of the group named by <slug> enter; the view gets the group, and request.membership says who asks."""

    @wraps(view)
    def guarded(request, slug, *args, **kwargs):
        return view(request, _enter(request, request.user.memberships.here(), slug), *args, **kwargs)

    return guarded


def group_organizer(view):
    """The same, for the group's organizers only."""

    @wraps(view)
    def guarded(request, slug, *args, **kwargs):
        return view(request, _enter(request, request.user.memberships.organizers(), slug), *args, **kwargs)

    return guarded


def _enter(request, memberships, slug):
    membership = get_object_or_404(memberships.select_related("group", "member"), group__slug=slug)
    request.membership, request.group = membership, membership.group
    return membership.group


def can_edit(membership: Membership, owner_id: int | None) -> bool:
    """Who may change a thing that somebody made: that person, and organizers."""
    return membership.is_organizer or membership.pk == owner_id
