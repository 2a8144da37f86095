"""The operator's desk. It is entered through the same sign-in as everything else, with its limits and its second step."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin

from members.models import Group, Invitation, Member, Membership

admin.site.login = secure_admin_login(admin.site.login)


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin):
    list_display = ["email", "name", "language", "timezone", "is_active", "is_staff", "joined_at"]
    list_filter = ["is_active", "is_staff", "language"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    fields = [
        "email",
        "name",
        "language",
        "timezone",
        "is_active",
        "is_staff",
        "is_superuser",
        "last_login",
        "joined_at",
    ]
    readonly_fields = ["last_login", "joined_at"]


class PlaceInline(admin.TabularInline):
    model = Membership
    extra = 0
    autocomplete_fields = ["member"]


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    list_display = ["name", "club", "slug", "language", "timezone", "country", "created_at"]
    search_fields = ["name", "club", "slug"]
    ordering = ["name"]
    inlines = [PlaceInline]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    list_display = ["member", "group", "role", "state", "joined_at"]
    list_filter = ["role", "state"]
    list_select_related = ["member", "group"]
    search_fields = ["member__email", "member__name", "group__name"]
    autocomplete_fields = ["member", "group"]


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
    ]
    list_select_related = ["group", "invited_by__member"]
    search_fields = ["email", "group__name"]
    readonly_fields = ["group", "role", "email", "name", "invited_by", "uses", "mailed_at", "mail_tries", "mail_error"]
    fields = [*readonly_fields, "expires_at", "max_uses", "revoked_at"]

    @admin.display(ordering="invited_by__member__name")
    def inviter(self, invitation):
        return invitation.invited_by.member

    def has_add_permission(self, request):
        return False
