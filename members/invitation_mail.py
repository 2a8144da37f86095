"""Invitations by e-mail: which ones wait, and one mail for each, in the language the organizer chose."""

import logging
import smtplib
from datetime import datetime, timedelta

from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from members import addresses, failures, invitation_stops, mail
from members.models import Invitation
from members.names import without_links
from members.smtp_answers import Cause, cause_of, words_of
from members.time_zones import zone_of

INVITATIONS = "invitations"
LEASE = timedelta(minutes=5)  # well over what a mail server is given to answer
PAUSE = timedelta(minutes=2)  # after the first refusal that counts as a try; twice as long after each further one

log = logging.getLogger(__name__)


def send_due(at: datetime) -> int:
    """Send what waits; how many the mail server took. May run in several workers at once, and at any time again."""
    waiting = Invitation.objects.to_mail(at).select_related("group", "invited_by__member")
    read = failures.rows(INVITATIONS, waiting, at, group="group")
    tried = failures.each(
        INVITATIONS, read, lambda one: _claim(one, at) and _send(one, at), at, group=lambda one: one.group_id
    )
    return sum(taken for _invitation, taken in tried)


def _claim(invitation, at) -> bool:
    """Mine, if nobody counted this try before me. It is counted before it is made, so that none is for ever."""
    still = Invitation.objects.to_mail(at).filter(pk=invitation.pk, mail_tries=invitation.mail_tries)
    return bool(still.update(mail_tries=F("mail_tries") + 1, mail_after=at + LEASE))


def _send(invitation, at) -> bool:
    """Five tries are for what the address or the mail is to blame for; for all else it is tried until it expires."""
    row, refusals = Invitation.objects.filter(pk=invitation.pk), addresses.Refusals()
    try:
        compose(invitation).send()
    except (smtplib.SMTPException, OSError) as error:
        words, blames_it = words_of(error)[:300], cause_of(error) in {Cause.ADDRESS, Cause.MESSAGE}
        log.warning("Invitation %s was not sent: %s", invitation.pk, words)
        if blames_it and not refusals.is_general(invitation.email, words, at):
            row.update(mail_error=words, mail_after=at + PAUSE * 2**invitation.mail_tries)
        else:
            row.update(mail_error=words, mail_after=at + PAUSE, mail_tries=F("mail_tries") - 1)
        return False
    except Exception as error:  # it cannot be written
        row.update(mail_error=mail.one_line(error)[:300], mail_after=at + PAUSE * 2**invitation.mail_tries)
        raise
    row.update(mailed_at=at, mail_error="", mail_after=None)
    refusals.accept(invitation.email)
    return True


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
