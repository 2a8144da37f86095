"""Pages about people."""

from django.shortcuts import redirect


def start(request):
    """To the group one was in last, or to the list of groups."""
    group = request.user.groups.first()
    return redirect(group) if group else redirect("members:start")
