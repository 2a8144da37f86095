from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from papers import citing, share_views, views
from papers.cite.export import FORMATS

app_name = "papers"


class FormConverter(StringConverter):
    """A format in which papers are written down."""

    regex = "|".join(FORMATS)


register_converter(FormConverter, "form")

of_one_paper = [
    path("", views.paper, name="paper"),
    path("edit/", views.edit, name="edit"),
    path("tags/", views.tags, name="tags"),
    path("wish/", views.wish, name="wish"),
    path("same/", views.same, name="same"),
    path("version/", views.version, name="version"),
    path("again/", views.again, name="again"),
    path("row/", views.row, name="row"),
    path("records/", views.records, name="records"),
    path("records/<int:lookup_pk>/", views.record, name="record"),
    path("trash/", views.to_trash, name="to_trash"),
    path("restore/", views.restore, name="restore"),
    path("cite.<form:form>", citing.cite, name="cite"),
    path("cover.webp", views.cover, name="cover"),
    path("<int:file_pk>/<str:filename>.pdf", views.file, name="file"),
]
urlpatterns = [
    path("share/", share_views.share, name="share"),
    path("share/arrive/", share_views.arrive, name="arrive"),
    path("g/<slug:slug>/papers/", views.library, name="library"),
    path("g/<slug:slug>/papers/upload/", views.upload, name="upload"),
    path("g/<slug:slug>/papers/paste/", views.paste, name="paste"),
    path("g/<slug:slug>/papers/trash/", views.trash, name="trash"),
    path("g/<slug:slug>/papers/cite/", citing.choose, name="choose"),
    path("g/<slug:slug>/papers/cite/chosen/", citing.chosen, name="chosen"),
    path("g/<slug:slug>/papers/papers.<form:form>", citing.export, name="export"),
    path("g/<slug:slug>/papers/bib/", citing.bib, name="bib"),
    path("g/<slug:slug>/papers/bib/<int:pk>/", citing.bib_look, name="bib_look"),
    path("g/<slug:slug>/papers/<int:pk>/", include(of_one_paper)),
]
