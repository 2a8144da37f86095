"""Reading a PDF that came in: one worker claims the row, looks inside in the sandbox, and writes down what it found.

The row says how far it is, so a page can show it. A worker that dies leaves a lease that runs out; after TRIES such deaths
the file is called unreadable. What a person typed is never overwritten.
"""

import logging
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from papers import search

try:
    from papers.extraction import UnreadablePdf, sandbox
except ImportError:
    pass
from papers.models import Paper, PaperFile
from papers.same import bare_arxiv_id, same_paper

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)  # longer than any reading may take
TRIES = 3
FREE = Q(leased_until=None) | Q(leased_until__lt=Now())


def waiting():
    """Papers nobody is reading, the oldest first; those whose reader died TRIES times are settled here."""
    unread = Paper.objects.unread().filter(FREE)
    unread.filter(tries__gte=TRIES).update(state=Paper.UNREADABLE, step=Paper.DONE, reason="crashed", leased_until=None)
    return list(unread.order_by("added_at", "pk"))


def read(paper: Paper) -> bool:
    """Read the newest PDF of `paper`; false when it is not waiting or somebody else reads it."""
    mine = Paper.objects.unread().filter(FREE, pk=paper.pk, tries__lt=TRIES)
    if not mine.update(leased_until=Now() + LEASE, tries=F("tries") + 1, step=Paper.FRONT):
        return False
    file = paper.files.order_by("-added_at", "-pk").first()
    try:
        if file is None:
            raise UnreadablePdf("missing")
        path = file.file.path
        front = sandbox.extract(path)
        Paper.objects.unread().filter(pk=paper.pk).update(step=Paper.PAGES)
        pages = sandbox.pages(path)
    except UnreadablePdf as error:
        _settle_unreadable(paper, error.reason)
    else:
        _settle(paper, file, front, pages)
    return True
