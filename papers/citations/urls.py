"""Addresses of citations and reading lists."""

from django.urls import include, path, register_converter
from django.urls.converters import StringConverter

from papers.citations import views
from papers.citations.formats import FORMATS


class FormConverter(StringConverter):
    """A format in which papers are written down."""

    regex = "|".join(FORMATS)


register_converter(FormConverter, "form")

of_the_library = [
    path("cite/", views.choose, name="choose"),
    path("cite/chosen/", views.chosen, name="chosen"),
    path("papers.<form:form>", views.export, name="export"),
    path("bib/", views.bib, name="bib"),
    path("bib/<int:pk>/", views.bib_look, name="bib_look"),
]
urlpatterns = [
    path("g/<slug:slug>/papers/<int:pk>/cite.<form:form>", views.cite, name="cite"),
    path("g/<slug:slug>/papers/", include(of_the_library)),
]
