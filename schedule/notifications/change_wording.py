"""What notifications of change say: it moves, it is cancelled, you present; and the notification that opens a term."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from members.mail import absolute
from members.templatetags.formatting import moment, zone_name
from schedule.markup import plain_lines
from schedule.models import Notification
from schedule.notifications.context import TITLES, NotificationContext, Wording


def moved(r: NotificationContext) -> Wording:
    old = datetime.fromisoformat(r.notification.was).astimezone(r.session.zone)
    values = {
        "old": r.moment(old),
        "new": r.when_and_where,
        "date": r.day(old),
        "new_date": moment(r.session.local_start, r.year),
    }
    return _news(
        r,
        _("The session of %(date)s is now on %(new_date)s") % values,
        _("The session moved to %(new_date)s") % values,
        [_("We meet on %(new)s.") % values, _("It was planned for %(old)s.") % values, _my_turn(r)],
    )


def place(r: NotificationContext) -> Wording:
    values = {"date": r.meets, "old": r.notification.was, "new": r.session.place or _("a place still to be found")}
    body = [_("We meet on %(when)s.") % {"when": r.when_and_where}]
    if r.notification.was:
        body.append(_("The place was: %(old)s") % values)
    return _news(r, _("%(date)s, new place: %(new)s") % values, _("New place: %(new)s") % values, body)


def cancelled(r: NotificationContext) -> Wording:
    title = _("The session of %(date)s is cancelled") % {"date": r.meets}
    body = [_("We do not meet on %(when)s.") % {"when": r.when}]
    if r.mine:
        body.append(_("Your turn stays noted with this session. The organizers will tell you what becomes of it."))
    return _news(r, title, title, body, papers="")


def restored(r: NotificationContext) -> Wording:
    values = {"date": r.meets, "when": r.when_and_where}
    title = _("The session of %(date)s takes place after all") % values
    return _news(r, title, title, [_("We meet on %(when)s.") % values, _my_turn(r)])


def _my_turn(r):
    if r.mine is None:
        return ""
    if r.mine.is_shared:
        return _presented(r.mine)
    return f"{_('You present there.')} {r.please_share(r.session)}".strip()


def _presented(turn):
    return _("You present “%(title)s” there.") % {"title": turn.paper}


def _news(r, subject, heading, body, papers=TITLES):
    return Wording(
        subject=subject,
        heading=heading,
        body=[line for line in body if line],
        button=_("Open the session"),
        link=r.session_link,
        papers=papers,
        papers_title=_("Presented there"),
        why=_("You get this because you are in this group."),
    )


def assigned(r: NotificationContext) -> Wording:
    values = {"date": r.meets, "name": r.notification.recipient, "day": r.share_day}
    choose = _("Please choose a paper and share it by %(day)s, so that the others have time to read.") % values
    in_time = r.days_to_share >= 0 and r.session.starts_at > r.now
    ask = choose if in_time else r.please_share(r.session)
    shared = r.turn is not None and r.turn.is_shared
    if shared:
        ask = _presented(r.turn)
    return Wording(
        subject=_("%(date)s, %(name)s: you present") % values,
        heading=_("%(name)s, you present on %(date)s") % values,
        body=[line for line in [_("We meet on %(when)s.") % {"when": r.when_and_where}, ask] if line],
        button=_("Open the session") if shared else _("Share a paper"),
        link=r.session_link if shared else r.share_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        why=_(
            "You get this because the turns of this session changed. If the day does not suit you, tell an organizer."
        ),
    )


def relieved(r: NotificationContext) -> Wording:
    values = {"date": r.meets, "name": r.notification.recipient, "when": r.when_and_where}
    return Wording(
        subject=_("%(date)s, %(name)s: you no longer present") % values,
        heading=_("%(name)s, you no longer present on %(date)s") % values,
        body=[_("The session itself takes place: %(when)s. You are welcome as ever.") % values],
        button=_("Open the session"),
        link=r.session_link,
        papers=TITLES,
        papers_title=_("Presented there"),
        why=_("You get this because the turns of this session changed."),
    )


def published(r: NotificationContext) -> Wording:
    term = r.session.term
    lines, mine = [], []
    for session in r.coming:
        presenters = [turn.presenter for turn in session.given(r.now)]
        said = moment(session.local_start, r.year)
        mine += [r.day(session.local_start)] if r.notification.recipient in presenters else []
        lines.append(" · ".join(filter(None, [said, ", ".join(map(str, presenters))])))
    turns = _("You present on: %(days)s") % {"days": ", ".join(mine)} if mine else _("None of these turns is yours.")
    return Wording(
        subject=_("%(term)s: dates and turns") % {"term": term},
        heading=_("%(term)s: when we meet, and who presents") % {"term": term},
        body=[turns, _("All times are those of %(zone)s.") % {"zone": zone_name(r.session.local_start)}, *_invites(r)],
        lines=lines,
        button=_("See the schedule"),
        link=absolute(term.get_absolute_url()),
        other=_("All dates in my calendar"),
        other_link=absolute(reverse("schedule:calendars", args=[term.group.slug])),
        why=_("You get this because you are in this group."),
    )


def _invites(r):
    """A mail brings one event at most; so many at once no mail program takes."""
    link = getattr(r.notification.recipient, "calendar_link", None)
    if link is None or not link.invites:
        return []
    return [
        _("Invitations come one by one, each with the first notification about its session: so each can follow a move.")
    ]


def calendar_cancelled(r: NotificationContext) -> Wording:
    """To who is no longer in the group: pages of the group would not open for them."""
    values = {"date": r.meets, "group": r.session.term.group, "when": r.when}
    return Wording(
        subject=_("%(date)s: taken out of your calendar") % values,
        heading=_("The session of %(date)s leaves your calendar") % values,
        body=[
            _("You are no longer in %(group)s.") % values,
            _("Your invitation to the session on %(when)s is taken back, so that it does not stay in your calendar.")
            % values,
        ],
        button=_("Open my groups"),
        link=absolute(reverse("members:start")),
        why=_("You get this because this session stood in your calendar as an invitation."),
    )


def minutes(r: NotificationContext) -> Wording:
    """What was written down: the notes as they are, then the points about each paper."""
    lines = []
    for turn in r.turns:
        about = turn.short_title if turn.shown_paper else str(turn.presenter)
        lines += [f"{about} – {point}" for point in plain_lines(turn.minutes)]
    return Wording(
        subject=_("%(date)s: the minutes") % {"date": r.meets},
        heading=_("The minutes of %(date)s") % {"date": r.meets},
        body=plain_lines(r.session.notes) or [_("This was written down about the papers.")],
        lines=lines,
        button=_("Open the session"),
        link=r.session_link,
        why=_("You get this because you are in this group."),
    )


NEWS = {
    Notification.MINUTES: minutes,
    Notification.MOVED: moved,
    Notification.PLACE: place,
    Notification.CANCELLED: cancelled,
    Notification.RESTORED: restored,
    Notification.ASSIGNED: assigned,
    Notification.RELIEVED: relieved,
    Notification.PUBLISHED: published,
    Notification.CALENDAR_CANCELLED: calendar_cancelled,
}
