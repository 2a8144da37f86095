"""The operator's desk, entered through the same sign-in as everything else. No page shows hashes, salts or second steps."""

from allauth.account.decorators import secure_admin_login
from allauth.mfa import admin as _second_steps  # noqa: F401  registers what is replaced here
from allauth.mfa.models import Authenticator
from allauth.socialaccount import admin as _social  # noqa: F401
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib import admin, messages
from django.contrib.auth import admin as permissions
from django.contrib.auth.models import Group as PermissionGroup
from django.contrib.auth.models import Permission
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members import accounts, addresses, audit, membership
from members.account_admin import ReadOnly
from members.columns import name_columns
from members.models import AccountNotice, AddressChange, AuditEvent, Group, Invitation, Member, Membership, Muted, Pause
from members.records import Refusal

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # as django-allauth tells it
admin.site.site_header = admin.site.site_title = _("Reading Study: the server")
admin.site.index_title = _("What is on this server")
# nobody signs in by another site, and a second step is made of a secret; permission groups get a page of their own below
admin.site.unregister([SocialAccount, SocialApp, SocialToken, PermissionGroup, Authenticator])


def call(model, one, many):
    """The words for a model that is met in the admin only."""
    model._meta.verbose_name, model._meta.verbose_name_plural = one, many


call(Invitation, _("invitation"), _("invitations"))
call(Muted, _("unwanted notifications"), _("unwanted notifications"))
call(Pause, _("pause"), _("pauses"))
call(Refusal, _("refused address"), _("refused addresses"))
call(Authenticator, _("second step"), _("second steps"))
call(PermissionGroup, _("permission group"), _("permission groups"))
name_columns(
    Member, Group, Membership, Invitation, Muted, Pause, Refusal, Authenticator, AuditEvent, AddressChange, AccountNotice
)  # fmt: skip


class PlaceInline(admin.TabularInline):
    """Where somebody is, or who is there; places are given and taken on the group's own page."""

    model = Membership
    extra = 0
    can_delete = False
    fields = readonly_fields = ("member", "group", "role", "state", "joined_at")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("member", "group")

    def has_add_permission(self, request, obj=None):
        return False


# what an account may do here; whoever could change it could give themselves everything
RIGHTS = ["is_staff", "is_superuser", "groups", "user_permissions"]


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    """Accounts begin by an invitation, and end by becoming inactive: what a person did stays with their groups."""

    list_display = ["email", "name", "language", "groups_count", "is_active", "is_staff", "reachable", "joined_at"]
    list_filter = ["is_active", "is_staff", "language"]
    search_fields = ["email", "name", "all_groups__name"]
    date_hierarchy = "joined_at"
    ordering = ["email"]
    readonly_fields = ["email", "last_login", "joined_at", "refused_email", "refused_words"]
    fields = ["email", "name", "language", "timezone", "is_active", *RIGHTS, *readonly_fields[1:]]
    filter_horizontal = ["groups", "user_permissions"]
    inlines = [PlaceInline]
    actions = ["close", "open_again", "mail_again"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(groups_here=_places("memberships"))

    def get_readonly_fields(self, request, obj=None):
        return self.readonly_fields if request.user.is_superuser else [*self.readonly_fields, *RIGHTS]

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Permissions with the model that each is about, in one query."""
        if db_field.name == "user_permissions":
            kwargs["queryset"] = Permission.objects.select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request, obj=None):
        """The account of a superuser is changed by superusers only."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def save_model(self, request, member, form, change):
        super().save_model(request, member, form, change)
        if "is_active" in form.changed_data:
            accounts.record_active(member, by=request.user)
        if rights := [name for name in RIGHTS if name in form.changed_data]:
            audit.record("rights_changed", by=request.user, about=member, detail=" ".join(rights))

    @admin.display(description=_("groups"), ordering="groups_here")
    def groups_count(self, member):
        return member.groups_here

    @admin.display(description=_("mail reaches them"), boolean=True)
    def reachable(self, member):
        return member.is_reachable

    @admin.action(description=_("Make inactive: they can no longer sign in"), permissions=["change"])
    def close(self, request, members):
        others = _within_reach(request, members).exclude(pk=request.user.pk)
        count = accounts.set_active(others, False, by=request.user)
        said = ngettext("%(n)s account is inactive now.", "%(n)s accounts are inactive now.", count)
        self.message_user(request, said % {"n": count})
        if members.filter(pk=request.user.pk).exists():
            self.message_user(request, _("Yours was left alone; ask another operator."), messages.WARNING)

    @admin.action(description=_("Make active again"), permissions=["change"])
    def open_again(self, request, members):
        count = accounts.set_active(_within_reach(request, members), True, by=request.user)
        said = ngettext("%(n)s account is active again.", "%(n)s accounts are active again.", count)
        self.message_user(request, said % {"n": count})

    @admin.action(description=_("Try their address again: it was mended"), permissions=["change"])
    def mail_again(self, request, members):
        count = sum(addresses.try_again(member) for member in _within_reach(request, members))
        said = ngettext("%(n)s address is tried again.", "%(n)s addresses are tried again.", count)
        self.message_user(request, said % {"n": count})

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


def _within_reach(request, members):
    """The chosen accounts that this operator may change, as plain rows that can be updated."""
    chosen = Member.objects.filter(pk__in=members.values("pk"))
    return chosen if request.user.is_superuser else chosen.exclude(is_superuser=True)


def _places(path):
    return Count(path, filter=Q(**{f"{path}__state__in": [Membership.ACTIVE, Membership.PAUSED]}), distinct=True)


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    list_display = ["name", "club", "slug", "people", "language", "timezone", "country", "created_at"]
    list_filter = ["language", "country"]
    search_fields = ["name", "club", "slug"]
    date_hierarchy = "created_at"
    ordering = ["name"]
    readonly_fields = ["slug", "created_at", "to_delete"]
    fields = ["name", "club", "language", "timezone", "country", "category", "purpose", *readonly_fields]
    inlines = [PlaceInline]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(people_here=_places("memberships"))

    @admin.display(description=_("members"), ordering="people_here")
    def people(self, group):
        return group.people_here

    @admin.display(description=_("To delete it"))
    def to_delete(self, group):
        command = f"python3 manage.py delete_group {group.slug}"
        return _("Run this on the server; it says what goes, and asks: %(command)s") % {"command": command}

    def has_add_permission(self, request):
        """It begins with an organizer: on the start page, or by the command `found`."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Its files would stay on the disk: the command takes them, too."""
        return False


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ["member", "group", "role", "state", "joined_at"]
    list_filter = ["role", "state"]
    list_select_related = ["member", "group"]
    search_fields = ["member__email", "member__name", "group__name"]
    date_hierarchy = "joined_at"
    actions = ["promote"]

    @admin.action(description=_("Make organizer: for a group that lost its own"), permissions=["lead"])
    def promote(self, request, places):
        here = places.filter(state__in=[Membership.ACTIVE, Membership.PAUSED], member__is_active=True)
        count = sum(membership.change(place, "promote", by=request.user) for place in here)
        said = ngettext("%(n)s member is an organizer now.", "%(n)s members are organizers now.", count)
        self.message_user(request, said % {"n": count})

    def has_lead_permission(self, request):
        return request.user.has_perm("members.change_membership")


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin):
    """To look at and to take back; new ones come from an organizer's page, which knows who invites."""

    list_display = [
        "__str__",
        "group",
        "role",
        "inviter",
        "created_at",
        "expires_at",
        "uses",
        "max_uses",
        "revoked_at",
        "mailed_at",
        "mail_error",
    ]
    list_filter = ["role", "mailed_at", "revoked_at"]
    list_select_related = ["group", "invited_by__member"]
    search_fields = ["email", "group__name"]
    date_hierarchy = "created_at"
    readonly_fields = ["group", "role", "email", "name", "invited_by", "uses", "mailed_at", "mail_tries", "mail_error"]
    fields = [*readonly_fields, "expires_at", "max_uses", "revoked_at"]

    @admin.display(description=_("invited by"), ordering="invited_by__member__name")
    def inviter(self, invitation):
        return invitation.invited_by.member

    def has_add_permission(self, request):
        return False


@admin.register(Muted)
class MutedAdmin(ReadOnly):
    """Why somebody gets no notifications of a kind."""

    list_display = ["member", "topic", "since"]
    list_filter = ["topic"]
    list_select_related = ["member"]
    search_fields = ["member__email", "member__name"]


@admin.register(Pause)
class PauseAdmin(ReadOnly):
    """Why somebody gets no turns."""

    list_display = ["membership", "group", "began_at", "ended_at"]
    list_select_related = ["membership__member", "membership__group"]
    search_fields = ["membership__member__email", "membership__member__name", "membership__group__name"]
    date_hierarchy = "began_at"

    @admin.display(description=_("group"))
    def group(self, pause):
        return pause.membership.group


@admin.register(Refusal)
class RefusalAdmin(ReadOnly):
    """To which addresses mail was refused, and how. One answer for many of them is the server's trouble."""

    list_display = ["email", "answer", "at", "outlasted"]
    list_filter = ["outlasted"]
    search_fields = ["email", "answer"]
    date_hierarchy = "at"


@admin.register(Authenticator)
class SecondStepAdmin(ReadOnly):
    """Who lost the phone and the recovery codes gets in again once theirs is deleted here."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    list_select_related = ["user"]
    search_fields = ["user__email", "user__name"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_delete_permission(self, request, obj=None):
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def delete_model(self, request, step):
        super().delete_model(request, step)
        audit.record("factor_removed", by=request.user, about=step.user, how=step.type)

    def delete_queryset(self, request, steps):
        for step in steps:
            self.delete_model(request, step)


@admin.register(PermissionGroup)
class PermissionGroupAdmin(permissions.GroupAdmin):
    """Permissions that several operators share. Only superusers give them."""

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return request.user.is_superuser
