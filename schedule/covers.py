"""A paper's first page as mail programs can show it: JPEG, because many do not know WebP."""

import logging
from functools import lru_cache
from io import BytesIO

from PIL import Image

from papers.models import PaperFile

WIDTH, HEIGHT = 96, 127  # as shown; drawn at twice that for sharp screens

log = logging.getLogger(__name__)


def cover_bytes(file: PaperFile) -> bytes | None:
    """None when it cannot be read: the letter goes without the picture."""
    try:
        return _jpeg(file.cover.storage, file.cover.name)
    except (OSError, ValueError) as error:
        log.warning("The cover %s is left out of a letter: %s", file.cover.name, error)
        return None


@lru_cache(maxsize=64)
def _jpeg(storage, name):
    """One letter after the other shows the same page: stored names are never used for another picture."""
    with storage.open(name) as stored, Image.open(stored) as image:
        page = image.convert("RGB")
        page.thumbnail((WIDTH * 2, HEIGHT * 2))
        out = BytesIO()
        page.save(out, "JPEG", quality=82)
    return out.getvalue()
