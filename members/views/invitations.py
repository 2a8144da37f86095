"""Organizers invite: a link, mails, and second thoughts about both."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from members import invitation_stops, invitations
from members.access import group_member, group_organizer
from members.enqueue import enqueue
from members.forms import LinkForm, MailForm
from members.invitation_limits import TooManyInvitations
from members.limits import limited, too_many
from members.mail import ONE_CLICK
from members.views.people import members_page

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
    try:
        verdicts = invitations.invite_all(
            form.cleaned_data.pop("addresses"), group, by=request.membership, at=now(), **form.cleaned_data
        )
    except TooManyInvitations as refused:
        form.add_error("addresses", str(refused))
        page = members_page(request, group, mail_form=form)
        response = render(request, "members/members.html", page, status=429)
        response.headers["Retry-After"] = str(refused.wait)
        return response
    enqueue("members.tasks.send_invitations")
    if all(verdict.kind == invitations.INVITED for verdict in verdicts):
        said = ngettext("%(n)s invitation is on its way.", "%(n)s invitations are on their way.", len(verdicts))
        messages.success(request, said % {"n": len(verdicts)})
        return redirect("members:members", group.slug)
    mend = {invitations.INVALID, invitations.NO_NAME}
    wrong = "\n".join(verdict.line.text for verdict in verdicts if verdict.kind in mend)
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
    try:
        with transaction.atomic():
            sent = invitations.send_again(invitation, by=request.membership, at=now())
            enqueue("members.tasks.send_invitations")
    except TooManyInvitations as refused:
        return too_many(request, refused.wait, str(refused))
    if sent:
        messages.success(request, _("The invitation goes out again."))
    else:
        messages.error(request, _("No invitation goes to this address today. Pass on a link instead."))
    return redirect("members:members", group.slug)


@login_not_required
@csrf_exempt  # a mail program has no cookie of ours; the signed address is the proof
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop_invitations(request, token):
    """GET shows a page with a button. A mail program's own POST is answered without sending it elsewhere."""
    email = invitation_stops.read_token(token)
    if request.method == "POST" and email:
        (invitation_stops.allow if "want" in request.POST else invitation_stops.stop)(email)
        if request.POST.dict() != ONE_CLICK:
            return redirect("members:stop_invitations", token)
    page = {"email": email, "stopped": invitation_stops.is_stopped(email)}
    return render(request, "members/stop_invitations.html", page, status=200 if email else 404)
