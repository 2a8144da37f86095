"""Wake a worker for a row. The row is the to-do list: when no message arrives, the next tick finds it."""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def enqueue(task: str, *args) -> None:
    """Send the task of that name to a worker once this transaction is committed; a broker that is away costs only time."""

    def send():
        try:
            current_app.send_task(task, args, retry=False)
        except (OperationalError, OSError) as error:
            log.warning("The broker did not take %s: %s. The next tick will.", task, error)

    transaction.on_commit(send)
