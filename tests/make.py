"""One plain function per model, every argument optional: a test names only what its story is about."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from io import BytesIO
from itertools import count

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.utils.timezone import now
from PIL import Image

from members.models import AddressChange, Group, Invitation, Member, Membership
from papers.models import Paper, PaperFile
from schedule.models import Notification, Presentation, Session, Term
from tests import PASSWORD

_number = count(1)


def group(name="CV Reading Study 1", slug=None, **fields):
    return Group.objects.create(name=name, slug=slug or f"group-{next(_number)}", **fields)


def person(name="Alice", email=None, language="en", **fields):
    """A member who can sign in with PASSWORD, in no group yet."""
    email = email or f"{name.lower() if name.isascii() else 'member'}{next(_number)}@example.org".replace(" ", ".")
    return Member.objects.create(email=email, name=name, language=language, password=_hashed_password(), **fields)


@cache
def _hashed_password():
    """Hashed as slowly as in the product, but once for everybody."""
    return make_password(PASSWORD)


def member(in_group=None, name="Alice", role=Membership.MEMBER, member=None, language="en", **fields):
    """A membership: `name` (or an existing person) in a group."""
    in_group = in_group or group()
    fields.setdefault("colour", in_group.memberships.count() % 7 + 1)
    return Membership.objects.create(
        group=in_group, member=member or person(name, language=language), role=role, **fields
    )


def organizer(in_group=None, name="Olivia", **fields):
    return member(in_group, name, role=Membership.ORGANIZER, **fields)


def address_change(of=None, old="before@example.org", **fields):
    of = of or person()
    return AddressChange.objects.create(member=of, old=old, new=of.email, **fields)


def invitation(by=None, **fields):
    by = by or organizer()
    fields.setdefault("expires_at", now() + timedelta(days=14))
    return Invitation.objects.create(group=by.group, invited_by=by, **fields)


def paper(in_group=None, title="Grad-CAM", by=None, state=Paper.READY, **fields):
    """A card without a file."""
    in_group = in_group or (by.group if by else group())
    fields.setdefault("step", Paper.DONE if state != Paper.NEW else Paper.WAITING)
    return Paper.objects.create(group=in_group, title=title, added_by=by, state=state, **fields)


def paper_file(of_paper=None, data=b"%PDF-1.7 not really", name="paper.pdf", **fields):
    of_paper = of_paper or paper()
    made = PaperFile(paper=of_paper, group=of_paper.group, name=name, size=len(data), **fields)
    made.sha256 = fields.get("sha256") or f"{next(_number):064x}"
    made.file.save(name, ContentFile(data), save=False)
    made.save()
    return made


def term(in_group=None, name="Spring", published=True, **fields):
    in_group = in_group or group()
    defaults = {
        "first_day": date(2026, 3, 3),
        "time": time(10),
        "timezone": "Asia/Seoul",
        "count": 8,
        "place": "A café near Sangdo",
        "published_at": now() if published else None,
    }
    return Term.objects.create(group=in_group, name=name, **defaults | fields)


def session(of_term=None, starts_at=None, number=None, **fields):
    """Two weeks from now unless told."""
    of_term = of_term or term()
    starts_at = starts_at or now() + timedelta(days=14)
    number = number or of_term.sessions.count() + 1
    fields.setdefault("ends_at", starts_at + timedelta(hours=2))
    fields.setdefault("place", of_term.place)
    return Session.objects.create(term=of_term, number=number, starts_at=starts_at, **fields)


def presentation(of_session=None, presenter=None, **fields):
    of_session = of_session or session()
    presenter = presenter or member(of_session.term.group)
    fields.setdefault("position", of_session.presentations.count() + 1)
    return Presentation.objects.create(session=of_session, presenter=presenter, **fields)


def notification(of_session=None, recipient=None, kind=Notification.TOMORROW, **fields):
    of_session = of_session or session()
    recipient = recipient or member(of_session.term.group)
    fields.setdefault("due_at", of_session.starts_at - timedelta(days=1))
    fields.setdefault("expires_at", of_session.starts_at)
    fields.setdefault("message_id", f"<{next(_number)}@example.org>")
    return Notification.objects.create(
        kind=kind, session=of_session, recipient=recipient, starts_at=of_session.starts_at, **fields
    )


def webp(width=600, height=776, colour="white") -> bytes:
    """A picture as covers are stored."""
    out = BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "WEBP")
    return out.getvalue()


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)
