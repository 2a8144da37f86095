"""What is remembered beside the schedule itself: changes that can be undone, when letters go out.

Rows of the schedule are named by strings here, so that schedule.models can stand on this module.
"""

from datetime import datetime, time, timedelta
from json import JSONEncoder
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from members.models import Membership


class Exactly(JSONEncoder):
    """Dates and times to the last microsecond: what is put back is what was."""

    def default(self, o):
        if isinstance(o, datetime | time) or hasattr(o, "isoformat"):
            return o.isoformat()
        return str(o) if isinstance(o, UUID) else super().default(o)


class Absence(models.Model):
    """Days on which a member is away, both ends included. Everybody is free by default."""

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="absences")
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=100, blank=True)

    class Meta:
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day__gte=models.F("first_day")), name="absence_ends_after_it_begins"
            ),
        ]


class Change(models.Model):
    """One change to a term's sessions and turns: what was before and after it, so that it can be taken back."""

    FOR = timedelta(hours=24)

    PRESENTERS, SWAP, GIVE = "presenters", "swap", "give"
    MOVE, PLACE, CANCEL, RESTORE, PLAN, REPLAN = "move", "place", "cancel", "restore", "plan", "replan"
    PUBLISH, CLOSE, REOPEN = "publish", "close", "reopen"
    FINAL = {CLOSE, REOPEN}  # each is taken back by the other, which leaves its own trace
    # who presents is settled once the session begins; its place, its hour and whether it is held, once it is over
    SETTLED_AT_START = {SWAP, GIVE, PLAN, REPLAN}
    KINDS = {
        PRESENTERS: _("The presenters were changed"),
        SWAP: _("Two people exchanged their turns"),
        GIVE: _("A turn was passed on"),
        MOVE: _("A session was moved"),
        PLACE: _("The place was changed"),
        CANCEL: _("A session was cancelled"),
        RESTORE: _("A session was brought back"),
        PLAN: _("The term was planned"),
        PUBLISH: _("The term was published"),
        REPLAN: _("The rest of the term was planned again"),
        CLOSE: _("A session was closed"),
        REOPEN: _("The record of a session was opened again"),
    }

    term = models.ForeignKey("schedule.Term", models.CASCADE, related_name="changes")
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    at = models.DateTimeField()
    # {"presentation": {"7": [{"session_id": 3}, {"session_id": 4}]}}: per row the fields that changed, as they were and
    # as they became; null before a row that is new, null after one that is gone
    rows = models.JSONField(default=dict, encoder=Exactly)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["term", "at"], name="change_history")]

    def __str__(self):
        return str(self.KINDS.get(self.kind, self.kind))

    @property
    def made(self) -> bool:
        """False when the verb found everything as it should be, so that nothing was written down."""
        return self.pk is not None

    @property
    def until(self) -> datetime:
        """From then on it is history."""
        return self.at + self.FOR


class Timetable(models.Model):
    """When letters go out, where it is not as schedule.mail.timetable has it: a group's own, or one term's in its place."""

    group = models.OneToOneField("members.Group", models.CASCADE, null=True, related_name="timetable")
    term = models.OneToOneField("schedule.Term", models.CASCADE, null=True, related_name="timetable")
    # {"session_tomorrow": {"on": true, "days": 1, "at": "10:00"}}; a kind that is missing is as the house has it
    rules = models.JSONField(default=dict)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(group__isnull=True, term__isnull=False) | Q(group__isnull=False, term__isnull=True),
                name="a_timetable_is_of_a_group_or_of_a_term",
            ),
            models.CheckConstraint(
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(group__isnull=False, quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_have_two_ends_and_a_group",
            ),
        ]

    def __str__(self):
        return str(self.group or self.term)


class Mark(models.Model):
    """Somebody came, was late, excused or absent. Marks are only added: the newest counts, the others are history."""

    PRESENT, LATE, EXCUSED, ABSENT = "present", "late", "excused", "absent"
    STATES = [(PRESENT, _("present")), (LATE, _("late")), (EXCUSED, _("excused")), (ABSENT, _("absent"))]

    session = models.ForeignKey("schedule.Session", models.CASCADE, related_name="marks")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="marks")
    state = models.CharField(max_length=10, choices=STATES)
    at = models.DateTimeField()
    by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    by_code = models.BooleanField(default=False)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["session", "membership"], name="attendance")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["present", "late", "excused", "absent"]), name="mark_state_is_known"
            ),
        ]

    def __str__(self):
        return f"{self.membership}: {self.state}"


def photo_name(instance, filename):
    """Stored under a name of our own."""
    return f"{instance.session.term.group_id}/photos/{uuid4()}.jpg"


class Photo(models.Model):
    """Proof that a session met: drawn anew by us, without the place and the camera that the file told of."""

    session = models.ForeignKey("schedule.Session", models.CASCADE, related_name="photos")
    file = models.FileField(upload_to=photo_name)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    taken_at = models.DateTimeField()
    added_by = models.ForeignKey(Membership, models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["taken_at", "pk"]

    def __str__(self):
        return f"{self.session}: {self.taken_at}"


class SwapQuerySet(models.QuerySet):
    def with_world(self):
        """Each with its people, its sessions and their turns: whether it still stands needs no more queries."""
        people = self.select_related("giver__member", "taker__member", "by__member", "change")
        sessions = people.select_related("session__term__group", "wanted__term")
        return sessions.prefetch_related("session__presentations", "wanted__presentations")

    def open(self):
        return self.filter(state=Swap.OPEN)


class Swap(models.Model):
    """A turn is offered: to one person, in exchange for a turn of theirs or as a gift, or to whoever takes it first.

    Session and giver name the turn. Without `wanted` nothing is asked in return. Asked of the group it has no taker until
    somebody says yes.
    """

    OPEN, ACCEPTED, DECLINED = "open", "accepted", "declined"
    WITHDRAWN, EXPIRED, UNDONE = "withdrawn", "expired", "undone"
    STATES = [
        (OPEN, _("open")),
        (ACCEPTED, _("accepted")),
        (DECLINED, _("declined")),
        (WITHDRAWN, _("withdrawn")),
        (EXPIRED, _("expired")),
        (UNDONE, _("undone")),
    ]

    session = models.ForeignKey("schedule.Session", models.CASCADE, related_name="swaps")
    giver = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    wanted = models.ForeignKey("schedule.Session", models.CASCADE, null=True, related_name="+")
    taker = models.ForeignKey(Membership, models.CASCADE, null=True, related_name="+")
    # the starts of both sessions as they were when it was asked: who moves a session ends what was asked about it
    starts_at = models.DateTimeField()
    wanted_at = models.DateTimeField(null=True)
    to_group = models.BooleanField(default=False)
    message = models.CharField(_("message"), max_length=300, blank=True)
    by = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, choices=STATES, default=OPEN)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    change = models.OneToOneField(Change, models.SET_NULL, null=True, related_name="swap")

    objects = SwapQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "giver"], condition=Q(state="open"), name="one_open_swap_per_turn"
            ),
            models.CheckConstraint(
                condition=Q(wanted=None) | Q(taker__isnull=False), name="a_turn_in_return_is_asked_of_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "declined", "withdrawn", "expired", "undone"]),
                name="swap_state_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.giver} → {self.taker or '…'}"

    def moot(self, now: datetime) -> str:
        """Why nobody can say yes any more, as a code; "" while the turns are as they were when it was asked."""
        sessions = [session for session in (self.session, self.wanted) if session]
        if not all(person.is_here and person.member.is_active for person in (self.giver, self.taker) if person):
            return "gone"
        if any(session.starts_at <= now for session in sessions):
            return "begun"
        if any(session.state != session.PLANNED for session in sessions):
            return "cancelled"
        if [session.starts_at for session in sessions] != [at for at in (self.starts_at, self.wanted_at) if at]:
            return "moved"
        return "" if self.seats(self.giver_id, self.taker_id) else "changed"

    def seats(self, here: int | None, there: int | None) -> bool:
        """Is it so that `here` presents in the session and not in the wanted one, and `there` the other way round?"""
        first, second = _presenters(self.session), _presenters(self.wanted)
        if here not in first or there in first:
            return False
        return self.wanted is None or (there in second and here not in second)


def _presenters(session) -> set[int]:
    return {turn.presenter_id for turn in session.presentations.all()} if session else set()


class CalendarLink(models.Model):
    """A member's addresses for calendar programs. They are derived from `salt`: a new salt closes the old ones."""

    ALL_DAY, TIMED, NONE = "day", "time", "none"
    DEADLINES = [
        (ALL_DAY, _("as a whole day")),
        (TIMED, _("as the last hour of the day")),
        (NONE, _("not at all")),
    ]
    ALARMS = [(0, _("none")), (60, _("an hour before")), (24 * 60, _("a day before"))]

    membership = models.OneToOneField(Membership, models.CASCADE, related_name="calendar_link")
    salt = models.CharField(max_length=32, editable=False)
    deadlines = models.CharField(_("days to share"), max_length=4, choices=DEADLINES, default=ALL_DAY)
    alarm = models.PositiveSmallIntegerField(_("reminder"), choices=ALARMS, default=0)
    invites = models.BooleanField(_("send me each session as an invitation by mail, too"), default=False)

    def __str__(self):
        return str(self.membership)


class Pulse(models.Model):
    """When something that must happen every minute was last seen to happen: see schedule.pulse."""

    name = models.CharField(max_length=10, unique=True)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.name}: {self.at}"
