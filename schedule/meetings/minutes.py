"""Minutes: what was said in a session, and about each of its papers, in Markdown. Closing the session locks them."""

import hashlib

from django.db import transaction
from django.utils.translation import gettext as _

from schedule.markup import TAGS
from schedule.models import Presentation, Session
from schedule.refusal import ChangedMeanwhile, NotPossible

TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}


LONGEST = 20_000  # characters


def write(row: Session | Presentation, text: str, *, seen: str) -> bool:
    """Keep what was written down; `seen` is the fingerprint of the text on the writer's page.

    False when it says so already. Raises ChangedMeanwhile when somebody else wrote since, with the row as it is, and
    NotPossible for a text that is too long: cut short, its end would be lost.
    """
    field = field_of(row)
    if len(text) > LONGEST:
        words = _("Minutes have at most %(most)s characters, these have %(n)s. Shorten them, then save again.")
        raise NotPossible(words % {"most": LONGEST, "n": len(text)})
    with transaction.atomic():
        session = Session.objects.select_for_update().get(pk=getattr(row, "session_id", row.pk))
        row.refresh_from_db(fields=[field])
        before = getattr(row, field)
        if before == text:
            return False
        if session.closed_at:
            raise NotPossible(_("The record of this session is closed. An organizer can open it again."))
        if fingerprint(before) != seen:
            raise ChangedMeanwhile(row)
        type(row).objects.filter(pk=row.pk).update(**{field: text})
        setattr(row, field, text)
    return True


def as_typed(text: str) -> str:
    """Return what a form brought as it is kept: lines end alike, nothing empty at the end, no sign that PostgreSQL refuses."""
    return text.replace("\r\n", "\n").replace("\0", "").rstrip()


def field_of(row: Session | Presentation) -> str:
    """A session's minutes are its notes."""
    return "notes" if isinstance(row, Session) else "minutes"


def fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
