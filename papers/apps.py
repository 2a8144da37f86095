from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from members import stored_files
from members.stored_files import StoredFiles


class PapersConfig(AppConfig):
    name = "papers"
    verbose_name = _("Papers")

    def ready(self):
        stored_files.register(
            StoredFiles("papers.PaperFile", _("Papers"), "group", "added_by", {"paper__deleted_at": None}),
            StoredFiles(
                "papers.PaperFile", _("Papers in the trash"), "group", "added_by", {"paper__deleted_at__isnull": False}
            ),
        )
