"""The tasks of papers; each may run twice or never, the rows say what is left to do."""

from functools import partial

from celery import shared_task
from django.utils.timezone import now

from members import failures
from members.enqueue import enqueue
from papers import library, processing
from papers.intake import share_target
from papers.lookup import queue, requests


@shared_task(name="papers.tasks.read_next")
def read_next():
    """Read one paper, the one whose turn it is; the next one is another message's, so that other work comes between."""
    if processing.read_next():
        enqueue("papers.tasks.read_next")
    if requests.is_on() and requests.due(now()).exists():
        enqueue("papers.tasks.look_up")


@shared_task(name="papers.tasks.read_new_papers")
def read_new_papers():
    """Understand messages that an earlier version left in the queue."""
    read_next()


@shared_task(name="papers.tasks.read_paper")
def read_paper(pk):
    """Understand messages that an earlier version left in the queue."""
    read_next()


@shared_task(name="papers.tasks.look_up")
def look_up():
    for _paper in queue.look_up_due():
        enqueue("papers.tasks.read_next")


@shared_task(name="papers.tasks.tidy")
def tidy():
    at = now()
    for name, work in (
        (library.TRASH, library.purge),
        (library.FILES, library.sweep),
        (share_target.SHARES, share_target.sweep),
    ):
        failures.attempt(name, partial(work, at), at)
