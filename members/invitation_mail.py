"""Invitations by e-mail: which ones wait, and one mail for each, in the language the organizer chose."""

from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from members import failures, invitation_stops, mail, mail_queue
from members.models import Invitation
from members.names import without_links
from members.time_zones import zone_of

INVITATIONS = "invitations"


def send_due(at: datetime) -> int:
    """Send what waits; how many the mail server took. May run in several workers at once, and at any time again."""
    waiting = Invitation.objects.to_mail(at).select_related("group", "invited_by__member")
    read = failures.rows(INVITATIONS, waiting, at, group="group")
    tried = failures.each(
        INVITATIONS,
        read,
        lambda one: mail_queue.deliver(one, Invitation.objects.to_mail(at), compose, at),
        at,
        group=lambda one: one.group_id,
    )
    return sum(taken for _invitation, taken in tried)


def compose(invitation: Invitation):
    """Who invites to what, the link, and until when. Sent again on purpose, it is another mail; retried, the same."""
    group = invitation.group
    with translation.override(invitation.language), timezone.override(zone_of(group)):
        stop = invitation_stops.stop_address(invitation.email)
        context = {
            "group": without_links(group),
            "club": without_links(group.club),
            "inviter": without_links(invitation.invited_by.member),
            "name": without_links(invitation.name),
            "invitation": invitation,
            "link": mail.absolute(reverse("members:join", args=[invitation.token])),
            "until": timezone.localtime(invitation.expires_at),
            "language": invitation.language,
            "stop": stop,
        }
        return mail.compose(
            to=invitation.email,
            subject=_("%(inviter)s invites you to %(group)s") % context,
            text=render_to_string("mail/invitation.txt", context),
            html=mail.inlined(render_to_string("mail/invitation.html", context)),
            message_id=mail.message_id(
                "invitation", invitation.token_hash[:16], int(invitation.expires_at.timestamp())
            ),
            headers=mail.one_click(stop),
        )
