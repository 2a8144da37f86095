"""What one can do in a group, with the words people look for it by: found in every language, whatever the reader's own."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext, override
from django.utils.translation import gettext_noop as _

from members.access import may_change_settings, may_manage_members
from members.models import Membership
from members.templatetags.formatting import moment
from schedule.access import may_change_slides, may_change_times, may_export, may_plan
from schedule.search.outline import Outline


@dataclass(frozen=True)
class Action:
    """`also` are other words for it. `about` is what it needs (see `_about`): without it there is nothing to do."""

    title: str
    also: str
    view: str
    about: str = ""
    place: str = ""  # on the page
    may: Callable[[Membership], bool] | None = None  # who; everybody unless it says so
    handy: bool = False  # offered before anything is typed
    of_group: bool = True


ACTIONS = (
    Action(
        _("Share a paper for my next turn"),
        _("present choose hand in reading"),
        "schedule:share",
        about="unshared",
        handy=True,
    ),
    Action(
        _("Open the next session"), _("meeting date place when where today"), "schedule:session", "next", handy=True
    ),
    Action(_("Add papers"), _("upload PDF file library"), "papers:library", place="#pdfs", handy=True),
    Action(_("Plan the next term"), _("new semester dates rotation"), "schedule:plan", may=may_plan, handy=True),
    Action(
        _("Invite members"), _("join link e-mail"), "members:members", place="#link", may=may_manage_members, handy=True
    ),
    Action(_("My turns"), _("present order rotation"), "schedule:turns", handy=True),
    Action(_("Mark days away"), _("absent holiday not free"), "schedule:turns", place="#h-away", handy=True),
    Action(_("Swap my next turn"), _("change exchange offer pass on"), "schedule:swap_turn", about="mine"),
    Action(_("In my calendar"), _("subscribe Google Apple Outlook ics"), "schedule:calendars", handy=True),
    Action(_("Report of the last session"), _("slides deck PowerPoint pptx"), "schedule:report", about="last"),
    Action(_("Report of the term"), _("slides deck PowerPoint pptx"), "schedule:term_report", about="term"),
    Action(_("Activity sheet of the last session"), _("print record photo club"), "schedule:sheet", about="last"),
    Action(_("Attendance"), _("who came present absent late"), "schedule:register", about="term"),
    Action(_("The term in figures"), _("statistics chart numbers"), "schedule:figures", about="term"),
    Action(_("Plan the rest again"), _("replan change order"), "schedule:replan", about="term", may=may_plan),
    Action(_("Wish-list"), _("propose recommend suggest paper"), "schedule:wishes"),
    Action(_("Cite papers"), _("references bibliography export BibTeX RIS CSL"), "papers:choose"),
    Action(_("Bring in a .bib file"), _("import references Zotero Mendeley BibTeX"), "papers:bib"),
    Action(_("Trash"), _("deleted restore undo bring back"), "papers:trash"),
    Action(_("Home"), _("start overview"), "schedule:home"),
    Action(_("Papers"), _("library shelf"), "papers:library"),
    Action(_("Schedule"), _("term sessions dates calendar"), "schedule:schedule"),
    Action(_("Notifications"), _("mail e-mail reminders sent"), "schedule:notifications"),
    Action(_("Members"), _("people list addresses"), "members:members"),
    Action(_("When notifications go out"), _("mail time reminders"), "schedule:times", may=may_change_times),
    Action(
        _("Settings of the group"), _("name club holidays country"), "members:group_settings", may=may_change_settings
    ),
    Action(_("How our slides look"), _("template PowerPoint report"), "schedule:own_slides", may=may_change_slides),
    Action(_("Take everything out"), _("export backup zip move"), "members:group_settings", "", "#h-out", may_export),
    Action(
        _("Notifications I want"),
        _("mail reminders unsubscribe stop"),
        "members:me",
        place="#notifications",
        of_group=False,
    ),
    Action(_("My account"), _("settings name language time zone profile"), "members:me", of_group=False),
    Action(_("Change password"), _("sign in security"), "account_change_password", of_group=False),
    Action(_("Change the e-mail address"), _("mail account"), "account_email", of_group=False),
    Action(_("Two-step sign-in"), _("security code phone authenticator"), "mfa_index", of_group=False),
    Action(_("Start a group"), _("new study"), "members:new_group", of_group=False),
)


@cache
def in_every_language(message: str) -> list[str]:
    texts = []
    for code, _name in settings.LANGUAGES:
        with override(code):
            texts.append(gettext(message))
    return list(dict.fromkeys(texts))


def possible(seen: Outline) -> list[tuple[Action, str, str]]:
    """What this person can do now: each action with a detail and its address."""
    found = []
    for action in ACTIONS:
        about = _about(action.about, seen)
        if about is None or (action.may and not action.may(seen.me)):
            continue
        pk, detail = about
        args = ([seen.me.group.slug] if action.of_group else []) + ([pk] if pk else [])
        found.append((action, detail, reverse(action.view, args=args) + action.place))
    return found


def _about(name: str, seen: Outline) -> tuple[int, str] | None:
    """(pk of what the action is about, what it is called); None when there is no such thing."""
    if not name:
        return 0, ""
    if name == "term":
        return (seen.term.pk, str(seen.term)) if seen.term else None
    if name in {"next", "last"}:
        session = getattr(seen, name)
        return (session.pk, moment(session.local_start)) if session else None
    mine = seen.mine(shared=False) if name == "unshared" else seen.mine()
    return (mine[1].pk, moment(mine[0].local_start)) if mine else None
