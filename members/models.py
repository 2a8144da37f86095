"""Who we are: members, the groups they study in, and how somebody joins."""

import hashlib
import hmac
import secrets

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from members.account_records import AccountNotice, AddressChange, AuditEvent, Muted  # noqa: F401  Django finds its models here
from members.names import NameField
from members.records import CacheEntry, Failure, InvitationStop, RateCount, Refusal, SentForm  # noqa: F401  and here
from members.time_zones import check_zone

COLOURS = 7  # colours a person's name may carry; they repeat, the name carries the meaning


def member_time_zone():
    return settings.DEFAULT_MEMBER_TIME_ZONE


class MemberManager(BaseUserManager["Member"]):
    def create_user(self, email, password=None, **fields):
        member = self.model(email=self.normalize_email(email).lower(), **fields)
        member.set_password(password)
        member.save(using=self._db)
        return member

    def without_operators(self):
        """Return the accounts that have no rights on the server itself."""
        return self.filter(is_staff=False)

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Member(AbstractBaseUser, PermissionsMixin):
    """A person: signs in by e-mail, is called as they write their name, reads in their language."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = NameField(_("name"), blank=True)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="ko")
    timezone = models.CharField(_("time zone"), max_length=64, default=member_time_zone, validators=[check_zone])
    is_staff = models.BooleanField(_("server operator"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    joined_at = models.DateTimeField(default=now, editable=False)
    # an address that a mail server refused for good, and its words; of no meaning once the person has another one
    refused_email = models.EmailField(blank=True, editable=False)
    refused_words = models.CharField(max_length=300, blank=True, editable=False)
    key_salt = models.CharField(max_length=32, blank=True, editable=False)  # another ends sessions and secret links
    must_review_groups = models.BooleanField(default=False, editable=False)  # asked once: members.address_proof

    objects = MemberManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_member_per_email")]

    def __str__(self):
        return self.name or self.email.partition("@")[0]

    def _get_session_auth_hash(self, secret=None):
        known = super()._get_session_auth_hash(secret)  # type: ignore[misc]  # changes with the password
        return salted_hmac(self.key_salt, known, secret=secret).hexdigest() if self.key_salt else known

    def end_sessions_and_links(self):
        """Take another key_salt, with which no session and no secret link from before counts; to be saved."""
        self.key_salt = secrets.token_hex(16)

    @property
    def is_reachable(self):
        """False while no mail can reach them."""
        return self.refused_email != self.email

    @property
    def study_groups(self):
        """The study groups this person may enter. `groups` holds the permission groups of operators, as in Django."""
        return Group.objects.filter(memberships__in=self.memberships.current()).order_by("name")


class Group(models.Model):
    """A study group; its pages live under /g/<slug>/."""

    name = NameField(_("name"))
    club = NameField(_("club"), blank=True, help_text=_("The club or school the group belongs to."))
    slug = models.SlugField(_("address"), unique=True, max_length=50)
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES, default="ko")
    timezone = models.CharField(_("time zone"), max_length=64, default=member_time_zone, validators=[check_zone])
    country = models.CharField(_("country of the holidays"), max_length=2, default="KR")
    category = models.CharField(_("kind of activity"), max_length=60, blank=True)
    purpose = models.CharField(_("purpose"), max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    members = models.ManyToManyField(Member, through="Membership", related_name="all_groups")

    class Meta:
        verbose_name = _("group")
        verbose_name_plural = _("groups")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("schedule:home", args=[self.slug])


class MembershipQuerySet(models.QuerySet):
    def current(self):
        """May enter the group: active or pausing."""
        return self.filter(state__in=[Membership.ACTIVE, Membership.PAUSED], member__is_active=True)

    def active(self):
        """Takes turns."""
        return self.filter(state=Membership.ACTIVE, member__is_active=True)

    def organizers(self):
        return self.current().filter(role=Membership.ORGANIZER)

    def in_order(self):
        """In order of joining, each with its person."""
        return self.select_related("member").order_by("joined_at", "pk")


class Membership(models.Model):
    """A person's place in one group. It is kept when they leave, so that past turns keep their name."""

    ORGANIZER, MEMBER = "organizer", "member"
    ROLES = [(ORGANIZER, _("organizer")), (MEMBER, _("member"))]
    ACTIVE, PAUSED, LEFT, REMOVED = "active", "paused", "left", "removed"
    STATES = [(ACTIVE, _("active")), (PAUSED, _("pausing")), (LEFT, _("left")), (REMOVED, _("removed"))]

    group = models.ForeignKey(Group, models.CASCADE, related_name="memberships")
    member = models.ForeignKey(Member, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=ROLES, default=MEMBER)
    state = models.CharField(max_length=10, choices=STATES, default=ACTIVE)
    colour = models.PositiveSmallIntegerField(
        default=1, help_text=_("Colour of the name, 1 to 7, by order of joining.")
    )
    joined_at = models.DateTimeField(default=now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["group", "member"], name="one_membership_per_person_and_group"),
            models.CheckConstraint(condition=Q(role__in=["organizer", "member"]), name="membership_role_is_known"),
            models.CheckConstraint(
                condition=Q(state__in=["active", "paused", "left", "removed"]), name="membership_state_is_known"
            ),
        ]

    def __str__(self):
        return str(self.member)

    @property
    def is_organizer(self):
        return self.role == self.ORGANIZER

    @property
    def shown_role(self):
        """Return the role as lists show it beside a name: nothing for a plain member."""
        return self.get_role_display() if self.is_organizer else ""

    @property
    def is_current(self):
        return self.state in {self.ACTIVE, self.PAUSED}

    @property
    def may_enter(self):
        """Whether it is among MembershipQuerySet.here: who left, was removed or lost the account may not."""
        return self.is_current and self.member.is_active


class Pause(models.Model):
    """A time in which a member took no turns: paused, or not in the group. Open as long as it has no end."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="pauses")
    began_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["began_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(ended_at=None), name="one_open_pause_per_membership"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=models.F("began_at")), name="pause_ends_after_it_begins"
            ),
        ]


class InvitationQuerySet(models.QuerySet):
    def open(self, at):
        """Lets somebody in at this moment: in time, not used up, not revoked, and its inviter may still invite."""
        return self.filter(
            Q(max_uses=None) | Q(uses__lt=models.F("max_uses")),
            revoked_at=None,
            expires_at__gt=at,
            invited_by__in=Membership.objects.organizers(),
        )

    def to_mail(self, at):
        """Waits for the mail server, and may be tried now."""
        waiting = Q(mail_after=None) | Q(mail_after__lte=at)
        unwanted = InvitationStop.objects.values("email")
        due = self.open(at).filter(waiting, mailed_at=None, mail_tries__lt=Invitation.MAIL_TRIES)
        return due.exclude(email="").exclude(email__in=unwanted)

    def refused_to_all(self, at):
        """Kept because the mail server refuses our mail for good, and not for the address or the mail: a 5xx."""
        refused = Q(mail_error__regex=r"^5[0-9][0-9] ", mail_tries=0)
        return self.open(at).filter(refused, mailed_at=None).exclude(email="")


class Invitation(models.Model):
    """A way in. The link's token is derived from `nonce` and the server's secret key; only its hash is stored."""

    MAIL_TRIES = 5

    group = models.ForeignKey(Group, models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=10, choices=Membership.ROLES, default=Membership.MEMBER)
    email = models.EmailField(blank=True, help_text=_("Empty: anybody who has the link."))
    name = NameField(blank=True, help_text=_("As the organizer wrote it, to greet by."))
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="ko")
    nonce = models.CharField(max_length=32, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    max_uses = models.PositiveSmallIntegerField(null=True, blank=True, help_text=_("Empty: as often as wanted."))
    uses = models.PositiveSmallIntegerField(default=0)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # an invitation by e-mail is its own to-do list: mailed_at is empty until the mail server has taken it
    mailed_at = models.DateTimeField(null=True, blank=True)
    mail_tries = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=300, blank=True)
    # not before this moment: a lease while it is being sent, a pause after a failure
    mail_after = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.email or f"link {self.pk}"

    def save(self, *args, **kwargs):
        if not self.nonce:
            self.nonce = secrets.token_hex(16)
            self.token_hash = self.hash_of(self.token)
        super().save(*args, **kwargs)

    @property
    def token(self) -> str:
        """256 bits that nobody can compute from the database alone."""
        return hmac.new(settings.SECRET_KEY.encode(), f"invitation:{self.nonce}".encode(), "sha256").hexdigest()

    @property
    def makes_organizer(self) -> bool:
        """Return whether who comes by it becomes an organizer."""
        return self.role == Membership.ORGANIZER

    def closed_because(self, at) -> str:
        """Why nobody can come in by it any more: a code, or "" while it is open."""
        reasons = {
            "revoked": self.revoked_at is not None,
            "expired": self.expires_at <= at,
            "used": self.max_uses is not None and self.uses >= self.max_uses,
            "inviter": not (
                self.invited_by.is_current and self.invited_by.is_organizer and self.invited_by.member.is_active
            ),
        }
        return next((reason for reason, holds in reasons.items() if holds), "")

    @staticmethod
    def hash_of(token: str) -> str:
        return hashlib.sha256(token.encode()).hexdigest()
