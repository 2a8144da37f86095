"""What each kind of letter says: one short function per kind, in the language that is active.

A letter says what is the case now, what to do about it (one button, which only opens a page), and why one gets it.
"""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.mail import absolute
from members.templatetags.words import clock, moment, zone_name
from schedule.letter_facts import Facts
from schedule.models import Letter
from schedule.timeline import is_shared
from schedule.turns import days_in_words

# how the papers of the session are shown: with cover and abstract, with cover, by title
ABSTRACTS, COVERS, TITLES = "abstracts", "covers", "titles"


@dataclass(frozen=True)
class Words:
    subject: str
    heading: str
    body: list[str]
    why: str
    button: str = ""
    link: str = ""
    papers: str = ""  # how, or not at all
    papers_title: str = ""
    lines: list[str] = field(default_factory=list)


# ── to the presenter, and who may help ───────────────────────────────────────────────────────────
def choose(r: Facts) -> Words:
    """Some days before the day to share, to whoever has chosen nothing yet."""
    values = {"date": r.meets, "name": r.letter.about, "day": r.share_day}
    return Words(
        subject=_("%(date)s, %(name)s: which paper will you present?") % values,
        heading=_("%(name)s, which paper will you present?") % values,
        body=[
            _("You present on %(when)s.") % {"when": r.when_and_where},
            _("Look around in good time: the paper itself is shared by %(day)s. The wish-list of the group has ideas.")
            % values,
        ],
        button=_("Choose a paper"),
        link=r.share_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        why=_("You get this because you present on %(date)s and no paper is chosen yet.") % values,
    )


def share(r: Facts) -> Words:
    """Before the day to share, on it, and after it: one letter, in the words of the day on which it goes out."""
    subject, heading, ask = {
        1: (
            _("%(date)s, %(name)s: please share your paper tomorrow"),
            _("%(name)s, tomorrow is the day to share your paper"),
            _("Please share it by tomorrow, %(day)s."),
        ),
        0: (
            _("%(date)s, %(name)s: please share your paper today"),
            _("%(name)s, today is the day to share your paper"),
            _("Please share it today, %(day)s."),
        ),
    }.get(r.days_to_share) or (_missing(r) if r.days_to_share < 0 else _some_day(r))
    values = {"date": r.meets, "name": r.letter.about, "day": r.share_day, "days": days_in_words(r.days_to_session)}
    because = _("You get this because you present on %(date)s. Had you shared a paper already, it would not have come.")
    return Words(
        subject=subject % values,
        heading=heading % values,
        body=[
            _("You present on %(when)s.") % {"when": r.when_and_where},
            ask % values + " " + _("A PDF file is enough, or a paper from the library."),
        ],
        button=_("Share a paper"),
        link=r.share_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        why=f"{because} {_('If you cannot make it this time, tell an organizer: turns can be changed.')}" % values,
    )


def _some_day(r):
    return (
        _("%(date)s, %(name)s: please share your paper by %(day)s"),
        _("%(name)s, please share your paper by %(day)s"),
        _("There is time until %(day)s; the earlier it is there, the more the others can read."),
    )


def _missing(r):
    left = _("Shared today, the others still have %(days)s to read it.") if r.days_to_session > 0 else ""
    return (
        _("%(date)s, %(name)s: your paper is still missing"),
        _("%(name)s, your paper is not there yet"),
        f"{_('The day to share it was %(day)s.')} {left}".strip(),
    )


def stuck(r: Facts) -> Words:
    values = {"date": r.meets, "name": r.letter.about, "day": r.share_day}
    return Words(
        subject=_("%(date)s, %(name)s: a presenter may need help") % values,
        heading=_("The paper of %(name)s is not there yet") % values,
        body=[
            _("The session is on %(when)s. Its papers are shared by %(day)s.")
            % {"when": r.when_and_where, "day": r.share_day},
            _(
                "Reminders have gone out. Ask how it goes; you can share a paper for this turn, or give it to somebody else."
            ),
        ],
        button=_("Open the session"),
        link=r.session_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        why=_("You get this because you organize the group."),
    )


# ── to everybody ─────────────────────────────────────────────────────────────────────────────────
def papers_shared(r: Facts) -> Words:
    count = sum(is_shared(turn) for turn in r.turns)
    values = {"date": r.meets, "n": count}
    heading = ngettext("%(n)s paper to read for %(date)s", "%(n)s papers to read for %(date)s", count) % values
    return Words(
        subject=f"{heading}: {r.titles()}",
        heading=heading,
        body=[_("We meet on %(when)s.") % {"when": r.when_and_where}],
        button=_("Open the session"),
        link=r.session_link,
        papers=ABSTRACTS,
        why=_("You get this because you read along in this group."),
    )


def late_paper(r: Facts) -> Words:
    """After the others were sent round: this one by itself."""
    paper = r.turn.paper if r.turn and is_shared(r.turn) else _("A paper follows")
    values = {"date": r.meets, "name": r.letter.about, "title": paper}
    return Words(
        subject=_("One more paper to read for %(date)s, by %(name)s: %(title)s") % values,
        heading=_("One more paper to read for %(date)s") % values,
        body=[_("We meet on %(when)s. %(name)s presents it.") % {"when": r.when_and_where, "name": r.letter.about}],
        button=_("Open the session"),
        link=r.session_link,
        papers=ABSTRACTS,
        why=_("You get this because you read along in this group."),
    )


def session_tomorrow(r: Facts) -> Words:
    """Sent late, it says today, or the date."""
    values = {"date": r.meets, "clock": clock(r.session.local_start)}
    subject, heading = {
        0: (_("Today %(clock)s, %(date)s"), _("We meet today, %(clock)s")),
        1: (_("Tomorrow %(clock)s, %(date)s"), _("We meet tomorrow, %(clock)s")),
    }.get(r.days_to_session, ("%(date)s, %(clock)s", _("We meet on %(date)s, %(clock)s")))
    return Words(
        subject=f"{subject % values}: {r.titles()}",
        heading=heading % values,
        body=[r.when_and_where],
        button=_("Open the session"),
        link=r.session_link,
        papers=COVERS,
        papers_title=_("What is presented"),
        why=_("You get this because you are in this group."),
    )


# ── what changed ─────────────────────────────────────────────────────────────────────────────────
def moved(r: Facts) -> Words:
    old = datetime.fromisoformat(r.letter.was).astimezone(r.session.zone)
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


def place(r: Facts) -> Words:
    values = {"date": r.meets, "old": r.letter.was, "new": r.session.place or _("a place still to be found")}
    body = [_("We meet on %(when)s.") % {"when": r.when_and_where}]
    if r.letter.was:
        body.append(_("The place was: %(old)s") % values)
    return _news(r, _("%(date)s, new place: %(new)s") % values, _("New place: %(new)s") % values, body)


def cancelled(r: Facts) -> Words:
    title = _("The session of %(date)s is cancelled") % {"date": r.meets}
    body = [_("We do not meet on %(when)s.") % {"when": r.when}]
    if r.mine:
        body.append(_("Your turn stays noted with this session. The organizers will tell you what becomes of it."))
    return _news(r, title, title, body, papers="")


def restored(r: Facts) -> Words:
    values = {"date": r.meets, "when": r.when_and_where}
    title = _("The session of %(date)s takes place after all") % values
    return _news(r, title, title, [_("We meet on %(when)s.") % values, _my_turn(r)])


def _my_turn(r):
    if r.mine is None:
        return ""
    if is_shared(r.mine):
        return _("You present “%(title)s” there.") % {"title": r.mine.paper}
    return _("You present there. Please share your paper by %(day)s.") % {"day": r.share_day}


def _news(r, subject, heading, body, papers=TITLES):
    return Words(
        subject=subject,
        heading=heading,
        body=[line for line in body if line],
        button=_("Open the session"),
        link=r.session_link,
        papers=papers,
        papers_title=_("Presented there"),
        why=_("You get this because you are in this group."),
    )


def assigned(r: Facts) -> Words:
    values = {"date": r.meets, "name": r.letter.recipient, "day": r.share_day}
    return Words(
        subject=_("%(date)s, %(name)s: you present") % values,
        heading=_("%(name)s, you present on %(date)s") % values,
        body=[
            _("We meet on %(when)s.") % {"when": r.when_and_where},
            _("Please choose a paper and share it by %(day)s, so that the others have time to read.") % values,
        ],
        button=_("Share a paper"),
        link=r.share_link,
        papers=TITLES,
        papers_title=_("Presented on the same day"),
        why=_(
            "You get this because the turns of this session changed. If the day does not suit you, tell an organizer."
        ),
    )


def relieved(r: Facts) -> Words:
    values = {"date": r.meets, "name": r.letter.recipient, "when": r.when_and_where}
    return Words(
        subject=_("%(date)s, %(name)s: you no longer present") % values,
        heading=_("%(name)s, you no longer present on %(date)s") % values,
        body=[_("The session itself takes place: %(when)s. You are welcome as ever.") % values],
        button=_("Open the session"),
        link=r.session_link,
        papers=TITLES,
        papers_title=_("Presented there"),
        why=_("You get this because the turns of this session changed."),
    )


def published(r: Facts) -> Words:
    term = r.session.term
    lines, mine = [], []
    for session in r.coming:
        presenters = [turn.presenter for turn in session.presentations.all()]
        said = moment(session.local_start, r.year)
        mine += [r.day(session.local_start)] if r.letter.recipient in presenters else []
        lines.append(": ".join(filter(None, [said, ", ".join(map(str, presenters))])))
    turns = _("You present on: %(days)s") % {"days": ", ".join(mine)} if mine else _("You have no turn this term.")
    return Words(
        subject=_("%(term)s: dates and turns") % {"term": term},
        heading=_("%(term)s: when we meet, and who presents") % {"term": term},
        body=[turns, _("All times are those of %(zone)s.") % {"zone": zone_name(r.session.local_start)}],
        lines=lines,
        button=_("See the schedule"),
        link=absolute(term.get_absolute_url()),
        why=_("You get this because you are in this group."),
    )


WORDS = {
    Letter.CHOOSE: choose,
    Letter.SHARE_SOON: share,
    Letter.SHARE_TODAY: share,
    Letter.OVERDUE: share,
    Letter.STUCK: stuck,
    Letter.PAPERS: papers_shared,
    Letter.LATE: late_paper,
    Letter.TOMORROW: session_tomorrow,
    Letter.MOVED: moved,
    Letter.PLACE: place,
    Letter.CANCELLED: cancelled,
    Letter.RESTORED: restored,
    Letter.ASSIGNED: assigned,
    Letter.RELIEVED: relieved,
    Letter.PUBLISHED: published,
}
