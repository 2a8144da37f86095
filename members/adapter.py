"""Signing up happens by invitation only; account mails speak their reader's language; the rest is allauth's."""

import logging
import smtplib
from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.account.internal.stagekit import clear_login
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse, ReauthenticationRequired
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import account_notices, address_proof, addresses, reauthentication
from members.models import Member
from members.smtp_answers import Cause, cause_of, words_of

RETRY_AFTER = 120
# what the page that follows shows by itself
UNSAID = {"account/messages/logged_in.txt", "account/messages/login_code_sent.txt"}

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy("E-mail and password do not match."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait five minutes, or sign in with a code by e-mail."),
    }

    def is_open_for_signup(self, request):
        return False

    def confirm_email(self, request, email_address):
        """An address that somebody else signs in with cannot become a second person's; another address for an account
        is confirmed by whoever is signed in to it: its reader may have been sent the link of a stranger's account.
        """
        member = email_address.user
        if Member.objects.exclude(pk=member.pk).filter(email__iexact=email_address.email).exists():
            return False
        if email_address.email != member.email and request.user.pk != member.pk:
            messages.info(request, _("Sign in to the account that is to get this address, then open the link again."))
            raise ImmediateHttpResponse(redirect_to_login(request.path))
        with address_proof.proving(request, member):
            return super().confirm_email(request, email_address)

    def set_password(self, user, password):
        """Write the password alone, and only for whoever the account belonged to when the request came: see middleware."""
        known = user.get_session_auth_hash()
        user.set_password(password)
        with transaction.atomic():
            now_there = Member.objects.select_for_update().get(pk=user.pk)
            if now_there.get_session_auth_hash() != known or not now_there.is_active:
                raise PermissionDenied
            user.save(update_fields=["password"])

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        if message_template not in UNSAID:
            super().add_message(request, level, message_template, *args, **kwargs)

    def pre_login(self, request, user, *, email, **kwargs):
        """A code that went to an address which is no longer the account's, as its change was undone, opens nothing."""
        if email and user.email != email.lower() and not user.emailaddress_set.filter(email__iexact=email).exists():
            clear_login(request)
            return redirect("account_login")
        return super().pre_login(request, user, email=email, **kwargs)

    def is_reauthentication_required(self, *, app, **kwargs):
        """A sign-in of late is proof enough. Who has neither password nor second step is asked, too, unlike in allauth."""
        if reauthentication.is_recent(context.request):
            return False
        if not get_reauthentication_flows(context.request.user):
            raise ReauthenticationRequired
        return True

    def get_reauthentication_methods(self, user):
        by_code = {"id": "mailed_code", "description": _("A code by mail"), "url": reverse("members:prove_by_code")}
        return super().get_reauthentication_methods(user) or [by_code]

    def send_notification_mail(self, template_prefix, user, context=None, email=None):
        """What changed about an account is told by a row that waits for the mail server, however long it is away."""
        account_notices.queue(user, template_prefix.rpartition("/")[2], email=email or "")

    def send_mail(self, template_prefix, email, context):
        """In the reader's language. A mail server that is away is said in words, to known and unknown alike."""
        reader = Member.objects.filter(email__iexact=email).first()
        with translation.override(reader.language if reader else translation.get_language()):
            try:
                super().send_mail(template_prefix, email, context | _at_our_address(context))
            except (smtplib.SMTPException, OSError) as error:
                log.warning("A mail of the kind %s was not sent: %s", template_prefix, words_of(error))
                if (
                    reader and cause_of(error) == Cause.ADDRESS
                ):  # of strangers nothing is noted: anybody may type them in
                    addresses.Refusals().note_unknown(reader, words_of(error), now())
            else:
                addresses.Refusals().accept(email)
                return
        raise ImmediateHttpResponse(_mail_is_away())


def _at_our_address(said: dict) -> dict:
    """The links and the site of a mail as SITE_URL has them.

    allauth takes them from the Host of the request, which whoever asks for the mail may write as they like.
    """
    links = {name: urlsplit(value) for name, value in said.items() if name.endswith("_url")}
    ours = {name: f"{settings.SITE_URL}{link._replace(scheme='', netloc='').geturl()}" for name, link in links.items()}
    host = urlsplit(settings.SITE_URL).netloc
    return ours | {"current_site": SimpleNamespace(domain=host, name=host)}


def _mail_is_away():
    advice = _("Nothing is lost. Try again in a few minutes.")
    page = {"status": 503, "headline": _("The mail server does not answer"), "advice": advice}
    response = render(context.request, "lost.html", page, status=503)
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response
