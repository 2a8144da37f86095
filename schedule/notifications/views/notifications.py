"""The notifications page, and every notification as its reader sees it. Looking at one sends nothing."""

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from members.access import group_member, group_organizer
from members.enqueue import enqueue
from members.numbers import whole
from schedule.access import may_read_notification, may_see_troubles
from schedule.models import Heartbeat, Notification, Session
from schedule.notifications import frame, outbox, outbox_page, reminders, troubles
from schedule.notifications import rendering as writing
from schedule.notifications.forms import NAMES
from schedule.notifications.reasons import in_words, server_words, when_in_words
from schedule.notifications.snapshot import with_related
from schedule.notifications.timetable import group_rules


@group_member
def notifications(request, group):
    """Organizers see every notification of the group, members their own."""
    shelf = request.GET.get("state", "")
    shelf = shelf if shelf in outbox_page.SHELF.values() else ""
    number = min(whole(request.GET.get("page")) or 1, 10_000)
    at = now()
    shown = outbox_page.outbox(group, request.membership, at, shelf, number)
    rules = group_rules(group)
    times = [(NAMES[kind], when_in_words(kind, rule), rule.at) for kind, rule in rules.kinds.items() if rule.on]
    troubled = may_see_troubles(request.membership)
    still = Heartbeat.objects.stalled_since(at) if troubled else None
    failed = troubles.of_group(group, at) if troubled else []
    page = {
        "refused": outbox_page.refused_to_all(group) if troubled else "",
        "still": still and localtime(still),
        "troubles": [(_(troubles.WORDS[one.step]), localtime(one.at)) for one in failed],
        "outbox": shown,
        "shelves": shown.shelves(),
        "at": localtime(at),
        "times": times,
        "quiet": rules.quiet,
    }
    return render(request, "schedule/notifications/notifications.html", page)


@csp_update({"frame-src": ["'self'"]})
@group_member
def notification(request, group, pk):
    row = _mine(request, group, pk)
    again = row.state in outbox.TRIED
    context = {"notification": row, "note": in_words(row, now()), "words": server_words(row), "again": again}
    return _show(request, row, row.settled_at or now(), context)


@xframe_options_sameorigin
@group_member
def notification_html(request, group, pk):
    row = _mine(request, group, pk)
    return _alone(row, row.settled_at or now())


@csp_update({"frame-src": ["'self'"]})
@group_member
def planned(request, group, session, kind, about, dedupe_key, to):
    one, row = _planned(request, group, session, kind, about, dedupe_key, to)
    send_now = outbox_page.planned_address("send_now", group, one)
    return _show(request, row, one.when, {"notification": row, "planned": one, "send_now": send_now})


@xframe_options_sameorigin
@group_member
def planned_html(request, group, session, kind, about, dedupe_key, to):
    one, row = _planned(request, group, session, kind, about, dedupe_key, to)
    return _alone(row, one.when)


@require_POST
@group_organizer
def send_now(request, group, session, kind, about, dedupe_key):
    """Before its time, to everybody who would get it."""
    get_object_or_404(Session.objects.filter(term__group=group), pk=session)
    one = _find(group, session, kind, about, dedupe_key)
    if one:
        reminders.send_early(one, now())
        enqueue("schedule.tasks.tick")
        messages.success(request, _("On its way now instead of later."))
    else:
        messages.info(request, _("This notification is on its way already, or no longer needed."))
    return redirect("schedule:notifications", group.slug)


@require_POST
@group_organizer
def try_again(request, group, pk):
    row = _mine(request, group, pk)
    if outbox.send_again(row):
        enqueue("schedule.tasks.send_notification", row.pk)
        messages.success(request, _("On its way again to %(name)s.") % {"name": row.recipient})
    else:
        messages.info(request, _("This notification is on its way already, or no longer needed."))
    return redirect("schedule:notifications", group.slug)


def _mine(request, group, pk):
    """A notification that this person may read: organizers every one, members their own."""
    rows = with_related(Notification.objects.filter(session__term__group=group))
    row = get_object_or_404(rows, pk=pk)
    if not may_read_notification(request.membership, row.recipient_id):
        raise Http404
    return row


def _find(group, session, kind, about, dedupe_key):
    at = now()
    key = (session, kind, about, dedupe_key)
    for one in reminders.upcoming(group, now=at, until=at + outbox_page.AHEAD):
        if (one.session.pk, one.kind, one.about.pk if one.about else 0, one.dedupe_key) == key:
            return one
    return None


def _planned(request, group, session, kind, about, dedupe_key, to):
    """A notification to come and the row it would be for one reader; 404 where there is none, or it is not one's own."""
    mine = may_read_notification(request.membership, to)
    one = _find(group, session, kind, about, dedupe_key) if mine else None
    reader = next((person for person in one.recipients if person.pk == to), None) if one else None
    if one is None or reader is None:
        raise Http404
    return one, reminders.notification_of(one, reader, one.when)


def _show(request, row, at, context):
    context["mail"] = writing.compose(row, at)
    return render(request, "schedule/notifications/notification.html", context)


def _alone(row, at):
    """In a frame without rights and without our address, so that it may bring its own style."""
    html = writing.as_page(writing.compose(row, at))
    response = HttpResponse(html)
    response.headers["Content-Security-Policy"] = frame.policy(html)
    return response
