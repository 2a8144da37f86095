"""What a page says when it cannot be shown: what happened, and the way on."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

AWAY_SECONDS = 10


def bad_request(request, exception=None):
    """400; 413 where it was too much at once. Django gives up before it knows who asks, so no page of a group's."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        return plain(413, _("That was too much at once"), _("Go back and send it in smaller parts."))
    return plain(400, _("This could not be understood"), _("Go back, reload the page and try again."))


def forbidden(request, exception=None):
    advice = _(
        "The form may have been open for very long, or cookies are switched off. Go back, reload the page and try again."
    )
    return lost(request, 403, _("This was not accepted"), advice)


def not_found(request, exception=None):
    advice = _("The address may have changed, or a paper was deleted. Deleted papers stay in the trash for 30 days.")
    return lost(request, 404, _("This page is not on the shelf"), advice)


def broken(request):
    """500; or 503 where it is the database that does not answer, wherever on the way of the request that was noticed."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        advice = _("What you sent was not stored. Go back and send it again in a minute.")
        response = plain(503, _("The database is away for a moment"), advice)
        response.headers["Retry-After"] = str(AWAY_SECONDS)
        return response
    return plain(500, _("Something broke on our side"), _("Nothing of yours is lost. Try again in a minute."))


def plain(status, headline, advice):
    """A page that asks the database nothing: it may be what broke."""
    words = {"status": status, "headline": headline, "advice": advice}
    return HttpResponse(render_to_string("plain.html", words), status=status)


def csrf_failed(request, reason=""):
    return forbidden(request)


def lost(request, status, headline, advice):
    return render(request, "lost.html", {"status": status, "headline": headline, "advice": advice}, status=status)
