"""Organizers invite: a link, mails, and second thoughts about both."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from members import invitations
from members.access import group_member, group_organizer
from members.enqueue import enqueue
from members.forms import LinkForm, MailForm
from members.limits import limited, too_many
from members.views.people import members_page

MAILS_AN_HOUR = 60
LINKS_AN_HOUR = 30
HOUR = 3600


@group_member
def of_the_group(request, group):
    """They stand on the page of the members."""
    return redirect("members:members", group.slug)


@group_organizer
def make_link(request, group):
    if request.method != "POST":
        return redirect("members:members", group.slug)
    form = LinkForm(request.POST)
    if not form.is_valid():
        return render(request, "members/members.html", members_page(request, group, link_form=form), status=422)
    if wait := limited(f"links:{group.pk}", LINKS_AN_HOUR, HOUR):
        return too_many(request, wait)
    invitations.invite(group, by=request.membership, at=now(), **form.cleaned_data)
    messages.success(request, _("The link is ready. Copy it and pass it on."))
    return redirect("members:members", group.slug)


@group_organizer
def send_mails(request, group):
    """Each line is judged by itself: the good ones are invited, the others stay in the form to be put right."""
    if request.method != "POST":
        return redirect("members:members", group.slug)
    form = MailForm(request.POST)
    if not form.is_valid():
        return render(request, "members/members.html", members_page(request, group, mail_form=form), status=422)
    lines = invitations.parse_addresses(form.cleaned_data["addresses"])
    if wait := limited(f"invitations:{group.pk}", MAILS_AN_HOUR, HOUR, cost=len(lines)):
        return too_many(request, wait)
    verdicts = invitations.invite_all(
        form.cleaned_data.pop("addresses"), group, by=request.membership, at=now(), **form.cleaned_data
    )
    enqueue("members.tasks.send_invitations")
    if all(verdict.kind == invitations.INVITED for verdict in verdicts):
        said = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", len(verdicts))
        messages.success(request, said % {"n": len(verdicts)})
        return redirect("members:members", group.slug)
    wrong = "\n".join(verdict.line.text for verdict in verdicts if verdict.kind == invitations.INVALID)
    again = MailForm(initial=form.cleaned_data | {"addresses": wrong})
    if wrong:
        again.fields["addresses"].widget.attrs |= {"aria-invalid": "true", "aria-describedby": "verdicts"}
    page = members_page(request, group, mail_form=again, verdicts=verdicts)
    return render(request, "members/members.html", page, status=422 if wrong else 200)


@require_POST
@group_organizer
def revoke(request, group, pk):
    invitation = get_object_or_404(group.invitations, pk=pk)
    if invitations.revoke(invitation, at=now(), by=request.user):
        messages.success(request, _("Taken back. Nobody comes in by that invitation any more."))
    return redirect("members:members", group.slug)


@require_POST
@group_organizer
def send_again(request, group, pk):
    invitation = get_object_or_404(group.invitations.open(now()).exclude(email=""), pk=pk)
    if wait := limited(f"invitations:{group.pk}", MAILS_AN_HOUR, HOUR):
        return too_many(request, wait)
    with transaction.atomic():
        invitations.send_again(invitation, at=now())
        enqueue("members.tasks.send_invitations")
    messages.success(request, _("The invitation goes out again."))
    return redirect("members:members", group.slug)
