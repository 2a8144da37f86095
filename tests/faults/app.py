"""The product's own Celery app, with its own tasks, at the time that a file tells; beat ticks twice a second, not a minute.

celery -A tests.faults.app worker    celery -A tests.faults.app beat
"""

import os
from datetime import datetime
from pathlib import Path

import django

django.setup()

from schedule.worker import tasks  # noqa: E402
from studygroup.celery import app  # noqa: E402

CLOCK = Path(os.environ["FAULTS_CLOCK"])
tasks.now = lambda: datetime.fromisoformat(CLOCK.read_text())
app.conf.beat_schedule = {
    "tick": {"task": "schedule.tasks.tick", "schedule": 0.5, "kwargs": {"beat": True}, "options": {"expires": 5}}
}
