"""Photos as proof of a meeting: what is kept is drawn anew by photo_drawing.py, in the limited child."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members import storage
from members.models import Membership
from members.sandbox.process import Limits, run
from schedule.access import may_remove_photo
from schedule.meetings.attendance import open_record
from schedule.models import Photo, Session
from schedule.refusal import NotPossible

MIB = 1024 * 1024
MOST_BYTES = 30 * MIB
LIMITS = Limits(memory=640 * MIB, seconds=10.0, cpu=8, output=8 * MIB)
A_SESSION = 12  # photos
TOO_MUCH = gettext_lazy("This photo has too many pixels. Send a smaller copy.")
BROKEN = gettext_lazy("This photo is broken. Take it again, or send another copy.")
REFUSED = {
    "not_a_photo": gettext_lazy("This is not a photo we can read. Send JPEG, PNG, WebP or HEIC."),
    "too_many_pixels": TOO_MUCH,
    "memory": TOO_MUCH,
    "timeout": TOO_MUCH,
    "busy": gettext_lazy("The server is busy with other files. Send this one again in a moment."),
}


def add(session: Session, file, *, by: Membership, now: datetime) -> Photo:
    """Keep a photo of this session. Everybody in the group may add one."""
    if not file or not file.size:
        raise NotPossible(_("This photo is empty. Choose it again."))
    if file.size > MOST_BYTES:
        raise NotPossible(_("This photo is larger than 30 MB. Send a smaller copy."))
    drawn = run("schedule.meetings.photo_drawing:draw", file, LIMITS, asker=by.member_id)
    if reason := drawn.get("error"):
        raise NotPossible(REFUSED.get(reason, BROKEN))
    taken = _taken(drawn["taken"], session.zone)
    taken = taken if taken and _believable(taken, session, now) else now
    with transaction.atomic():
        storage.reserve(len(drawn["data"]), group=session.term.group, by=by, refusal=NotPossible)
        open_record(session, now)
        if session.photos.count() >= A_SESSION:
            raise NotPossible(_("A session keeps 12 photos. Take one away first."))
        photo = Photo(session=session, width=drawn["width"], height=drawn["height"], taken_at=taken, added_by=by)
        photo.size = len(drawn["data"])
        photo.file.save("photo.jpg", ContentFile(drawn["data"]), save=False)
        photo.save()
    return photo


def remove(photo: Photo, *, by: Membership, now: datetime) -> None:
    """Who added it, or an organizer, takes a photo away."""
    if not may_remove_photo(by, photo):
        raise NotPossible(_("Only who added this photo or an organizer can take it away."))
    with transaction.atomic():
        open_record(photo.session, now)
        photo.delete()
        transaction.on_commit(lambda: photo.file.delete(save=False))


def _taken(said: str, zone: ZoneInfo) -> datetime | None:
    """When the camera says it was; its clock is the session's where it names no offset."""
    taken = datetime.fromisoformat(said) if said else None
    return taken.replace(tzinfo=zone) if taken and not taken.tzinfo else taken


def _believable(taken, session, now) -> bool:
    """Around the session, and not in the future: cameras' clocks go wrong."""
    return abs(taken - session.starts_at) < timedelta(days=7) and taken <= now + timedelta(minutes=5)
