"""On the day and after it: who came, the photos, the minutes, and closing it all."""

import time

import segno
from django.contrib import messages
from django.http import FileResponse, Http404, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from members.access import group_member, group_organizer
from members.limits import limited, too_many
from members.numbers import whole
from members.scripts import from_script
from members.templatetags.formatting import clock
from schedule.access import may_remove_photo
from schedule.meetings import attendance, closing, minutes, photos
from schedule.meetings.views.session import find
from schedule.models import Photo, Presentation
from schedule.planning.on_record import cancelled
from schedule.refusal import ChangedMeanwhile, NotPossible

GUESSES = 10  # codes that one member may try a minute: a million would be needed
PHOTOS_A_MINUTE = 20
PHOTOS_SECONDS = 18  # after which no further one of a form is begun


def _said(request, verb, words=""):
    """Do it and say so, or say why not."""
    try:
        done = verb()
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return None
    if done and words:
        messages.success(request, words)
    return done


@require_POST
@group_organizer
def attend(request, group, pk):
    """One tap: who, and how."""
    session = find(request, pk)
    who = get_object_or_404(group.memberships, pk=whole(request.POST.get("member")))
    _said(request, lambda: attendance.mark(session, who, request.POST.get("state"), by=request.membership, now=now()))
    return redirect(f"{session.get_absolute_url()}#roll")


@never_cache
@group_member
def here(request, group, pk):
    """The page behind the QR code: a press on its button says that I am here."""
    session = find(request, pk)
    if request.method != "POST":
        digits = attendance.digits_of(request.GET.get("code", ""))[: attendance.DIGITS]
        page = {"session": session, "digits": digits, "refusal": cancelled(session, now())}
        return render(request, "schedule/meetings/here.html", page)
    if wait := limited(f"code:{request.membership.pk}", GUESSES, 60):
        return too_many(request, wait)
    try:
        mark = attendance.enter(session, request.POST.get("code", ""), by=request.membership, now=now())
    except NotPossible as refusal:
        page = {"session": session, "digits": request.POST.get("code", ""), "refusal": refusal}
        return render(request, "schedule/meetings/here.html", page, status=422)
    at = clock(mark.at.astimezone(session.zone))
    messages.success(request, _("You are here, since %(clock)s.") % {"clock": at})
    return redirect(f"{session.get_absolute_url()}#roll")


@require_POST
@group_organizer
def code_open(request, group, pk):
    session = find(request, pk)
    _said(request, lambda: attendance.open_code(session, now=now()))
    return redirect("schedule:code", group.slug, pk)  # which leads back to the session where none is open


@require_POST
@group_organizer
def code_close(request, group, pk):
    session = find(request, pk)
    attendance.close_code(session)
    return redirect(f"{session.get_absolute_url()}#roll")


@never_cache
@group_organizer
def code(request, group, pk):
    """The code of this minute, large enough for a room; the page asks for the next one by itself, and hears of an end."""
    session, at = find(request, pk), now()
    if words := cancelled(session, at):
        return render(request, "schedule/meetings/code.html", {"session": session, "cancelled": words})
    if not attendance.code_is_open(session, at):
        return redirect(f"{session.get_absolute_url()}#roll")
    digits = attendance.code(session, at)
    address = request.build_absolute_uri(f"{reverse('schedule:here', args=[group.slug, pk])}?code={digits}")
    page = {
        "session": session,
        "digits": digits,
        "left": attendance.seconds_left(at),
        "came": attendance.count(attendance.attendance_list(session))[0],
        # an SVG of segno's making: the address is drawn in it, not written
        # drawn by segno from an address of ours and digits: nothing that anybody typed is in it
        "picture": mark_safe(segno.make(address, error="m", micro=False).svg_inline(border=2, omitsize=True)),
    }
    return render(request, "schedule/meetings/code.html", page)


@require_POST
@group_member
def photo_add(request, group, pk):
    session = find(request, pk)
    files = request.FILES.getlist("photos")
    if wait := limited(f"photo:{request.membership.pk}", PHOTOS_A_MINUTE, 60, cost=max(1, len(files))):
        return too_many(request, wait)
    if not files:
        messages.error(request, _("Choose a photo first."))
    until = time.monotonic() + PHOTOS_SECONDS
    for file in files:
        if time.monotonic() > until:
            messages.error(
                request,
                _("It took too long to look at all of these photos. Send the others once more, a few at a time."),
            )
            break
        _said(request, lambda file=file: photos.add(session, file, by=request.membership, now=now()))
    return redirect(f"{session.get_absolute_url()}#photos")


def _photo(request, pk, photo) -> Photo:
    return get_object_or_404(find(request, pk).photos.select_related("session__term"), pk=photo)


@group_member
def photo(request, group, pk, photo):
    """The picture, for this group's eyes only."""
    found = _photo(request, pk, photo)
    response = FileResponse(found.file.open(), content_type="image/jpeg")
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@group_member
def photo_remove(request, group, pk, photo):
    found = _photo(request, pk, photo)
    if not may_remove_photo(request.membership, found):
        raise Http404

    def remove():
        photos.remove(found, by=request.membership, now=now())
        return True

    _said(request, remove, _("The photo is gone."))
    return redirect(f"{found.session.get_absolute_url()}#photos")


@require_POST
@group_member
def write(request, group, pk, turn=None):
    """Write the minutes of the session, or of one of its papers. A form is led back to the page; a script gets JSON that
    names the text which is kept now, and with `page` in what it sends, the words for the page that it goes to next."""
    session = find(request, pk)
    row = session if turn is None else next((t for t in session.presentations.all() if t.pk == turn), None)
    text = minutes.as_typed(request.POST.get("text", ""))
    try:
        if row is None:
            raise Presentation.DoesNotExist
        minutes.write(row, text, seen=request.POST.get("seen", ""))
    except Presentation.DoesNotExist:
        return _turn_is_gone(request, session, text)
    except NotPossible as refusal:
        return _not_written(request, session, row, text, refusal)
    if not from_script(request) or "page" in request.POST:
        messages.success(request, _("The minutes are saved."))
    if from_script(request):
        words = _("saved at %(clock)s") % {"clock": clock(now().astimezone(session.zone))}
        return JsonResponse({"words": words, "text": text, "seen": minutes.fingerprint(text)})
    return redirect(f"{session.get_absolute_url()}#minutes")


def _not_written(request, session, row, mine, refusal):
    """Both texts: 409 when somebody else wrote meanwhile, which one may answer, 422 for what has no answer."""
    there = getattr(row, minutes.field_of(row))
    changed = isinstance(refusal, ChangedMeanwhile)
    return _both_texts(request, session, mine, there, refusal, 409 if changed else 422)


def _turn_is_gone(request, session, mine):
    """410 with the text to copy: the writer's page is older than the change that took the turn out."""
    words = _("This turn is no longer here, so nothing can be saved about it. Copy what you wrote.")
    return _both_texts(request, session, mine, "", words, 410)


def _both_texts(request, session, mine, there, refusal, status):
    seen = minutes.fingerprint(there)
    if from_script(request):
        return JsonResponse({"words": str(refusal), "text": there, "seen": seen}, status=status)
    page = {"session": session, "mine": mine, "there": there, "refusal": refusal, "seen": seen if status == 409 else ""}
    return render(request, "schedule/meetings/minutes_conflict.html", page, status=status)


@require_POST
@group_organizer
def close(request, group, pk):
    session = find(request, pk)
    words = _("The session is closed. Its report is ready.")
    _said(request, lambda: closing.close(session, by=request.membership, now=now()), words)
    return redirect(session)


@require_POST
@group_organizer
def reopen(request, group, pk):
    session = find(request, pk)
    words = _("The record is open again.")
    _said(request, lambda: closing.reopen(session, by=request.membership, now=now()), words)
    return redirect(session)
