"""When each reminder goes out: by DEFAULT_RULES, unless a group says otherwise, or a term for itself.

Days are counted from the day to share a paper, or from the session; times are on the session's own clock. In a group's
quiet hours nothing is handed over, except about a session that begins before people could read of it afterwards.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q

from members import failures
from members.models import Group
from members.time_zones import zone_of
from schedule.models import Notification, Session, Term, Timetable

DAY = timedelta(days=1)
QUIET = "quiet hours"
TIME_TO_READ = timedelta(hours=2)  # before a session, after a quiet night


@dataclass(frozen=True)
class Rule:
    """`days`: before the day to share (CHOOSE, SHARE_SOON), after it (OVERDUE_ORGANIZER), in a row after it (OVERDUE), before the
    session (TOMORROW); of no meaning for the others, which are due on the day to share."""

    on: bool
    days: int
    at: time


DEFAULT_RULES = {
    Notification.CHOOSE: Rule(True, 7, time(9)),
    Notification.SHARE_SOON: Rule(True, 1, time(9)),
    Notification.SHARE_TODAY: Rule(True, 0, time(9)),
    Notification.OVERDUE: Rule(True, 3, time(9)),
    Notification.OVERDUE_ORGANIZER: Rule(True, 2, time(9)),
    Notification.PAPERS: Rule(True, 0, time(20)),
    Notification.TOMORROW: Rule(True, 1, time(10)),
}
# how many days a rule may have: a notification keeps its meaning
DAYS = {
    Notification.CHOOSE: (2, 30),
    Notification.SHARE_SOON: (1, 6),
    Notification.OVERDUE: (1, 7),
    Notification.OVERDUE_ORGANIZER: (1, 14),
    Notification.TOMORROW: (0, 6),
}


@dataclass(frozen=True)
class Quiet:
    """From `start` to `end` on the clock of `zone`, over midnight if `end` is the smaller."""

    start: time
    end: time
    zone: ZoneInfo

    def after(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours that it lies in."""
        here = moment.astimezone(self.zone)
        over_midnight = self.end <= self.start
        late, early = here.time() >= self.start, here.time() < self.end
        if not ((late or early) if over_midnight else (late and early)):
            return moment
        day = here.date() + DAY if over_midnight and late else here.date()
        return datetime.combine(day, self.end, self.zone).astimezone(moment.tzinfo)


@dataclass(frozen=True)
class Rules:
    kinds: dict[str, Rule]
    quiet: Quiet | None = None

    def __getitem__(self, kind: str) -> Rule:
        return self.kinds[kind]

    def after_quiet(self, moment: datetime) -> datetime:
        return self.quiet.after(moment) if self.quiet else moment


def rules_of(term: Term) -> Rules:
    """What holds for the sessions of a term. No query where the term came with its timetables."""
    own, group = _timetable(term), _timetable(term.group)
    kinds = _read(own or group)
    return Rules(kinds, _quiet(group, term.group))


def group_rules(group: Group) -> Rules:
    own = _timetable(group)
    return Rules(_read(own), _quiet(own, group))


def waits_until(session: Session, now: datetime) -> datetime | None:
    """The end of the quiet hours that a notification about this session waits for now; None when it need not wait."""
    group = session.term.group
    wakes = _wakes(_timetable(group), group, now)
    return wakes if now < wakes <= session.starts_at - TIME_TO_READ else None


def asleep(now: datetime) -> Q:
    """Notifications that wait for the end of a group's quiet hours, as a condition. One query.

    Quiet hours that cannot be read keep no notification back: it may be the last minute for it.
    """
    waits = Q(pk__in=[])
    quiet = Timetable.objects.exclude(quiet_from=None).select_related("group")
    read = failures.rows(QUIET, quiet, now, group="group")
    ends = failures.each(QUIET, read, lambda own: _wakes(own, own.group, now), now, group=lambda own: own.group_id)
    for own, wakes in ends:
        if wakes > now:
            waits |= Q(session__term__group=own.group_id, session__starts_at__gte=wakes + TIME_TO_READ)
    return waits


def _timetable(owner) -> Timetable | None:
    try:
        return owner.timetable
    except ObjectDoesNotExist:
        return None


def _read(own) -> dict[str, Rule]:
    said = own.rules if own else {}
    return {
        kind: replace(rule, **(said[kind] | {"at": time.fromisoformat(said[kind]["at"])})) if kind in said else rule
        for kind, rule in DEFAULT_RULES.items()
    }


def check_rules(said: dict) -> None:
    """Raise ValueError unless `said` is what a timetable may hold: known kinds, days within DAYS, times of day."""
    for kind, rule in said.items():
        if kind not in DEFAULT_RULES or not isinstance(rule, dict) or rule.keys() != {"on", "days", "at"}:
            raise ValueError(f"{kind!r:.40} is no rule")
        low, high = DAYS.get(kind, (DEFAULT_RULES[kind].days, DEFAULT_RULES[kind].days))
        if type(rule["on"]) is not bool or type(rule["days"]) is not int or not low <= rule["days"] <= high:
            raise ValueError(f"the rule {kind} cannot be kept")
        time.fromisoformat(rule["at"])


def _quiet(own, group: Group | None) -> Quiet | None:
    return Quiet(own.quiet_from, own.quiet_until, zone_of(group)) if own and own.quiet_from else None


def _wakes(own, group: Group, now: datetime) -> datetime:
    """The moment itself, or the end of the quiet hours that it lies in."""
    quiet = _quiet(own, group)
    return quiet.after(now) if quiet else now


def has_its_own(term: Term) -> bool:
    return _timetable(term) is not None
