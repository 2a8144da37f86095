from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from papers import citing
from papers.cite.export import FORMATS
from papers.views import sharing, shelf

app_name = "papers"


class FormConverter(StringConverter):
    """A format in which papers are written down."""

    regex = "|".join(FORMATS)


register_converter(FormConverter, "form")

of_one_paper = [
    path("", shelf.paper, name="paper"),
    path("edit/", shelf.edit, name="edit"),
    path("tags/", shelf.tags, name="tags"),
    path("wish/", shelf.wish, name="wish"),
    path("same/", shelf.same, name="same"),
    path("version/", shelf.version, name="version"),
    path("again/", shelf.again, name="again"),
    path("row/", shelf.row, name="row"),
    path("records/", shelf.records, name="records"),
    path("records/<int:lookup_pk>/", shelf.record, name="record"),
    path("trash/", shelf.to_trash, name="to_trash"),
    path("restore/", shelf.restore, name="restore"),
    path("cite.<form:form>", citing.cite, name="cite"),
    path("cover.webp", shelf.cover, name="cover"),
    path("<int:file_pk>/<str:filename>.pdf", shelf.file, name="file"),
]
urlpatterns = [
    path("share/", sharing.share, name="share"),
    path("share/arrive/", sharing.arrive, name="arrive"),
    path("g/<slug:slug>/papers/", shelf.library, name="library"),
    path("g/<slug:slug>/papers/upload/", shelf.upload, name="upload"),
    path("g/<slug:slug>/papers/paste/", shelf.paste, name="paste"),
    path("g/<slug:slug>/papers/trash/", shelf.trash, name="trash"),
    path("g/<slug:slug>/papers/cite/", citing.choose, name="choose"),
    path("g/<slug:slug>/papers/cite/chosen/", citing.chosen, name="chosen"),
    path("g/<slug:slug>/papers/papers.<form:form>", citing.export, name="export"),
    path("g/<slug:slug>/papers/bib/", citing.bib, name="bib"),
    path("g/<slug:slug>/papers/bib/<int:pk>/", citing.bib_look, name="bib_look"),
    path("g/<slug:slug>/papers/<int:pk>/", include(of_one_paper)),
]
