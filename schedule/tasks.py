"""Knocks that concern letters."""

from celery import shared_task
from django.utils.timezone import now

from schedule import outbox, pulse


@shared_task(name="schedule.tasks.tick")
def tick(beat=False):
    pulse.tick(now(), beat=beat)


@shared_task(name="schedule.tasks.send_letter")
def send_letter(pk):
    outbox.deliver(pk, now())
