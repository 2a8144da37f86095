"""The tasks of members: what Celery runs for invitations and for notices about accounts."""

from celery import shared_task
from django.utils.timezone import now

from members import account_notices, invitation_mail


@shared_task(name="members.tasks.send_invitations")
def send_invitations():
    invitation_mail.send_due(now())


@shared_task(name="members.tasks.send_account_notices")
def send_account_notices():
    account_notices.send_due(now())
