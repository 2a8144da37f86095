"""Beat and worker in one process that is there to be killed: ticks without pause, at the time that a file tells."""

import os
import sys
from datetime import datetime
from pathlib import Path

import django
from django.db import OperationalError, connection


def work(clock: Path) -> None:
    from schedule import outbox, reminders  # after django.setup()

    while True:
        at = datetime.fromisoformat(clock.read_text())
        try:
            outbox.requeue(at)
            reminders.queue_due(at)
            outbox.deliver_due(at, limit=25)
        except OperationalError:
            connection.close()  # the database is away or busy: the next tick


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "studygroup.settings"
    django.setup()
    work(Path(sys.argv[1]))
