"""Knocks that concern letters."""

from celery import shared_task
from django.utils.timezone import now

from schedule import outbox, reminders


@shared_task(name="schedule.tasks.tick")
def tick():
    at = now()
    outbox.requeue(at)
    reminders.queue_due(at)
    outbox.deliver_due(at)


@shared_task(name="schedule.tasks.send_letter")
def send_letter(pk):
    outbox.deliver(pk, now())
