"""Knocks on the door of reading; each may come twice or never, the rows know what is left to do."""

from celery import shared_task
from django.utils.timezone import now

from papers import library, reading
from papers.models import Paper


@shared_task(name="papers.tasks.read_new_papers")
def read_new_papers():
    for paper in reading.waiting():
        reading.read(paper)


@shared_task(name="papers.tasks.read_paper")
def read_paper(pk):
    for paper in Paper.objects.filter(pk=pk):
        reading.read(paper)


@shared_task(name="papers.tasks.tidy")
def tidy():
    library.purge(now())
    library.sweep(now())
