"""The tasks of members: what Celery runs for invitations."""

from celery import shared_task
from django.utils.timezone import now

from members import invitation_mail


@shared_task(name="members.tasks.send_invitations")
def send_invitations():
    invitation_mail.send_due(now())
