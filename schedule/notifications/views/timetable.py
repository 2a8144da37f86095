"""When notifications go out: the group's times, and a term's own."""

from contextlib import contextmanager, nullcontext

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from members.access import group_organizer
from members.models import Group
from schedule.notifications import timetable_changes
from schedule.notifications.forms import GroupTimetableForm, TimetableForm
from schedule.notifications.timetable import group_rules, has_its_own, rules_of


@group_organizer
def of_the_group(request, group):
    with _locked(request, group):
        rules = group_rules(group)
        form = GroupTimetableForm(request.POST or None, kinds=rules.kinds, quiet=rules.quiet)
        if form.is_valid():
            timetable_changes.retime_group(group, form.kinds(), form.quiet(), now=now())
            messages.success(request, _("Saved. What waits goes by the new times."))
            return redirect("schedule:times", group.slug)
    return render(request, "schedule/notifications/timetable.html", {"form": form}, status=form.status)


@group_organizer
def of_a_term(request, group, pk):
    term = get_object_or_404(group.terms.select_related("group"), pk=pk)
    with _locked(request, group):
        form = TimetableForm(request.POST or None, kinds=rules_of(term).kinds)
        back_to_the_group = "reset" in request.POST
        if back_to_the_group or form.is_valid():
            timetable_changes.retime_term(term, None if back_to_the_group else form.kinds(), now=now())
            messages.success(request, _("Saved. What waits goes by the new times."))
            return redirect("schedule:term_times", group.slug, pk)
    page = {"form": form, "term": term, "its_own": has_its_own(term)}
    return render(request, "schedule/notifications/timetable.html", page, status=form.status)


@contextmanager
def _locked(request, group):
    """Whoever saves does so one after the other, and each compares with what the one before has saved."""
    with transaction.atomic() if request.method == "POST" else nullcontext():
        if request.method == "POST":
            Group.objects.select_for_update().get(pk=group.pk)
        yield
