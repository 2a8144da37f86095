"""Knock on the worker's door. The row is the to-do list: if nobody hears, the next beat finds it."""

import logging

from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def knock(task, *args):
    """Send `task(*args)` to a worker once this transaction is committed; a broker that is away costs only time."""

    def send():
        try:
            task.apply_async(args, retry=False)
        except (OperationalError, OSError) as error:
            log.warning("The broker did not take %s: %s. The next beat will.", task.name, error)

    transaction.on_commit(send)
