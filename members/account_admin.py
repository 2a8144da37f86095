"""The operator's view of what happened: events, changes of address and notices, to look at only."""

from django.contrib import admin

from members.models import AccountNotice, AddressChange, AuditEvent


class ReadOnly(admin.ModelAdmin):
    """To look at, not to change."""

    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    """Who did what, and from where. Of a deleted account only the number is left."""

    list_display = ["at", "kind", "by", "about", "group", "how", "detail", "address", "browser"]
    list_filter = ["kind"]
    list_select_related = ["by", "about", "group"]
    search_fields = ["by__email", "by__name", "about__email", "about__name", "group__name", "address", "detail"]
    date_hierarchy = "at"


@admin.register(AddressChange)
class AddressChangeAdmin(ReadOnly):
    """Which address an account had, for who asks after the week in which it can be undone."""

    list_display = ["member", "old", "new", "at", "undone_at"]
    list_select_related = ["member"]
    search_fields = ["old", "new", "member__email", "member__name"]
    date_hierarchy = "at"


@admin.register(AccountNotice)
class AccountNoticeAdmin(ReadOnly):
    """Whether somebody was told of what changed about their account."""

    list_display = ["member", "kind", "email", "at", "mailed_at", "mail_tries", "mail_error"]
    list_filter = ["kind"]
    list_select_related = ["member"]
    search_fields = ["email", "member__email", "member__name"]
    date_hierarchy = "at"
