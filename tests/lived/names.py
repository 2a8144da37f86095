"""All that the lived terms know of the inside of the product: its rows and the names of its addresses.

The stories, the oracle and the checks speak of plain facts and of pages; after a rename this module alone changes.
"""

from io import StringIO
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.urls import reverse
from django.utils.timezone import now

from members.models import Group, Member, Membership, Muted
from papers import library
from papers.demo_pdf import DemoPaper, write_pdf
from papers.models import PaperFile
from schedule.models import Absence, AttendanceRecord, Notification, Presentation, Session, Swap, Term
from tests.lived import facts

# ── addresses ────────────────────────────────────────────────────────────────────────────────────
HOME, SCHEDULE, SESSION = "schedule:home", "schedule:schedule", "schedule:session"
MAILS, TURNS, TERM = "schedule:notifications", "schedule:turns", "schedule:term"
NEW_GROUP, SETTINGS, MEMBERS, PLACE_IN_GROUP = (
    "members:new_group",
    "members:group_settings",
    "members:members",
    "members:change",
)
ACCOUNT, CHOICE_OF_MAILS = "members:me", "members:choose_notifications"
MAKE_LINK, INVITE_BY_MAIL, JOIN, SIGN_UP = "members:make_link", "members:send_mails", "members:join", "members:sign_up"
JOIN_AS = "members:join_as"
LIST_OF_PAPERS, TAKE_THE_LIST, LIBRARY = "papers:bib", "papers:bib_look", "papers:library"
PAPER, THROW_AWAY, TAKE_OUT = "papers:paper", "papers:to_trash", "papers:restore"
PLAN, PLAN_DRAFT, PUBLISH, REPLAN = "schedule:plan", "schedule:plan_draft", "schedule:publish", "schedule:replan"
AWAY, SHARE, WITHDRAW, SWAP_TURN, SWAP = (
    "schedule:away", "schedule:share", "schedule:withdraw", "schedule:swap_turn", "schedule:swap",
)  # fmt: skip
SWAP_BY_MAIL, UNDO, TAP = "schedule:swap_answer", "schedule:undo", "schedule:tap"
MOVE, CANCEL, RESTORE, NEW_PLACE, PRESENTERS = (
    "schedule:move", "schedule:cancel", "schedule:restore", "schedule:place", "schedule:presenters",
)  # fmt: skip
ATTEND, HERE, CODE, OPEN_CODE, CLOSE_CODE = (
    "schedule:attend", "schedule:here", "schedule:code", "schedule:code_open", "schedule:code_close",
)  # fmt: skip
MINUTES, TURN_MINUTES, ADD_PHOTO, CLOSE, REOPEN = (
    "schedule:minutes", "schedule:turn_minutes", "schedule:photo_add", "schedule:close", "schedule:reopen",
)  # fmt: skip
REPORT, DECK, TERM_BUNDLE, CALENDARS, NEW_CALENDAR = (
    "schedule:report", "schedule:deck", "schedule:ask_bundle", "schedule:calendars", "schedule:renew_calendar",
)  # fmt: skip


def address(name: str, *args, **kwargs) -> str:
    return reverse(name, args=args, kwargs=kwargs)


SIGN_IN = "account_login"
FOR_WHO_IS_SIGNED_IN = {
    "members:start", ACCOUNT, CHOICE_OF_MAILS, NEW_GROUP, "papers:share", "members:my_activity", "members:prove_by_code",
    "members:review_groups",
}  # fmt: skip
FOR_ORGANIZERS = {
    SETTINGS, "members:group_activity", MAKE_LINK, INVITE_BY_MAIL, "members:revoke", "members:send_again", "members:address_again", PLAN,
    PLAN_DRAFT, PUBLISH, REPLAN, "schedule:days_off", "schedule:delete_draft", MOVE, CANCEL, RESTORE, NEW_PLACE,
    PRESENTERS, ATTEND, CODE, OPEN_CODE, CLOSE_CODE, CLOSE, REOPEN, TERM_BUNDLE, "schedule:ask_group_bundle",
    "schedule:bundle", "schedule:bundle_file", "schedule:own_slides", "schedule:our_slides", "schedule:times",
    "schedule:term_times", "schedule:try_again", "schedule:send_now",
}  # fmt: skip
# of the presenter and of organizers: the mail, the question and the turn that the walk is about are the presenter's
ABOUT_A_TURN = {
    SHARE, WITHDRAW, SWAP_TURN, "schedule:swap_mine", "schedule:notification", "schedule:notification_html", "schedule:planned",
    "schedule:planned_html",
}  # fmt: skip
# of organizers alone as long as the term is a draft
ABOUT_A_SESSION = {
    SESSION, TERM, SHARE, SWAP_TURN, REPORT, DECK, HERE, "schedule:session_ics", "schedule:sheet", "schedule:photo",
    "schedule:swap_mine", "schedule:register", "schedule:register_csv", "schedule:figures", "schedule:term_report",
    "schedule:term_deck", "schedule:planned", "schedule:planned_html", "schedule:notification", "schedule:notification_html",
}  # fmt: skip
# there is not always such a thing: a photo before the day, a mail to come afterwards, slides of one's own
MAY_BE_MISSING = {
    "schedule:planned", "schedule:planned_html", "schedule:our_slides", "schedule:swap_mine", "schedule:photo",
    "schedule:session_ics", REPLAN, SWAP_TURN, SWAP, "schedule:bundle", "schedule:bundle_file", "papers:bib_look",
    "papers:cover", "papers:file", "schedule:notification", "schedule:notification_html",
}  # fmt: skip


# ── kinds of mail ────────────────────────────────────────────────────────────────────────────────
CHOOSE, SHARE_TOMORROW, SHARE_TODAY, MISSING = (
    Notification.CHOOSE,
    Notification.SHARE_SOON,
    Notification.SHARE_TODAY,
    Notification.OVERDUE,
)
NEEDS_HELP, NEEDS_SOMEBODY, PAPERS, ONE_MORE, TOMORROW = (
    Notification.OVERDUE_ORGANIZER, Notification.OPEN, Notification.PAPERS, Notification.LATE, Notification.TOMORROW,
)  # fmt: skip
MOVED, ELSEWHERE, CANCELLED, RESTORED = (
    Notification.MOVED,
    Notification.PLACE,
    Notification.CANCELLED,
    Notification.RESTORED,
)
PRESENTS, NO_LONGER, PUBLISHED, RECORD = (
    Notification.ASSIGNED,
    Notification.RELIEVED,
    Notification.PUBLISHED,
    Notification.MINUTES,
)
ASKED, SWAPPED, DECLINED, UNDONE = (
    Notification.SWAP_ASKED,
    Notification.SWAP_ACCEPTED,
    Notification.SWAP_DECLINED,
    Notification.SWAP_UNDONE,
)
# by which topic of "Notifications I want" a kind is refused
TOPICS = {
    "turn": {CHOOSE, SHARE_TOMORROW, SHARE_TODAY, MISSING},
    "help": {NEEDS_HELP, NEEDS_SOMEBODY},
    "papers": {PAPERS, ONE_MORE},
    "tomorrow": {TOMORROW},
    "changes": {MOVED, ELSEWHERE, CANCELLED, RESTORED},
    "term": {PUBLISHED},
    "swaps": {ASKED},
    "minutes": {RECORD},
}


def mails_of(message_ids: list[str]) -> dict[str, tuple]:
    """{Message-ID: (kind, recipient, session, its start as the mail knows it, about whom, which one of a repeated kind)}."""
    if not message_ids:
        return {}
    rows = Notification.objects.filter(message_id__in=message_ids)
    rows = rows.values_list("message_id", "kind", "recipient", "session", "starts_at", "about", "dedupe_key")
    return {row[0]: (*row[1:6], row[6] if row[1] in {MISSING, RECORD} else 0) for row in rows}


def tick() -> None:
    """What Celery does in a minute: papers are read, what is due is mailed."""
    call_command("tick", stdout=StringIO())


def tidy_up() -> None:
    """What Celery does once a day: what lay in the trash for long is thrown away."""
    library.purge(now())


def pdf(title: str) -> bytes:
    """A paper as it may come from somebody's disk."""
    return write_pdf(
        DemoPaper(title, ("A. Writer",), "We read together, and find that a week is what it takes. " * 9, "")
    )


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────
def account(email: str):
    return Member.objects.get(email=email)


def open_account(name: str, email: str) -> None:
    """Somebody who was here before the story begins."""
    Member.objects.create_user(email, name=name)


def speak(language: str) -> None:
    """Everybody reads in this language from now on."""
    Member.objects.update(language=language)


def read(slug: str) -> facts.Facts:
    group = Group.objects.get(slug=slug)
    terms = list(Term.objects.filter(group=group).values("pk", "name", "published_at", "timezone", "share_days"))
    swaps = Swap.objects.filter(session__term__group=group)
    away = Absence.objects.filter(membership__group=group).order_by("pk")
    return facts.Facts(
        group=group.pk,
        slug=slug,
        members=_members(group),
        terms={row["pk"]: facts.Term(row["pk"], row["name"], row["published_at"]) for row in terms},
        sessions=_sessions({row["pk"]: row for row in terms}),
        swaps={
            row[0]: facts.Swap(*row)
            for row in swaps.values_list("pk", "session", "giver", "taker", "wanted", "by", "state")
        },
        away=tuple(away.values_list("membership", "first_day", "last_day")),
    )


def things(slug: str, session: int, presenter: int) -> dict[str, object]:
    """What addresses of this session are about, by the part of the route before it and its name."""
    here = Session.objects.get(pk=session)
    group, turn = here.term.group, here.presentations.filter(presenter=presenter).first()
    file = PaperFile.objects.filter(group=group).first()
    paper = file.paper if file else group.papers.first()

    def last(rows):
        found = rows.order_by("-pk").values_list("pk", flat=True).first()
        return found or 0

    found = {
        "schedule": session,
        "terms": here.term_id,
        "plan": here.term_id,
        "times": here.term_id,
        "papers": paper.pk,
    }
    found |= {"turns": turn.pk if turn else 0, "wishes": paper.pk, "members": presenter}
    found |= {"notifications": last(Notification.objects.filter(session__term__group=group, recipient=presenter))}
    found |= {"swaps": last(Swap.objects.filter(session__term__group=group)), "changes": last(here.term.changes)}
    found |= {"bundles": last(group.bundles), "invitations": last(group.invitations)}
    found |= {"away": last(Absence.objects.filter(membership__group=group))}
    return {f"{before}/pk": pk for before, pk in found.items()} | {
        "slug": slug, "session": session, "kind": TOMORROW, "about": 0, "dedupe_key": 0, "to": presenter, "verb": "pause",
        "turn": turn.pk if turn else 0, "photo": last(here.photos), "form": "bib", "filename": "paper",
        "file_pk": file.pk if file else 0,
    }  # fmt: skip


def _members(group):
    refuses: dict[int, set[str]] = {}
    for member, topic in Muted.objects.values_list("member", "topic"):
        refuses.setdefault(member, set()).add(topic)
    found = {}
    for row in Membership.objects.filter(group=group).select_related("member").order_by("joined_at", "pk"):
        who = row.member
        found[row.pk] = facts.Member(
            row.pk, str(row), who.email, row.is_organizer, row.state, frozenset(refuses.get(who.pk, ()))
        )
    return found


def _sessions(terms):
    of_these = {"session__term__in": terms}
    turns: dict[int, list[facts.Turn]] = {}
    written: dict[int, list[str]] = {}
    for row in Presentation.objects.filter(**of_these).select_related("paper", "session").order_by("position", "pk"):
        title = str(row.paper) if row.paper else ""
        turn = facts.Turn(row.pk, row.presenter_id, title, row.shared_at, _in_trash(row.paper, row.session))
        turns.setdefault(row.session_id, []).append(turn)
        written.setdefault(row.session_id, []).append(row.minutes)
    marked: dict[int, set[int]] = {}
    for session, member in AttendanceRecord.objects.filter(**of_these).values_list("session", "membership"):
        marked.setdefault(session, set()).add(member)
    return {
        row.pk: facts.Session(
            pk=row.pk, term=row.term_id, number=row.number, starts_at=row.starts_at, ends_at=row.ends_at,
            zone=ZoneInfo(terms[row.term_id]["timezone"]), share_days=terms[row.term_id]["share_days"], place=row.place,
            state=row.state, closed=bool(row.closed_at), published=bool(terms[row.term_id]["published_at"]),
            turns=tuple(turns.get(row.pk, ())), marked=frozenset(marked.get(row.pk, ())),
            written="\n".join(filter(None, [row.notes, *sorted(written.get(row.pk, []))])),
        )
        for row in Session.objects.filter(term__in=terms)
    }  # fmt: skip


def _in_trash(paper, session) -> bool:
    """What is thrown away after a session stays on its record."""
    return bool(
        paper and paper.deleted_at and paper.deleted_at < min(session.ends_at, session.closed_at or session.ends_at)
    )
