"""The outbox as a page: what will go out, what went out, what did not, and why, in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db.models import BooleanField, Count, ExpressionWrapper, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from members.models import Group, Membership
from members.templatetags.formatting import clock, short_day
from schedule.access import may_read_all_notifications, may_send_now
from schedule.models import Notification
from schedule.notifications import reminders, rendering
from schedule.notifications.reasons import in_words, server_words
from schedule.notifications.timeline import Planned

AHEAD = timedelta(days=30)
A_PAGE = 100  # notifications
PLANNED, SENT, FAILED, SKIPPED = "planned", "sent", "failed", "skipped"
SHELF = {
    Notification.QUEUED: PLANNED,
    Notification.SENDING: PLANNED,
    Notification.SENT: SENT,
    Notification.FAILED: FAILED,
    Notification.UNCERTAIN: FAILED,
    Notification.SKIPPED: SKIPPED,
    Notification.EXPIRED: SKIPPED,
}
ASKED = gettext_noop("Not sent if the paper is shared before.")
UNLESS = dict.fromkeys(
    (Notification.SHARE_SOON, Notification.SHARE_TODAY, Notification.OVERDUE, Notification.OVERDUE_ORGANIZER), ASKED
)
UNLESS[Notification.CHOOSE] = gettext_noop("Not sent if a paper is chosen before.")
MARKS = {SENT: "sent", FAILED: "fail", SKIPPED: "skip-it"}


@dataclass(frozen=True)
class OutboxRow:
    """The same notification to some people, with the same fate: one line of the page."""

    when: datetime
    shelf: str
    title: str
    label: str
    readers: list[tuple[Membership, str]]  # each with the address of the preview
    chip: tuple[str, str]  # tone, words
    note: str = ""
    words: str = ""  # the server's own
    rows: list[Notification] = field(default_factory=list)
    send_now: str = ""

    @property
    def mark(self) -> str:
        return MARKS.get(self.shelf, "")


@dataclass(frozen=True)
class Outbox:
    coming: list[tuple[date, list[OutboxRow]]]
    past: list[tuple[date, list[OutboxRow]]]
    counts: dict[str, int]
    shelf: str
    older: int | None  # the next page

    def shelves(self) -> list[tuple[str, tuple[str, int]]]:
        """What one may filter by: the value, its words and how many notifications there are."""
        words = {PLANNED: _("Planned"), SENT: _("Sent"), FAILED: _("Not sent"), SKIPPED: _("Not needed")}
        each = [(shelf, (said, self.counts[shelf])) for shelf, said in words.items()]
        return [("", (_("All"), sum(self.counts.values()))), *each]


def outbox(group: Group, me: Membership, now: datetime, shelf: str = "", page: int = 1) -> Outbox:
    """Organizers see every notification of the group, members their own. At most five queries."""
    mine = Notification.objects.filter(session__term__group=group)
    mine = mine if may_read_all_notifications(me) else mine.filter(recipient=me)
    counts: Counter[str] = Counter()
    for state, count in mine.order_by().values_list("state").annotate(Count("pk")):
        counts[SHELF[state]] += count
    rows, about_coming = _rows(mine, shelf, page, now)
    planned = coming(group, me, now, about_coming)
    counts[PLANNED] += sum(len(one.recipients) for one in planned)
    entries = list(_entries(rows[:A_PAGE], group, now))
    if page == 1 and shelf in {"", PLANNED}:
        entries += [_planned(one, group, may_send=may_send_now(me)) for one in planned]
    entries.sort(key=lambda entry: entry.when, reverse=True)
    return Outbox(
        coming=_by_day(entry for entry in entries if entry.when > now),
        past=_by_day(entry for entry in entries if entry.when <= now),
        counts=counts,
        shelf=shelf,
        older=page + 1 if len(rows) > A_PAGE else None,
    )


def refused_to_all(group: Group) -> str:
    """Return what the mail server says while it refuses whatever this server sends, "" while it takes it."""
    waiting = Notification.objects.filter(session__term__group=group).refused_to_all()
    return waiting.order_by("-next_try_at", "-pk").values_list("reason", flat=True).first() or ""


def coming(group: Group, me: Membership, now: datetime, rows: Iterable[Notification] | None = None) -> list[Planned]:
    """Return the notifications to come: to organizers all, to members what they themselves will get.

    `rows` are the notifications of its coming sessions, for who has them at hand.
    """
    planned = reminders.upcoming(group, now=now, until=now + AHEAD, rows=rows)
    if not may_read_all_notifications(me):
        planned = [replace(one, recipients=(me,)) for one in planned if me in one.recipients]
    return list(_nearest(planned))


def _nearest(planned: Iterable[Planned]):
    """Of the reminders about one turn only the next: those after it follow only if the paper is still missing then."""
    turns: dict[tuple, datetime] = {}
    for one in planned:
        if one.about is None or turns.setdefault((one.session.pk, one.about), one.when) == one.when:
            yield one


def _rows(notifications_, shelf, page, now: datetime) -> tuple[list[Notification], list[Notification]]:
    """One query for two things: the notifications of this page and one more, and all notifications about sessions to come."""
    states = [state for state, its_shelf in SHELF.items() if shelf in {"", its_shelf}]
    newest = (
        notifications_.annotate(at=Coalesce("settled_at", "due_at")).filter(state__in=states).order_by("-at", "-pk")
    )
    start = (page - 1) * A_PAGE
    on_page = Q(pk__in=newest.values("pk")[start : start + A_PAGE + 1])
    both = notifications_.annotate(here=ExpressionWrapper(on_page, BooleanField()))
    rows = list(
        both.filter(Q(here=True) | Q(session__starts_at__gt=now)).select_related(
            "session__term__group__timetable", "recipient__member", "about__member"
        )
    )
    return sorted((row for row in rows if row.here), key=lambda row: (_at(row), row.pk), reverse=True), rows


def _at(row):
    return row.settled_at or row.due_at


def _by_day(entries):
    return [(day, list(those)) for day, those in groupby(entries, key=lambda entry: localtime(entry.when).date())]


def _planned(planned: Planned, group: Group, *, may_send: bool) -> OutboxRow:
    """A notification to come: its title as it would be then."""
    notification = reminders.notification_of(planned, planned.recipients[0], planned.when)
    return OutboxRow(
        when=planned.when,
        shelf=PLANNED,
        title=rendering.subject_of(notification, planned.when),
        label=planned.label,
        readers=[(person, planned_address("planned", group, planned, person)) for person in planned.recipients],
        chip=("info", _("planned for %(clock)s") % {"clock": clock(localtime(planned.when))}),
        note=_(UNLESS[planned.kind]) if planned.kind in UNLESS else "",
        send_now=planned_address("send_now", group, planned) if may_send else "",
    )


def planned_address(name: str, group: Group, planned: Planned, *to: Membership) -> str:
    about = planned.about.pk if planned.about else 0
    key = [group.slug, planned.session.pk, planned.kind, about, planned.dedupe_key]
    return reverse(f"schedule:{name}", args=[*key, *(person.pk for person in to)])


def _entries(rows: Iterable[Notification], group: Group, now: datetime):
    """Rows that say the same, and fared the same on the same day, are one line; a failure stands by itself."""
    together: dict[tuple, list[Notification]] = {}
    for row in rows:
        key = (
            row.kind,
            row.session_id,
            row.about_id,
            row.dedupe_key,
            row.starts_at,
            row.state,
            row.reason,
            localtime(_at(row)).date(),
        )
        together.setdefault((*key, row.pk) if SHELF[row.state] == FAILED else key, []).append(row)
    for same in together.values():
        row = same[0]
        yield OutboxRow(
            when=_at(row),
            shelf=SHELF[row.state],
            title=_title(row, group),
            label=row.get_kind_display(),
            readers=[(one.recipient, reverse("schedule:notification", args=[group.slug, one.pk])) for one in same],
            chip=_chip(row),
            note=in_words(row, now),
            words=server_words(row),
            rows=same,
        )


def _title(row, group: Group):
    """What it was called when it was written; else its kind and the session's day."""
    if row.subject:
        return row.subject.removeprefix(f"[{group}] ")
    return f"{row.get_kind_display()} · {short_day(row.starts_at.astimezone(row.session.zone))}"


def _chip(row):
    at = {"clock": clock(localtime(_at(row)))}
    return {
        Notification.QUEUED: ("info", _("waiting since %(clock)s") % at),
        Notification.SENDING: ("info", _("being sent")),
        Notification.SENT: ("ok", _("sent at %(clock)s") % at),
        Notification.FAILED: ("late", _("not sent")),
        Notification.UNCERTAIN: ("warn", _("perhaps sent")),
        Notification.SKIPPED: ("", _("not needed")),
        Notification.EXPIRED: ("", _("too late")),
    }[row.state]
