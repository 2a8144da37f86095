"""A paper's first page as mail programs can show it: JPEG, because many do not know WebP."""

import logging
from email.mime.image import MIMEImage
from functools import lru_cache

from members import mail
from members.sandbox.process import Limits, run
from papers.models import PaperFile

WIDTH, HEIGHT = 96, 127  # as shown; drawn at twice that for sharp screens

log = logging.getLogger(__name__)


def inline_image(file: PaperFile) -> MIMEImage | None:
    """The picture as a part of a mail, named by its Content-ID; None when it cannot be read: the notification goes without it.

    One notification after the other carries the same page: it is drawn and encoded once. Stored names are never used for
    another picture.
    """
    try:
        return _part(file.cover.storage, file.cover.name, mail.message_id("page", file.pk))
    except (OSError, ValueError) as error:
        log.warning("The cover %s is left out of a notification: %s", file.cover.name, error)
        return None


@lru_cache(maxsize=64)
def _part(storage, name, content_id):
    image = MIMEImage(_jpeg(storage, name), "jpeg")
    image["Content-ID"] = content_id
    image["Content-Disposition"] = "inline"
    return image


def _jpeg(storage, name):
    with storage.open(name) as stored:
        drawn = run("schedule.pictures:smaller", stored, Limits(), width=WIDTH * 2, height=HEIGHT * 2)
    if reason := drawn.get("error"):
        raise ValueError(reason)
    return drawn["data"]
