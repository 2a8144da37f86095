from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from members import stored_files
from members.stored_files import StoredFiles
from papers import presented


class ScheduleConfig(AppConfig):
    name = "schedule"
    verbose_name = _("Terms and notifications")

    def ready(self):
        presented.register("schedule.planning.presented")
        stored_files.register(
            StoredFiles("schedule.Photo", _("Photos"), "session__term__group", "added_by"),
            StoredFiles("schedule.DeckTemplate", _("Template of the slides"), "group", "by"),
        )
