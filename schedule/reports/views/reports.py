"""The report of a session: its slides in the browser, to present or to print, and as a file to go on with."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from members.access import group_member
from members.templatetags.formatting import moment
from schedule.meetings.views.session import find
from schedule.planning.views.terms import find_term
from schedule.refusal import NotPossible
from schedule.reports.activity_sheet import sheet as sheet_of
from schedule.reports.deck import pptx
from schedule.reports.figures import charts
from schedule.reports.one_page import on_one_page
from schedule.reports.register import as_csv
from schedule.reports.register import register as register_of
from schedule.reports.slides import Report, report, term_report

CSV = "text/csv; charset=utf-8"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@group_member
def slides(request, group, pk):
    session = find(request, pk)
    file = reverse("schedule:deck", args=[group.slug, pk])
    page = {"about": session, "called": moment(session.local_start), "file": file, "session": session}
    return render(request, "schedule/reports/report.html", page | {"report": report(session, now())})


@group_member
def slides_of_term(request, group, pk):
    term = find_term(request, pk)
    file = reverse("schedule:term_deck", args=[group.slug, pk])
    page = {"about": term, "called": str(term), "file": file}
    return render(request, "schedule/reports/report.html", page | {"report": term_report(term, now())})


@never_cache
@group_member
def deck(request, group, pk):
    return _file(request, report(find(request, pk), now()), reverse("schedule:report", args=[group.slug, pk]))


@never_cache
@group_member
def deck_of_term(request, group, pk):
    return _file(
        request, term_report(find_term(request, pk), now()), reverse("schedule:term_report", args=[group.slug, pk])
    )


def _file(request: HttpRequest, made: Report, page: str) -> HttpResponse:
    """The report as a file; or its page, with the reason why there is none."""
    try:
        response = HttpResponse(pptx(made), content_type=PPTX)
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect(page)
    name = f"{made.group} {made.day}.pptx".replace("/", " ")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


@group_member
def sheet(request, group, pk):
    """The activity sheet of a session: one page to print."""
    session = find(request, pk)
    return render(
        request, "schedule/reports/activity_sheet.html", {"session": session, "sheet": on_one_page(sheet_of(session))}
    )


@group_member
def register(request, group, pk):
    """Who came to which session of a term."""
    return render(request, "schedule/reports/register.html", {"table": register_of(find_term(request, pk), now())})


@group_member
def figures(request, group, pk):
    term = find_term(request, pk)
    return render(request, "schedule/reports/figures.html", {"term": term, "charts": charts(term, now())})


@never_cache
@group_member
def register_csv(request, group, pk):
    term = find_term(request, pk)
    response = HttpResponse(as_csv(register_of(term, now())).encode("utf-8-sig"), content_type=CSV)
    name = f"{term} {_('Attendance')}.csv".replace("/", " ")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
