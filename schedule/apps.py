from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from papers import presented


class ScheduleConfig(AppConfig):
    name = "schedule"
    verbose_name = _("Terms and notifications")

    def ready(self):
        presented.register("schedule.planning.presented")
