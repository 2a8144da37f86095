"""The tasks of the schedule: the tick, a notification to send, a zip to make."""

from celery import shared_task
from django.utils.timezone import now

from members.enqueue import enqueue
from schedule.notifications import outbox
from schedule.transfer import bundles
from schedule.worker import heartbeat


@shared_task(name="schedule.tasks.tick")
def tick(beat=False):
    heartbeat.tick(now(), beat=beat)
    for pk in bundles.waiting():
        enqueue("schedule.tasks.make_bundle", pk)


@shared_task(name="schedule.tasks.send_notification")
def send_notification(pk):
    outbox.deliver(pk, now())


@shared_task(name="schedule.tasks.send_letter")
def send_letter(pk):
    """Understand messages that an earlier version left in the queue."""
    send_notification(pk)


@shared_task(name="schedule.tasks.make_bundle")
def make_bundle(pk):
    bundles.make(pk)
