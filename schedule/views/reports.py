"""The report of a session: its slides in the browser, to present or to print, and as a file to go on with."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.views.decorators.cache import never_cache

from members.access import group_member
from schedule.deck import pptx
from schedule.slides import report
from schedule.views.sessions import find

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@group_member
def slides(request, group, pk):
    session = find(request, pk)
    return render(request, "schedule/report.html", {"session": session, "report": report(session, now())})


@never_cache
@group_member
def deck(request, group, pk):
    made = report(find(request, pk), now())
    response = HttpResponse(pptx(made), content_type=PPTX)
    name = f"{made.group} {made.day}.pptx".replace("/", " ")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
