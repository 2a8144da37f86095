"""The letters page: what will go out, what went out, and what became of it."""

from datetime import timedelta

from django.shortcuts import render
from django.utils.timezone import now

from members.access import group_member
from schedule import reminders
from schedule.models import Letter

AHEAD = timedelta(days=60)


@group_member
def letters(request, group):
    """Organizers see every letter of the group, members their own."""
    me, at = request.membership, now()
    rows = Letter.objects.filter(session__term__group=group).select_related("session__term", "recipient__member", "about__member")
    planned = reminders.upcoming(group, now=at, until=at + AHEAD)
    if not me.is_organizer:
        rows = rows.filter(recipient=me)
        planned = [one for one in planned if me in one.recipients]
    return render(request, "schedule/letters.html", {"rows": rows[:100], "planned": planned})
