"""Signing in by another site: to the account of an address that the site has confirmed, or, with an invitation, to a new one."""

import re

from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse, SignupClosedException
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language

from members import address_proof, invitations
from members.forms import PlainName
from members.models import Invitation, Member
from members.time_zones import zone_of

JOINING = re.compile(r"/join/(\w+)/")


class OtherSiteAdapter(DefaultSocialAccountAdapter):
    """An address that the other site has not confirmed opens nothing."""

    def authenticate_by_email(self, sociallogin):
        for email in confirmed_addresses(sociallogin):
            if member := Member.objects.filter(email__iexact=email).first():
                return member, email
        return None

    def pre_social_login(self, request, sociallogin):
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            return
        confirmed = confirmed_addresses(sociallogin)
        if not sociallogin.is_existing:
            if not confirmed:
                site = {"site": sociallogin.provider.name}
                raise ImmediateHttpResponse(render(request, "socialaccount/not_confirmed.html", site, status=403))
            sociallogin.user.email = confirmed[0]
            sociallogin.email_addresses = [EmailAddress(email=confirmed[0], verified=True, primary=True)]
        elif sociallogin.user.email in confirmed:
            address_proof.prove(request, sociallogin.user)
            sociallogin.user.refresh_from_db()

    def is_open_for_signup(self, request, sociallogin):
        """Whether the sign-in began at an invitation that lets this address in."""
        invitation = invitation_of(sociallogin)
        return bool(
            invitation and not invitation.closed_because(now()) and invitation.email in {"", sociallogin.user.email}
        )

    def populate_user(self, request, sociallogin, data):
        member = super().populate_user(request, sociallogin, data)
        names = filter(None, (data.get("first_name"), data.get("last_name")))
        try:
            member.name = PlainName(max_length=80, required=False).clean(data.get("name") or " ".join(names))
        except ValidationError:
            member.name = ""
        return member

    def save_user(self, request, sociallogin, form=None):
        """Open the account, and let it into the group that it was opened for: both or neither."""
        invitation, member = invitation_of(sociallogin), sociallogin.user
        if invitation is None:
            raise SignupClosedException
        member.language, member.timezone = get_language(), zone_of(invitation.group).key
        try:
            with transaction.atomic():
                super().save_user(request, sociallogin, form)
                invitations.accept(invitation.token, member, at=now())
        except invitations.InvitationRefused as refused:  # its last use was given away meanwhile
            raise SignupClosedException from refused
        return member


def confirmed_addresses(sociallogin) -> list[str]:
    """Return the addresses that the other site says it has confirmed, its first one first."""
    addresses = sociallogin.email_addresses
    return [address.email.lower() for address in addresses if _is_confirmed(address, sociallogin)]


def _is_confirmed(address, sociallogin) -> bool:
    """Some sites say it as a word; Kakao withdraws it with another field; Naver says it of addresses that are typed in there."""
    said = str(address.verified).lower() == "true"
    if sociallogin.account.provider == "kakao":
        return said and sociallogin.account.extra_data.get("kakao_account", {}).get("is_email_valid") is True
    if sociallogin.account.provider == "naver":
        return said and address.email.lower().endswith("@naver.com")
    return said


def invitation_of(sociallogin) -> Invitation | None:
    """Return the invitation from whose page the sign-in began."""
    joining = JOINING.fullmatch(sociallogin.state.get("next") or "")
    return invitations.find(joining[1]) if joining else None
