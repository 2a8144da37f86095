"""Every permission on one screen.

To a person who may not see it, a group does not exist: the answer is 404, never "forbidden".
"""

from functools import wraps

from django.shortcuts import get_object_or_404

from members.models import Membership

LAST_GROUP = "group"  # the session remembers where one was last; the start page goes there again
ABOUT_ONESELF = {"pause", "resume", "leave", "demote"}


def group_member(view):
    """Members of the group named by <slug> enter; the view gets the group, and request.membership says who asks."""

    @wraps(view)
    def guarded(request, slug, *args, **kwargs):
        return view(request, _enter(request, request.user.memberships.current(), slug), *args, **kwargs)

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
    if request.session.get(LAST_GROUP) != slug:
        request.session[LAST_GROUP] = slug
    return membership.group


def can_edit(membership: Membership, owner_id: int | None) -> bool:
    """Who may change a thing that somebody made: that person, and organizers."""
    return membership.is_organizer or membership.pk == owner_id


def can_change(of: Membership, *, by: Membership, verb: str) -> bool:
    """Who may change whose place in the group: everybody may pause and leave, organizers decide about the others."""
    if of.pk == by.pk:
        return verb in ABOUT_ONESELF
    return by.is_organizer and verb != "leave"
