"""What was changed in a term, so that it can be undone."""

from datetime import datetime, time, timedelta
from json import JSONEncoder
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from members.models import Membership


class ExactJSONEncoder(JSONEncoder):
    """Dates and times to the last microsecond: what is put back is what was."""

    def default(self, o):
        if isinstance(o, datetime | time) or hasattr(o, "isoformat"):
            return o.isoformat()
        return str(o) if isinstance(o, UUID) else super().default(o)


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
    rows = models.JSONField(default=dict, encoder=ExactJSONEncoder)
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
