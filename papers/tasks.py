"""Knocks on the door of reading; each may come twice or never, the rows know what is left to do."""

from functools import partial

from celery import shared_task
from django.utils.timezone import now

from members import failures
from members.knock import knock
from papers import asking, library, lookups, reading, sharing
from papers.models import Paper


@shared_task(name="papers.tasks.read_new_papers")
def read_new_papers():
    reading.read_waiting()
    _ask_about()


@shared_task(name="papers.tasks.read_paper")
def read_paper(pk):
    for paper in Paper.objects.filter(pk=pk):
        reading.read(paper)
    _ask_about()


def _ask_about():
    """Whatever reading has found to ask public catalogues about."""
    if lookups.is_on() and lookups.due(now()).exists():
        knock(look_up)


@shared_task(name="papers.tasks.look_up")
def look_up():
    for paper in asking.look_up_due():
        knock(read_paper, paper.pk)


@shared_task(name="papers.tasks.tidy")
def tidy():
    at = now()
    for name, work in ((library.TRASH, library.purge), (library.FILES, library.sweep), (sharing.SHARES, sharing.sweep)):
        failures.attempt(name, partial(work, at), at)
