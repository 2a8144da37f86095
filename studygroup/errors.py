"""What a page says when it cannot be shown: what happened, and the way on."""

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def forbidden(request, exception=None):
    advice = _(
        "The form may have been open for very long, or cookies are switched off. Go back, reload the page and try again."
    )
    return lost(request, 403, _("This was not accepted"), advice)


def not_found(request, exception=None):
    advice = _("The address may have changed, or a paper was deleted. Deleted papers stay in the trash for 30 days.")
    return lost(request, 404, _("This page is not on the shelf"), advice)


def broken(request):
    """Asks the database nothing: it may be what broke."""
    words = {
        "headline": _("Something broke on our side"),
        "advice": _("Nothing of yours is lost. Try again in a minute."),
        "status": 500,
    }
    return HttpResponse(render_to_string("plain.html", words), status=500)


def away(request):
    words = {
        "headline": _("The database is away for a moment"),
        "advice": _("What you sent was not stored. Go back and send it again in a minute."),
        "status": 503,
    }
    return HttpResponse(render_to_string("plain.html", words), status=503, headers={"Retry-After": "10"})


def csrf_failed(request, reason=""):
    return forbidden(request)


def lost(request, status, headline, advice):
    return render(request, "lost.html", {"status": status, "headline": headline, "advice": advice}, status=status)


class DatabaseAwayMiddleware:
    """A database that does not answer is said in words, with 503, instead of breaking the page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        try:
            return self.get_response(request)
        except (OperationalError, InterfaceError):
            return away(request)

    def process_exception(self, request, exception):
        return away(request) if isinstance(exception, OperationalError | InterfaceError) else None
