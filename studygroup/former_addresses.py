"""Addresses that were mailed or bookmarked before they got their present names: each leads there, with its query and form."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponsePermanentRedirect
from django.urls import get_script_prefix, path


def leads_to(address: str):
    """Return a view that leads to this address, filled with the parts of its own."""

    @login_not_required
    def moved(request, **parts):
        query = request.META.get("QUERY_STRING")
        there = get_script_prefix() + address.format(**parts) + (f"?{query}" if query else "")
        return HttpResponsePermanentRedirect(there, preserve_request=True)

    return moved


urlpatterns = [
    path("g/<slug:slug>/letters/", leads_to("g/{slug}/notifications/")),
    path("g/<slug:slug>/letters/<path:rest>", leads_to("g/{slug}/notifications/{rest}")),
    path("g/<slug:slug>/jump/", leads_to("g/{slug}/search/")),
    path("me/letters/", leads_to("me/notifications/")),
]
