"""Celery only knocks on the door: see the tasks of each app for what is behind it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studygroup.settings")

app = Celery("studygroup")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.autodiscover_tasks(["schedule.worker"])
