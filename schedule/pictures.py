"""Pictures that we keep, photos and covers, in another size. Plain Python, which runs in the limited child (members.sandbox)."""

from io import BytesIO

import PIL.WebPImagePlugin  # noqa: F401 (covers are read with it)
from PIL import Image

Image.preinit()
KEPT = ["JPEG", "WEBP"]


def smaller(data: bytes, width: int, height: int) -> dict:
    """Return a kept picture as a JPEG of at most this size, which every program shows."""
    with Image.open(BytesIO(data), formats=KEPT) as image:
        shrink(image, width, height)
        return as_jpeg(image.convert("RGB"))


def shrink(image: Image.Image, width: int, height: int) -> None:
    """Make it at most so large; a JPEG is read at about that size from the beginning."""
    image.draft("RGB", (width, height))
    image.thumbnail((width, height))


def as_jpeg(image: Image.Image) -> dict:
    """Return the bytes and the size of a picture: only its pixels, nothing of the file's own notes goes along."""
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    out = BytesIO()
    clean.save(out, "JPEG", quality=85, optimize=True)
    return {"data": out.getvalue(), "width": clean.width, "height": clean.height}
