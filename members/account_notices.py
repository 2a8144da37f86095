"""Tell somebody by mail what changed about their account, and the old address how to undo that it is no longer theirs."""

from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from members import address_changes, audit, failures, mail, mail_queue, preferences
from members.enqueue import enqueue
from members.models import AccountNotice, AddressChange, Member
from members.time_zones import zone_of

NOTICES = "account notices"
KEPT = timedelta(days=30)
# the names are those of allauth's mails, but for the address, which has a link to undo it, and for a new device
HEADLINES = {
    "address_changed": gettext_noop("Your e-mail address was changed"),
    "password_changed": gettext_noop("Your password was changed"),
    "password_set": gettext_noop("A password was set for your account"),
    "password_reset": gettext_noop("Your password was reset by a link"),
    "totp_activated": gettext_noop("Two-step sign-in was switched on"),
    "totp_deactivated": gettext_noop("Two-step sign-in was switched off"),
    "recovery_codes_generated": gettext_noop("New recovery codes were made"),
    "webauthn_added": gettext_noop("A passkey was added to your account"),
    "webauthn_removed": gettext_noop("A passkey was removed from your account"),
    "account_connected": gettext_noop("Sign-in by another site was added to your account"),
    "account_disconnected": gettext_noop("Sign-in by another site was removed from your account"),
    "devices_refused": gettext_noop("You are no longer told of sign-ins from new devices"),
    AccountNotice.NEW_DEVICE: gettext_noop("Your account was signed in to from a new device"),
}


def queue(member: Member, kind: str, *, email: str = "", change: AddressChange | None = None) -> None:
    """Write a notice for a worker to send: to `email`, or to where they are reached now. Unknown kinds are no news."""
    if kind not in HEADLINES:
        return
    address, browser = audit.origin()
    AccountNotice.objects.create(
        member=member, kind=kind, email=email or member.email, language=member.language, change=change,
        address=address, browser=browser,
    )  # fmt: skip
    enqueue("members.tasks.send_account_notices")


def send_due(at: datetime) -> int:
    """Send what waits; how many the mail server took. May run in several workers at once, and at any time again."""
    waiting = AccountNotice.objects.to_mail(at).select_related("member", "change")

    def deliver(notice):
        return mail_queue.deliver(notice, AccountNotice.objects.to_mail(at), compose, at)

    tried = failures.each(NOTICES, list(waiting.order_by("at", "pk")), deliver, at, group=lambda notice: None)
    return sum(taken for _notice, taken in tried)


def compose(notice: AccountNotice):
    """What changed, when and from where, and what to do about it. Retried, it is the same mail."""
    with translation.override(notice.language), timezone.override(zone_of(notice.member)):
        headline = _(HEADLINES[notice.kind])
        topic = preferences.DEVICES if notice.kind == AccountNotice.NEW_DEVICE else ""
        stop = preferences.stop_address(notice.member, topic)
        context = {
            "notice": notice,
            "headline": headline,
            "at": timezone.localtime(notice.at),
            "undo": notice.change and address_changes.undo_address(notice.change),
            "until": notice.change and timezone.localtime(notice.change.at + AddressChange.UNDO),
            "activity": mail.absolute(reverse("members:my_activity")),
            "reset": mail.absolute(reverse("account_reset_password")),
            "stop": stop,
            "language": notice.language,
        }
        one_click = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
        return mail.compose(
            to=notice.email,
            subject=headline,
            text=render_to_string("mail/account_notice.txt", context),
            html=mail.inlined(render_to_string("mail/account_notice.html", context)),
            message_id=mail.message_id("account", notice.pk, int(notice.at.timestamp())),
            headers=one_click if stop else None,
        )


def forget_old(at: datetime) -> int:
    """Delete notices of a month ago, and changes of address that are as old as the events beside them; return how many."""
    changes = AddressChange.objects.filter(at__lt=at - audit.KEPT).delete()[0]
    return AccountNotice.objects.filter(at__lt=at - KEPT).delete()[0] + changes
