"""Who may enter a group, and who may do what with its members.

Papers and the schedule have an access.py of their own. To a person who may not see it, a group does not exist: the
answer is 404, never "forbidden".
"""

from functools import wraps

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from members.models import Group, Member, Membership

LAST_GROUP = "group"  # the session remembers where one was last; the start page goes there again
ABOUT_ONESELF = {"pause", "resume", "leave", "demote"}


class GroupRequest(HttpRequest):
    """The request as views under group_member and group_organizer get it."""

    user: Member
    membership: Membership
    group: Group


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


def _enter(request: GroupRequest, memberships, slug):
    membership = get_object_or_404(memberships.select_related("group", "member"), group__slug=slug)
    request.membership, request.group = membership, membership.group
    if request.session.get(LAST_GROUP) != slug:
        request.session[LAST_GROUP] = slug
    return membership.group


def organizes(me: Membership) -> bool:
    """Return whether this member is an organizer and has not left. Only the modules named access.py ask it."""
    return me.is_organizer and me.is_current


def may_edit(me: Membership, owner_id: int | None) -> bool:
    """Return whether this member may change what somebody made: that person and organizers may."""
    return organizes(me) or me.pk == owner_id


def may_change_place(me: Membership, place: Membership, verb: str) -> bool:
    """Return whether this member may do one of membership.MOVES to a place in the group.

    Everybody may pause, resume, leave and step back from organizing; organizers decide about the others.
    """
    if place.pk == me.pk:
        return verb in ABOUT_ONESELF
    return organizes(me) and verb != "leave"


def may_manage_members(me: Membership) -> bool:
    """Return whether this member may invite people and see to their addresses: organizers may."""
    return organizes(me)


def may_change_settings(me: Membership) -> bool:
    """Return whether this member may change the settings of the group: organizers may."""
    return organizes(me)
