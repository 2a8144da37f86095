"""What a server operator sees of the schedule. Changes belong on the group's own pages, where letters follow them."""

from django.contrib import admin

from schedule.models import Absence, Letter, Presentation, Session, Term
from schedule.records import Change, Swap


class ReadOnly(admin.ModelAdmin):
    """To look at, not to change."""

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Term)
class TermAdmin(ReadOnly):
    list_display = ["name", "group", "first_day", "every_weeks", "published_at"]
    list_filter = ["published_at"]
    search_fields = ["name", "group__name"]
    list_select_related = ["group"]


@admin.register(Session)
class SessionAdmin(ReadOnly):
    list_display = ["term", "number", "starts_at", "place", "state"]
    list_filter = ["state"]
    search_fields = ["term__name", "term__group__name", "place"]
    list_select_related = ["term"]
    date_hierarchy = "starts_at"


@admin.register(Presentation)
class PresentationAdmin(ReadOnly):
    list_display = ["session", "presenter", "paper", "shared_at", "pinned"]
    search_fields = ["presenter__member__name", "paper__title"]
    list_select_related = ["session__term", "presenter__member", "paper"]


@admin.register(Absence)
class AbsenceAdmin(ReadOnly):
    list_display = ["membership", "first_day", "last_day", "note"]
    search_fields = ["membership__member__name"]
    list_select_related = ["membership__member"]


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    list_display = ["term", "kind", "by", "at", "undone_at"]
    list_filter = ["kind"]
    list_select_related = ["term", "by__member"]
    date_hierarchy = "at"


@admin.register(Swap)
class SwapAdmin(ReadOnly):
    list_display = ["giver", "session", "taker", "wanted", "state", "asked_at"]
    list_filter = ["state"]
    list_select_related = ["giver__member", "taker__member", "session__term", "wanted__term"]
    date_hierarchy = "asked_at"


@admin.register(Letter)
class LetterAdmin(ReadOnly):
    """Why a letter went or did not; it is tried again on the group's own page, where the outbox keeps its states."""

    list_display = ["kind", "recipient", "session", "state", "reason", "tries", "due_at", "settled_at"]
    list_filter = ["state", "kind"]
    search_fields = ["recipient__member__email", "recipient__member__name", "session__term__group__name", "subject"]
    list_select_related = ["recipient__member", "session__term"]
    date_hierarchy = "due_at"
    show_full_result_count = False

    def has_delete_permission(self, request, obj=None):
        return False
