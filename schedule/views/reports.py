"""The report of a session: its slides in the browser, to present or to print, and as a file to go on with."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from members.access import group_member
from members.templatetags.words import moment
from schedule.deck import pptx
from schedule.meeting.figures import charts
from schedule.meeting.one_page import on_one_page
from schedule.meeting.register import as_csv
from schedule.meeting.register import register as register_of
from schedule.meeting.sheet import sheet as sheet_of
from schedule.report.slides import Report, report, term_report
from schedule.views.sessions import find
from schedule.views.terms import find_term

CSV = "text/csv; charset=utf-8"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@group_member
def slides(request, group, pk):
    session = find(request, pk)
    file = reverse("schedule:deck", args=[group.slug, pk])
    page = {"about": session, "called": moment(session.local_start), "file": file, "session": session}
    return render(request, "schedule/report.html", page | {"report": report(session, now())})


@group_member
def slides_of_term(request, group, pk):
    term = find_term(request, pk)
    file = reverse("schedule:term_deck", args=[group.slug, pk])
    page = {"about": term, "called": str(term), "file": file}
    return render(request, "schedule/report.html", page | {"report": term_report(term, now())})


@never_cache
@group_member
def deck(request, group, pk):
    return _file(report(find(request, pk), now()))


@never_cache
@group_member
def deck_of_term(request, group, pk):
    return _file(term_report(find_term(request, pk), now()))


def _file(made: Report) -> HttpResponse:
    response = HttpResponse(pptx(made), content_type=PPTX)
    name = f"{made.group} {made.day}.pptx".replace("/", " ")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@group_member
def sheet(request, group, pk):
    """The activity sheet of a session: one page to print."""
    session = find(request, pk)
    return render(request, "schedule/sheet.html", {"session": session, "sheet": on_one_page(sheet_of(session))})


@group_member
def register(request, group, pk):
    """Who came to which session of a term."""
    return render(request, "schedule/register.html", {"table": register_of(find_term(request, pk), now())})


@group_member
def figures(request, group, pk):
    term = find_term(request, pk)
    return render(request, "schedule/figures.html", {"term": term, "charts": charts(term, now())})


@never_cache
@group_member
def register_csv(request, group, pk):
    term = find_term(request, pk)
    response = HttpResponse(as_csv(register_of(term, now())).encode("utf-8-sig"), content_type=CSV)
    name = f"{term} {_('Attendance')}.csv".replace("/", " ")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
