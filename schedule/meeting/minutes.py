"""Minutes: what was said in a session, and about each of its papers, in Markdown. Closing the session locks them."""

import hashlib
import re

import nh3
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from schedule.models import Presentation, Session
from schedule.refusal import ChangedMeanwhile, NotPossible

TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "hr",
    "a",
    "h3",
    "h4",
    "h5",
    "h6",
}
TAGS |= {"table", "thead", "tbody", "tr", "th", "td"}
LONGEST = 20_000  # characters
# pages have two levels of headings of their own above these
reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")


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


def plain_lines(text: str) -> list[str]:
    """The lines of Markdown without its signs, for a mail or a slide."""
    lines = (line.strip() for line in text.splitlines())
    bare = (re.sub(r"^(?:#{1,6}|[-*+>]|\d+[.)])\s+", "", line) for line in lines)
    return [re.sub(r"\*\*|__|`|~~", "", line) for line in bare if line]


def html(text: str) -> SafeString:
    """Markdown as HTML: no pictures, no HTML of the writer's own, links that tell nothing about the reader."""
    drawn = reader.render(text)
    for level in (4, 3, 2, 1):
        drawn = drawn.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    clean = nh3.clean(drawn, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
    return mark_safe(clean)  # nh3 keeps only what is named here
