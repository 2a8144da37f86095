"""For whoever runs the server: look, and take a paper out of a jam."""

from django.contrib import admin

from papers.models import Lookup, Paper, PaperFile, Tag


class PaperFileInline(admin.TabularInline):
    model = PaperFile
    extra = 0
    fields = readonly_fields = ("name", "size", "sha256", "added_at", "added_by")
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False


@admin.register(Paper)
class PaperAdmin(admin.ModelAdmin):
    list_display = ("__str__", "group", "state", "reason", "tries", "added_at", "deleted_at")
    list_filter = ("state", "reason", "group")
    search_fields = ("title", "doi", "arxiv_id")
    raw_id_fields = ("group", "added_by", "deleted_by", "looks_like", "kept_apart", "tags")
    inlines = (PaperFileInline,)
    actions = ("read_again",)

    @admin.action(description="Read the newest PDF again")
    def read_again(self, request, papers):
        papers.update(state=Paper.NEW, step=Paper.WAITING, reason="", tries=0, leased_until=None)


@admin.register(Lookup)
class LookupAdmin(admin.ModelAdmin):
    list_display = ("__str__", "paper", "state", "pdf", "source", "tries", "next_try_at")
    list_filter = ("state", "source")
    raw_id_fields = ("paper", "asked_by")


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ("name", "group")
    list_filter = ("group",)
