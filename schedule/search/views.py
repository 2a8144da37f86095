"""The search box: its page, and the rows that it asks for while somebody types."""

from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from members.access import group_member
from schedule.search.nearness import QUERY_LENGTH, whole
from schedule.search.palette import find


@require_GET
@group_member
def search(request, group):
    query = request.GET.get("q", "").replace("\0", "").strip()[:QUERY_LENGTH]
    found = find(request.membership, query, now())
    context = {"query": query, "found": found, "count": sum(len(one.hits) for one in found)}
    context["in_library"] = whole(query) if any(one.kind == "papers" for one in found) else ""
    response = render(
        request, "schedule/search/_palette.html" if request.htmx else "schedule/search/palette.html", context
    )
    patch_vary_headers(response, ["HX-Request"])
    return response
