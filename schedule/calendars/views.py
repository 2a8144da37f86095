"""Dates for calendar programs: the secret addresses, the page that explains them, one session as a file."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.access import group_member
from members.limits import limited
from schedule.calendars import calendar_feed, secret_links
from schedule.calendars.forms import CalendarForm
from schedule.models import Presentation, Session

ICS = "text/calendar; charset=utf-8"
READS_AN_HOUR = 240
HOUR = int(timedelta(hours=1).total_seconds())


@login_not_required  # a calendar program cannot sign in: the address is the key
@require_safe
def feed(request, pk, scope, key):
    """The whole calendar, or 304 while nothing in it has changed. An address that is closed answers 404."""
    link = secret_links.find(pk, scope, key)
    if link is None:
        return _quiet(HttpResponse(status=404))
    if wait := limited(f"calendar:{link.pk}", READS_AN_HOUR, HOUR):
        return _quiet(HttpResponse(status=429, headers={"Retry-After": str(wait)}))
    content = calendar_feed.feed(link, scope, now())
    # by the tag alone: a person's new name changes the calendar, and leaves no later date behind
    response = get_conditional_response(request, etag=content.etag)
    if response is None:
        response = HttpResponse(content.as_bytes(), content_type=ICS)
        response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.headers["ETag"] = content.etag
    if content.changed_at:
        response.headers["Last-Modified"] = http_date(content.changed_at.timestamp())
    return _quiet(response)


def _quiet(response):
    """Kept by nobody but its reader; and no log shall repeat the address, which is a key."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Referrer-Policy"] = "no-referrer"
    response._has_been_logged = True
    return response


@group_member
def calendars(request, group):
    """How one's dates come into one's own calendar; the addresses, and what they show."""
    link = secret_links.link_of(request.membership) if request.method == "POST" else _known(request.membership)
    form = CalendarForm(request.POST or None, instance=link)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("schedule:calendars", group.slug)
    page = {"form": form, "feeds": _feeds(link), "next": _next(group)}
    return render(request, "schedule/calendars/calendars.html", page, status=form.status)


def _known(membership):
    return getattr(membership, "calendar_link", None)


def _feeds(link):
    if link is None:
        return []
    titles = {secret_links.MINE: _("My dates"), secret_links.GROUP: _("The sessions of the group")}
    found = []
    for scope, title in titles.items():
        address = secret_links.address(link, scope)
        webcal = "webcal:" + address.partition(":")[2]
        found.append({"scope": scope, "title": title, "address": address, "webcal": webcal})
    return found


def _next(group):
    at = now()
    session = _with_turns(Session.objects.filter(term__group=group).upcoming(at)).first()
    return session and {"session": session, "google": calendar_feed.google_link(session, at)}


def _with_turns(sessions):
    turns = Presentation.objects.select_related("presenter__member", "paper")
    return sessions.select_related("term__group").prefetch_related(Prefetch("presentations", turns))


@require_POST
@group_member
def renew(request, group):
    """Makes the addresses, the first time as well as anew."""
    had_one = _known(request.membership)
    secret_links.renew(request.membership)
    said = _("New links are ready. The old ones no longer work: add the new one to your calendar.")
    messages.success(request, said if had_one else _("Your links are ready."))
    return redirect("schedule:calendars", group.slug)


@group_member
def one_session(request, group, pk):
    """A single session as a file, for a calendar that shall not follow later changes."""
    session = get_object_or_404(_with_turns(Session.objects.published()), pk=pk, term__group=group)
    entry = calendar_feed.entry_of(session, now(), request.membership)
    response = HttpResponse(calendar_feed.calendar(str(group), [entry]).to_ical(), content_type=ICS)
    response.headers["Content-Disposition"] = f'attachment; filename="session-{session.number}.ics"'
    return response
