"""Requests that a script sends: how they are told from a person's, and what one gets whose sign-in has ended."""

from urllib.parse import urlsplit

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


def from_script(request) -> bool:
    """Return whether a script sent this: HTMX says so in a header, ours accept JSON and no page."""
    if request.headers.get("HX-Request") == "true":
        return True
    return request.accepts("application/json") and not request.accepts("text/html")


def sent_from(request) -> str:
    """Return path and query of the page that this was sent from; "/" where that is none of ours, or is not told."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def signed_out(request, sign_in: str) -> HttpResponse:
    """Return 401 with words and the address `sign_in`: JSON, or for HTMX a notice for the page."""
    if request.headers.get("HX-Request") == "true":
        response = render(request, "_signed_out.html", {"sign_in": sign_in}, status=401)
    else:
        words = _("Your sign-in has ended, so nothing was saved. What you wrote is kept in this browser.")
        response = JsonResponse({"words": words, "link": _("Sign in again"), "sign_in": sign_in}, status=401)
    response.headers["Cache-Control"] = "private, no-store"
    return response
