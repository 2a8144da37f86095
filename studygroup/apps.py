from django.apps import AppConfig

from studygroup.celery import app as celery_app

__all__ = ["StudygroupConfig", "celery_app"]


class StudygroupConfig(AppConfig):
    name = "studygroup"
