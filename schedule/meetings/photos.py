"""Photos as proof of a meeting: drawn anew, upright, without the place and the camera that a file tells of."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from members import storage
from members.models import Membership
from schedule.access import may_remove_photo
from schedule.meetings.attendance import open_record
from schedule.models import Photo, Session
from schedule.refusal import NotPossible

register_heif_opener()

FORMATS = ["JPEG", "PNG", "WEBP", "HEIF"]
SIDE = 2000  # pixels: sharp on a projector
MOST_BYTES = 30 * 1024 * 1024
MOST_PIXELS = 50_000_000  # what is decoded whole takes 150 MB; a JPEG is drawn smaller while it is read
MOST_PIXELS_JPEG = 200_000_000
A_SESSION = 12  # photos


@dataclass(frozen=True)
class Drawn:
    """A photo as it is kept: JPEG bytes, its size in pixels, and when it was taken if the file said so."""

    data: bytes
    width: int
    height: int
    taken: datetime | None


def add(session: Session, file, *, by: Membership, now: datetime) -> Photo:
    """Keep a photo of this session. Everybody in the group may add one."""
    if not file or not file.size:
        raise NotPossible(_("This photo is empty. Choose it again."))
    if file.size > MOST_BYTES:
        raise NotPossible(_("This photo is larger than 30 MB. Send a smaller copy."))
    drawn = draw(file, session.zone)
    taken = drawn.taken if drawn.taken and _believable(drawn.taken, session, now) else now
    with transaction.atomic():
        storage.reserve(len(drawn.data), group=session.term.group, by=by, refusal=NotPossible)
        open_record(session, now)
        if session.photos.count() >= A_SESSION:
            raise NotPossible(_("A session keeps 12 photos. Take one away first."))
        photo = Photo(session=session, width=drawn.width, height=drawn.height, taken_at=taken, added_by=by)
        photo.size = len(drawn.data)
        photo.file.save("photo.jpg", ContentFile(drawn.data), save=False)
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


def draw(file, zone: ZoneInfo) -> Drawn:
    """The picture of a file as people see it. NotPossible, in words, when it is none or too large."""
    try:
        with Image.open(file, formats=FORMATS) as image:
            most = MOST_PIXELS_JPEG if image.format == "JPEG" else MOST_PIXELS
            if image.width * image.height > most:
                raise NotPossible(_("This photo has too many pixels. Send a smaller copy."))
            taken = _taken(image, zone)
            image.draft("RGB", (SIDE, SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((SIDE, SIDE))
            return _kept(_on_white(upright), taken)
    except UnidentifiedImageError as error:
        raise NotPossible(_("This is not a photo we can read. Send JPEG, PNG, WebP or HEIC.")) from error
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError) as error:
        raise NotPossible(_("This photo is broken. Take it again, or send another copy.")) from error


def _on_white(image):
    """See-through parts become white: JPEG knows none."""
    if image.mode not in {"RGBA", "LA", "P", "PA"}:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    page = Image.new("RGB", seen.size, "white")
    page.paste(seen, mask=seen.getchannel("A"))
    return page


def _kept(image, taken) -> Drawn:
    """Only the pixels are written: nothing of the file's own notes goes along."""
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    out = BytesIO()
    clean.save(out, "JPEG", quality=85, optimize=True)
    return Drawn(out.getvalue(), clean.width, clean.height, taken)


def _taken(image, zone) -> datetime | None:
    """When the camera says it was taken; its clock is the session's where it names no offset."""
    exif = image.getexif().get_ifd(ExifTags.IFD.Exif)
    said = str(exif.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 ")
    offset = str(exif.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ").replace(":", "")
    for text, form in ((said + offset, "%Y:%m:%d %H:%M:%S%z"), (said, "%Y:%m:%d %H:%M:%S")):
        try:
            read = datetime.strptime(text, form)
        except ValueError:
            continue
        return read if read.tzinfo else read.replace(tzinfo=zone)
    return None


def _believable(taken, session, now) -> bool:
    """Around the session, and not in the future: cameras' clocks go wrong."""
    return abs(taken - session.starts_at) < timedelta(days=7) and taken <= now + timedelta(minutes=5)
