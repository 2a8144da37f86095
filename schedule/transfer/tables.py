"""What belongs to a group: which rows, which of their fields, and which numbers inside them name other rows.

Rows are told by their place in their table, from 1, in the order in which they were made; so a file names nothing that only
one database knows. What is not here is left out on purpose: see LEFT_OUT.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Model, Q, QuerySet

from members.models import Group, Member, Membership, Pause
from papers.models import Paper, PaperFile, Tag, Wish
from schedule.models import (
    Absence,
    AttendanceRecord,
    Change,
    DeckTemplate,
    Notification,
    Photo,
    Presentation,
    Session,
    Swap,
    Term,
    Timetable,
)

# number(table, row) names a row of a table in the other notation: a key of this database, or a place in the file
Number = Callable[[str, int], int | None]


def _nothing(values: dict, number: Number) -> None:
    """Most rows name others by their own fields only."""


def _who_typed(values, number):
    """{"title": "typed:5"}: membership 5 wrote it."""
    for name, source in values["sources"].items():
        if source.startswith("typed:"):
            values["sources"][name] = f"typed:{number('memberships', int(source[6:])) or 0}"


def _whom_it_was_given(values, number):
    """{"for": 5, …}: the reason of a turn, as long as membership 5 has it."""
    if "for" in values["why"]:
        values["why"]["for"] = number("memberships", values["why"]["for"]) or 0


DEDUPE_KEY_NAMES = {
    Notification.CALENDAR_CANCELLED: "notifications",
    Notification.SWAP_ASKED: "swaps", Notification.SWAP_ACCEPTED: "swaps",
    Notification.SWAP_DECLINED: "swaps", Notification.SWAP_UNDONE: "swaps",
}  # fmt: skip


def _what_tells_it_apart(values, number):
    """The dedupe key of some kinds is a row: the invitation that is taken back, the swap that it is about."""
    if values["dedupe_key"] and (table := DEDUPE_KEY_NAMES.get(values["kind"])):
        values["dedupe_key"] = number(table, values["dedupe_key"]) or 0


@dataclass(frozen=True)
class Table:
    """Rows of one model. `refs` and `lists` are fields that name rows of other tables, `files` those that hold a file.

    `later` are fields that files of earlier versions lack: they are empty then. `needs` are those of `refs` that say
    something else when they are empty.
    """

    name: str
    model: type[Model]
    of: Callable[[Group], QuerySet]
    fields: str
    refs: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    inside: Callable[[dict, Number], None] = _nothing
    later: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def plain(self) -> list[str]:
        return self.fields.split()

    @property
    def keys(self) -> set[str]:
        return {"id", *self.plain, *self.refs, *self.lists, *self.files}


GROUP = "name club slug language timezone country category purpose created_at".split()
TABLES = [
    Table(
        "people", Member, lambda g: Member.objects.filter(memberships__group=g), "email name language timezone"
    ),
    Table(
        "memberships", Membership, lambda g: g.memberships.all(), "role state colour joined_at", {"member": "people"}
    ),
    Table(
        "pauses", Pause, lambda g: Pause.objects.filter(membership__group=g), "began_at ended_at",
        {"membership": "memberships"},
    ),
    Table(
        "absences", Absence, lambda g: Absence.objects.filter(membership__group=g), "first_day last_day note",
        {"membership": "memberships"},
    ),
    Table(
        "deck_templates", DeckTemplate, lambda g: DeckTemplate.objects.filter(group=g), "name leave_out_empty at",
        {"by": "memberships"}, files=("file",),
    ),
    Table("tags", Tag, lambda g: Tag.objects.filter(group=g), "name"),
    Table(
        "papers", Paper, lambda g: Paper.objects.filter(group=g),
        "added_at state reason title authors abstract year venue doi arxiv_id language pages sources confidences deleted_at",
        {"added_by": "memberships", "looks_like": "papers", "deleted_by": "memberships"},
        {"tags": "tags", "kept_apart": "papers"}, inside=_who_typed,
    ),
    Table(
        "paper_files", PaperFile, lambda g: PaperFile.objects.filter(group=g),
        "sha256 size name added_at active_content", {"paper": "papers", "added_by": "memberships"},
        files=("file", "cover"),
    ),
    Table(
        "wishes", Wish, lambda g: Wish.objects.filter(paper__group=g), "note wished_at",
        {"paper": "papers", "membership": "memberships"},
    ),
    Table(
        "terms", Term, lambda g: g.terms.all(),
        "name first_day time timezone every_weeks count last_day minutes presenters place share_days with_holidays policy "
        "days_off chosen skipped created_at published_at",
        {"created_by": "memberships"},
    ),
    Table(
        "timetables", Timetable, lambda g: Timetable.objects.filter(Q(group=g) | Q(term__group=g)),
        "rules quiet_from quiet_until", {"term": "terms"}, needs=("term",),
    ),
    Table(
        "sessions", Session, lambda g: Session.objects.filter(term__group=g),
        "number starts_at ends_at place notes state sequence changed_at closed_at moved_at", {"term": "terms"}, later=("moved_at",),
    ),
    Table(
        "presentations", Presentation, lambda g: Presentation.objects.filter(session__term__group=g),
        "position shared_at taken_at minutes pinned why",
        {"session": "sessions", "presenter": "memberships", "paper": "papers"}, inside=_whom_it_was_given,
        later=("taken_at",),
    ),
    Table(
        "changes", Change, lambda g: Change.objects.filter(term__group=g), "kind at undone_at",
        {"term": "terms", "by": "memberships", "undone_by": "memberships"},
    ),
    Table(
        "swaps", Swap, lambda g: Swap.objects.filter(session__term__group=g),
        "starts_at wanted_at to_group message state asked_at settled_at",
        {"session": "sessions", "giver": "memberships", "wanted": "sessions", "taker": "memberships", "by": "memberships",
         "change": "changes"},
        needs=("wanted", "taker"),
    ),
    Table(
        "attendance_records", AttendanceRecord, lambda g: AttendanceRecord.objects.filter(session__term__group=g), "state at by_code",
        {"session": "sessions", "membership": "memberships", "by": "memberships"},
    ),
    Table(
        "photos", Photo, lambda g: Photo.objects.filter(session__term__group=g), "width height taken_at added_at",
        {"session": "sessions", "added_by": "memberships"}, files=("file",),
    ),
    Table(
        "notifications", Notification, lambda g: Notification.objects.filter(session__term__group=g),
        "kind starts_at dedupe_key was due_at expires_at state subject reason invited created_at settled_at",
        {"session": "sessions", "about": "memberships", "recipient": "memberships", "swap": "swaps"},
        inside=_what_tells_it_apart, needs=("about", "swap"),
    ),
]  # fmt: skip
# models that stay behind, and why; `Model.field` for single fields
LEFT_OUT = {
    "members.AuditEvent": "what happened at the old server", "members.AddressChange": "a person's own",
    "members.AccountNotice": "a person's own",
    "members.Muted": "a person's own, for all of their groups",
    "members.Failure": "the server's own",
    "members.Invitation": "its link names the old server",
    "members.Refusal": "the mail server's word",
    "members.RateCount": "the server's own",
    "members.CacheEntry": "the server's own",
    "members.SentForm": "a form that was just sent",
    "members.InvitationStop": "an address holder's word to this server",
    "papers.Lookup": "a question to a catalogue; what it answered is on the card",
    "papers.Source": "the server's own pace",
    "papers.PaperText": "each paper's text is a file of its own; the index is made anew",
    "papers.ReadingList": "a form that somebody is filling in",
    "schedule.Bundle": "this file",
    "schedule.CalendarLink": "a secret address at the old server",
    "schedule.Heartbeat": "the server's own",
    "members.Member.password": "a secret", "members.Member.last_login": "the server's own",
    "members.Member.key_salt": "a secret", "members.Member.must_review_groups": "the account's own",
    "members.Member.is_superuser": "a right on the old server", "members.Member.is_staff": "a right on the old server",
    "members.Member.is_active": "a right on the old server", "members.Member.joined_at": "the account's own",
    "members.Member.refused_email": "the mail server's word", "members.Member.refused_words": "the mail server's word",
    "members.Member.user_permissions": "rights on the old server", "members.Member.groups": "rights on the old server",
    "members.Membership.group": "the file's one group", "papers.Paper.group": "the file's one group",
    "papers.PaperFile.group": "the file's one group", "papers.Tag.group": "the file's one group",
    "schedule.Term.group": "the file's one group", "schedule.Timetable.group": "the file's one group, unless it is of a term",
    "schedule.DeckTemplate.group": "the file's one group",
    "schedule.DeckTemplate.size": "the file's own", "schedule.Photo.size": "the file's own",
    "members.Group.members": "the memberships say it",
    "papers.Paper.step": "a worker's note", "papers.Paper.tries": "a worker's note", "papers.Paper.leased_until": "a worker's note",
    "papers.Paper.changed_at": "coming here is a change",
    "schedule.Session.code_key": "a secret",
    "schedule.Change.rows": "they name rows of the old database; by the time of an import hardly anything can be undone",
    "schedule.Notification.tries": "a worker's note", "schedule.Notification.next_try_at": "a worker's note",
    "schedule.Notification.leased_until": "a worker's note", "schedule.Notification.message_id": "names the old server",
}  # fmt: skip
