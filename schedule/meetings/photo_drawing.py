"""A photo as people see it: drawn anew, upright, without the place and the camera that a file tells of. Plain Python.

It runs in the limited child (members.sandbox), so that all that Pillow needs is loaded with this module.
"""

import re
from datetime import datetime
from io import BytesIO

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError
from pillow_heif import register_heif_opener

from members.sandbox import Unreadable
from schedule.pictures import as_jpeg, shrink

Image.init()
register_heif_opener()

FORMATS = ["JPEG", "PNG", "WEBP", "HEIF"]
SIDE = 2000  # pixels: sharp on a projector
MOST_PIXELS = 50_000_000  # what is decoded whole takes 200 MB; a JPEG is drawn smaller while it is read
MOST_PIXELS_JPEG = 200_000_000
TAKEN = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)")
BROKEN = (OSError, ValueError, SyntaxError, EOFError)


def draw(data: bytes) -> dict:
    """Return the photo as a JPEG of at most SIDE pixels, its size, and when it was taken: ISO 8601, "" if it does not say.

    Raises Unreadable: "not_a_photo", "too_many_pixels", "broken".
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            most = MOST_PIXELS_JPEG if image.format == "JPEG" else MOST_PIXELS
            if image.width * image.height > most:
                raise Unreadable("too_many_pixels")
            taken = _taken(image)
            shrink(image, SIDE, SIDE)
            return as_jpeg(_on_white(ImageOps.exif_transpose(image))) | {"taken": taken}
    except UnidentifiedImageError as error:
        raise Unreadable("not_a_photo") from error
    except Image.DecompressionBombError as error:
        raise Unreadable("too_many_pixels") from error
    except BROKEN as error:
        raise Unreadable("broken") from error


def _on_white(image: Image.Image) -> Image.Image:
    """See-through parts become white: JPEG knows none."""
    if image.mode not in {"RGBA", "LA", "P", "PA"}:
        return image.convert("RGB")
    seen = image.convert("RGBA")
    page = Image.new("RGB", seen.size, "white")
    page.paste(seen, mask=seen.getchannel("A"))
    return page


def _taken(image: Image.Image) -> str:
    """When the camera says it was taken, with the offset of its clock where it names one."""
    exif = image.getexif().get_ifd(ExifTags.IFD.Exif)
    said = TAKEN.fullmatch(str(exif.get(ExifTags.Base.DateTimeOriginal, "")).strip("\0 "))
    offset = str(exif.get(ExifTags.Base.OffsetTimeOriginal, "")).strip("\0 ")
    if said is None:
        return ""
    year, month, day, clock = said.groups()
    for text in (f"{year}-{month}-{day}T{clock}{offset}", f"{year}-{month}-{day}T{clock}"):
        try:
            return datetime.fromisoformat(text).isoformat()
        except ValueError:
            continue
    return ""
