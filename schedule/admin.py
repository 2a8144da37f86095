"""What a server operator sees of the schedule. Changes belong on the group's own pages, where notifications follow them."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members.admin import ReadOnly, call
from members.columns import name_columns
from members.records import Failure
from schedule.models import (
    Absence,
    AttendanceRecord,
    Bundle,
    CalendarLink,
    Change,
    DeckTemplate,
    Heartbeat,
    Notification,
    Photo,
    Presentation,
    Session,
    Swap,
    Term,
    Timetable,
)
from schedule.notifications import outbox

call(Term, _("term"), _("terms"))
call(Session, _("session"), _("sessions"))
call(Presentation, _("turn"), _("turns"))
call(Notification, _("notification"), _("notifications"))
call(Absence, _("time away"), _("times away"))
call(Change, _("change"), _("changes"))
call(Swap, _("swap"), _("swaps"))
call(AttendanceRecord, _("mark of attendance"), _("attendance"))
call(Photo, _("photo"), _("photos"))
call(Timetable, _("times of notifications"), _("times of notifications"))
call(CalendarLink, _("calendar address"), _("calendar addresses"))
call(Bundle, _("zip to take away"), _("zips to take away"))
call(DeckTemplate, _("slides of a group"), _("slides of groups"))
call(Heartbeat, _("sign of life"), _("signs of life"))
call(Failure, _("failure"), _("failures"))
name_columns(
    Term, Session, Presentation, Notification, Absence, Change, Swap, AttendanceRecord, Photo, Timetable, CalendarLink, Bundle, DeckTemplate, Heartbeat, Failure
)  # fmt: skip


@admin.register(Term)
class TermAdmin(ReadOnly):
    list_display = ["name", "group", "first_day", "every_weeks", "published_at"]
    list_filter = [("published_at", admin.EmptyFieldListFilter), "with_holidays"]
    search_fields = ["name", "group__name"]
    list_select_related = ["group"]
    date_hierarchy = "first_day"


@admin.register(Session)
class SessionAdmin(ReadOnly):
    list_display = ["term", "group", "number", "starts_at", "place", "state", "closed_at"]
    list_filter = ["state"]
    search_fields = ["term__name", "term__group__name", "place"]
    list_select_related = ["term__group"]
    date_hierarchy = "starts_at"

    @admin.display(description=_("group"))
    def group(self, session):
        return session.term.group


@admin.register(Presentation)
class PresentationAdmin(ReadOnly):
    list_display = ["session", "presenter", "paper", "shared_at", "pinned"]
    list_filter = [("paper", admin.EmptyFieldListFilter), "pinned"]
    search_fields = [
        "presenter__member__name",
        "presenter__member__email",
        "paper__title",
        "session__term__group__name",
    ]
    list_select_related = ["session__term", "presenter__member", "paper"]
    date_hierarchy = "session__starts_at"


@admin.register(Absence)
class AbsenceAdmin(ReadOnly):
    list_display = ["membership", "first_day", "last_day", "note"]
    search_fields = ["membership__member__name", "membership__member__email", "membership__group__name"]
    list_select_related = ["membership__member"]
    date_hierarchy = "first_day"


@admin.register(Change)
class ChangeAdmin(ReadOnly):
    list_display = ["__str__", "term", "by", "at", "undone_at"]
    list_filter = ["kind"]
    search_fields = ["term__name", "term__group__name", "by__member__name"]
    list_select_related = ["term", "by__member"]
    date_hierarchy = "at"


@admin.register(Swap)
class SwapAdmin(ReadOnly):
    list_display = ["giver", "session", "taker", "wanted", "state", "asked_at"]
    list_filter = ["state"]
    search_fields = ["giver__member__name", "taker__member__name", "session__term__group__name"]
    list_select_related = ["giver__member", "taker__member", "session__term", "wanted__term"]
    date_hierarchy = "asked_at"


@admin.register(Notification)
class NotificationAdmin(ReadOnly):
    """Why a notification went or did not. It is tried again through the outbox, which keeps its states."""

    list_display = ["kind", "recipient", "session", "state", "reason", "tries", "due_at", "settled_at"]
    list_filter = ["state", "kind"]
    search_fields = ["recipient__member__email", "recipient__member__name", "session__term__group__name", "subject"]
    list_select_related = ["recipient__member", "session__term"]
    date_hierarchy = "due_at"
    actions = ["try_again"]

    @admin.action(description=_("Try again"), permissions=["mend"])
    def try_again(self, request, notifications):
        chosen = list(notifications.select_related("recipient__member"))
        count = sum(outbox.send_again(notification) for notification in chosen)
        said = ngettext("%(n)s notification is tried again.", "%(n)s notifications are tried again.", count)
        self.message_user(request, said % {"n": count})
        if left := len(chosen) - count:
            said = ngettext(
                "%(n)s notification was left alone: it neither failed nor is in doubt.",
                "%(n)s notifications were left alone: they neither failed nor are in doubt.",
                left,
            )
            self.message_user(request, said % {"n": left})

    def has_mend_permission(self, request):
        return request.user.has_perm("schedule.change_notification")


@admin.register(AttendanceRecord)
class MarkAdmin(ReadOnly):
    list_display = ["session", "membership", "state", "at", "by", "by_code"]
    list_filter = ["state", "by_code"]
    search_fields = ["membership__member__name", "session__term__group__name"]
    list_select_related = ["session__term", "membership__member", "by__member"]
    date_hierarchy = "at"


@admin.register(Photo)
class PhotoAdmin(ReadOnly):
    """That there is one. What it shows is the group's."""

    list_display = ["session", "taken_at", "width", "height", "added_by", "added_at"]
    exclude = ["file"]
    search_fields = ["session__term__group__name"]
    list_select_related = ["session__term", "added_by__member"]
    date_hierarchy = "taken_at"


@admin.register(Timetable)
class TimetableAdmin(ReadOnly):
    """Why notifications of a group go out at other times."""

    list_display = ["group", "term", "quiet_from", "quiet_until"]
    search_fields = ["group__name", "term__name", "term__group__name"]
    list_select_related = ["group", "term"]


@admin.register(CalendarLink)
class CalendarLinkAdmin(ReadOnly):
    """What calendar programs are given. The salt is on no page: who has it has the address."""

    list_display = ["membership", "group", "deadlines", "alarm", "invites"]
    fields = ["membership", "deadlines", "alarm", "invites"]
    list_filter = ["invites"]
    search_fields = ["membership__member__name", "membership__member__email", "membership__group__name"]
    list_select_related = ["membership__member", "membership__group"]

    @admin.display(description=_("group"))
    def group(self, link):
        return link.membership.group


@admin.register(Bundle)
class BundleAdmin(ReadOnly):
    """How far a zip is; it is fetched by who asked for it."""

    list_display = ["group", "kind", "by", "state", "done", "total", "tries", "size", "asked_at", "settled_at"]
    exclude = ["file"]
    list_filter = ["state", "kind"]
    search_fields = ["group__name", "by__member__name"]
    list_select_related = ["group", "by__member"]
    date_hierarchy = "asked_at"


@admin.register(DeckTemplate)
class DeckTemplateAdmin(ReadOnly):
    list_display = ["group", "name", "leave_out_empty", "by", "at"]
    exclude = ["file"]
    search_fields = ["group__name", "name"]
    list_select_related = ["group", "by__member"]


@admin.register(Failure)
class FailureAdmin(ReadOnly):
    """What the regular work could not do of late; it is tried again by itself."""

    list_display = ["step", "row", "group", "error", "words", "times", "first_at", "at"]
    list_filter = ["step"]
    search_fields = ["row", "words", "group__name"]
    list_select_related = ["group"]
    date_hierarchy = "at"


@admin.register(Heartbeat)
class PulseAdmin(ReadOnly):
    """When the worker and beat were last seen."""

    list_display = ["name", "at"]
