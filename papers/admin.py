"""For whoever runs the server: look, and take a paper out of a jam."""

from django.contrib import admin
from django.db.models import Count
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members.admin import ReadOnly, call
from members.columns import name_columns
from papers import library
from papers.lookup import requests
from papers.models import Lookup, Paper, PaperFile, Source, Tag

call(PaperFile, _("PDF"), _("PDFs"))
call(Lookup, _("question to a catalogue"), _("questions to catalogues"))
call(Source, _("catalogue"), _("catalogues"))
call(Tag, _("tag"), _("tags"))
name_columns(Paper, PaperFile, Lookup, Source, Tag)


class PaperFileInline(admin.TabularInline):
    """Its versions. The bytes are the group's: an operator sees that they are there, not what they say."""

    model = PaperFile
    extra = 0
    fields = readonly_fields = ("name", "size", "sha256", "added_at", "added_by")
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("added_by__member")

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Paper)
class PaperAdmin(ReadOnly):
    """The card is written on its own page, which remembers who wrote what; it leaves by the trash, with its files."""

    list_display = ("__str__", "group", "state", "reason", "tries", "added_at", "deleted_at")
    list_filter = ("state", "reason", ("deleted_at", admin.EmptyFieldListFilter), "language")
    list_select_related = ("group",)
    search_fields = ("title", "doi", "arxiv_id", "group__name", "files__name")
    date_hierarchy = "added_at"
    exclude = ("kept_apart",)
    inlines = (PaperFileInline,)
    actions = ("read_again",)

    @admin.action(description=_("Read the newest PDF again"), permissions=["mend"])
    def read_again(self, request, papers):
        with_file = list(papers.filter(files__isnull=False).distinct())
        for paper in with_file:
            library.read_again(paper)
        count = len(with_file)
        said = ngettext(
            "%(n)s paper is read again within a minute.", "%(n)s papers are read again, one after the other.", count
        )
        self.message_user(request, said % {"n": count})

    def has_mend_permission(self, request):
        return request.user.has_perm("papers.change_paper")


@admin.register(Lookup)
class LookupAdmin(ReadOnly):
    list_display = ("__str__", "paper", "group", "state", "pdf", "source", "tries", "next_try_at")
    list_filter = ("state", "source", "pdf")
    list_select_related = ("paper__group",)
    search_fields = ("identifier", "paper__title", "paper__group__name")
    date_hierarchy = "asked_at"
    actions = ("ask_again",)

    @admin.display(description=_("group"))
    def group(self, lookup):
        return lookup.paper.group

    @admin.action(description=_("Ask the catalogue again"), permissions=["mend"])
    def ask_again(self, request, questions):
        count = sum(requests.again(lookup) for lookup in questions)
        said = ngettext("%(n)s question is asked again.", "%(n)s questions are asked again.", count)
        self.message_user(request, said % {"n": count})

    def has_mend_permission(self, request):
        return request.user.has_perm("papers.change_lookup")


@admin.register(Source)
class SourceAdmin(ReadOnly):
    """Since when a catalogue may be asked again."""

    list_display = ("name", "free_at")


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("name", "group", "papers_count")
    list_select_related = ("group",)
    search_fields = ("name", "group__name")
    readonly_fields = ("group",)

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(used=Count("papers"))

    @admin.display(description=_("papers"), ordering="used")
    def papers_count(self, tag):
        return tag.used

    def has_add_permission(self, request):
        return False
