"""What is remembered about accounts: what happened with them, which changes of address can be undone, which notices wait or are not wanted.

Rows of members are named by strings here, so that members.models can stand on this module.
"""

from datetime import datetime, timedelta

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _


def forget_person(collector, field, events, using):
    """Take an account that is deleted out of its events; its number stays, so that they remain those of one person."""
    cleared = ("detail", "address", "browser") if field.name == "by" else ("detail",)
    for event in events:
        collector.add_field_update(
            AuditEvent._meta.get_field(f"former_{field.name}"), getattr(event, field.attname), [event]
        )
    for name in cleared:
        collector.add_field_update(AuditEvent._meta.get_field(name), "", events)
    collector.add_field_update(field, None, events)


class AuditEvent(models.Model):
    """Something that happened with an account or a group: written once, never changed, deleted after a year.

    `by` did it; `about` is the account that it happened to. `address` and `browser` say from where. Once an account is
    deleted, only its number is left in former_by and former_about.
    """

    KINDS = [
        ("signed_in", _("Signed in")),
        ("sign_in_failed", _("Sign-in failed")),
        ("signed_out", _("Signed out")),
        ("address_proved", _("E-mail address confirmed, and what was set before it ended")),
        ("address_changed", _("E-mail address changed")),
        ("address_restored", _("Change of the e-mail address undone")),
        ("password_set", _("Password set")),
        ("password_changed", _("Password changed")),
        ("password_reset", _("Password reset by a link")),
        ("factor_added", _("Second step added")),
        ("factor_removed", _("Second step removed")),
        ("recovery_codes_made", _("New recovery codes made")),
        ("recovery_codes_viewed", _("Recovery codes looked at")),
        ("recovery_code_used", _("Recovery code used")),
        ("provider_added", _("Sign-in by another site added")),
        ("provider_removed", _("Sign-in by another site removed")),
        ("device_notices_refused", _("No more mail about new devices")),
        ("account_closed", _("Account made inactive")),
        ("account_opened", _("Account made active again")),
        ("rights_changed", _("Rights on the server changed")),
        ("group_created", _("Group started")),
        ("group_deleted", _("Group deleted")),
        ("group_exported", _("Everything of the group exported")),
        ("settings_changed", _("Settings of the group changed")),
        ("invited", _("Invited by mail")),
        ("join_link_made", _("Invitation link made")),
        ("invitation_revoked", _("Invitation taken back")),
        ("joined", _("Joined the group")),
        ("left", _("Left the group")),
        ("removed", _("Removed from the group")),
        ("restored", _("Brought back into the group")),
        ("paused", _("Takes a break")),
        ("resumed", _("Takes turns again")),
        ("promoted", _("Made organizer")),
        ("demoted", _("Made member")),
        ("stepped_back", _("Stepped back from organizing")),
        ("calendar_links_made", _("Calendar links made")),
        ("calendar_links_renewed", _("Calendar links replaced")),
        ("backup_made", _("Backup of the server made")),
        ("backup_restored", _("Server restored from a backup")),
    ]

    WAYS = {
        "password": _("by password"),
        "password_reset": _("by password"),
        "code": _("by a code by mail"),
        "totp": _("with an authenticator app"),
        "recovery_codes": _("with a recovery code"),
        "webauthn": _("with a passkey"),
    }

    kind = models.CharField(max_length=30, choices=KINDS)
    at = models.DateTimeField(default=now, db_index=True)
    by = models.ForeignKey("members.Member", forget_person, null=True, related_name="+")
    about = models.ForeignKey("members.Member", forget_person, null=True, related_name="+")
    group = models.ForeignKey("members.Group", models.SET_NULL, null=True, related_name="audit_events")
    former_by = models.PositiveBigIntegerField(null=True)
    former_about = models.PositiveBigIntegerField(null=True)
    # of a sign-in: password, code, totp, webauthn, or the name of a provider; of a second step: its type
    how = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return self.get_kind_display()

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("An event is written once and never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("An event is deleted by age only: members.audit.forget_old.")

    @property
    def shown_detail(self):
        """Return what lists show beside the kind: an address, a way to sign in, the settings that changed."""
        if self.kind == "settings_changed":
            fields = apps.get_model("members", "Group")._meta.concrete_fields
            return ", ".join(str(field.verbose_name) for field in fields if field.name in self.detail.split())
        return self.detail or self.WAYS.get(self.how, self.how)


class AddressChange(models.Model):
    """An address that somebody signed in with until it was changed; it can be put back for a week."""

    UNDO = timedelta(days=7)

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="address_changes")
    old = models.EmailField()
    new = models.EmailField()
    at = models.DateTimeField(default=now)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("change of address")
        verbose_name_plural = _("changes of address")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.old} → {self.new}"

    def can_be_undone(self, at: datetime) -> bool:
        """Return whether it is younger than a week and was not undone."""
        return self.undone_at is None and at < self.at + self.UNDO


class NoticeQuerySet(models.QuerySet):
    def to_mail(self, at):
        """Return what waits for the mail server and may be tried now; what is older than a week is no news any more."""
        waiting = Q(mail_after=None) | Q(mail_after__lte=at)
        return self.filter(
            waiting, mailed_at=None, mail_tries__lt=AccountNotice.MAIL_TRIES, at__gt=at - AddressChange.UNDO
        )


class AccountNotice(models.Model):
    """A mail that tells somebody what changed about their account. The row is the to-do list, as of an invitation.

    `email` and `language` are those of the moment: whoever changed the account may change them afterwards.
    """

    MAIL_TRIES = 5
    NEW_DEVICE = "new_device"

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="account_notices")
    kind = models.CharField(max_length=40)
    email = models.EmailField()
    language = models.CharField(max_length=5)
    at = models.DateTimeField(default=now)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=60, blank=True)
    change = models.ForeignKey(AddressChange, models.CASCADE, null=True, related_name="notices")
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=300, blank=True)
    # not before this moment: a lease while it is being sent, a pause after a failure
    mail_after = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice about an account")
        verbose_name_plural = _("notices about accounts")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.kind} → {self.email}"


class Muted(models.Model):
    """Notifications of one topic (members.preferences) that a person does not want, whatever the group."""

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="muted")
    topic = models.CharField(max_length=20)
    since = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "topic"], name="one_refusal_per_person_and_topic")]

    def __str__(self):
        return f"{self.member}: {self.topic}"
