"""Addresses of papers, package by package."""

from django.urls import include, path

from papers import trash_views, views

app_name = "papers"

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
    path("cover.webp", views.cover, name="cover"),
    path("<int:file_pk>/<str:filename>.pdf", views.file, name="file"),
]
of_the_library = [
    path("", views.library, name="library"),
    path("upload/", views.upload, name="upload"),
    path("paste/", views.paste, name="paste"),
    path("trash/", trash_views.trash, name="trash"),
    path("trash/empty/", trash_views.empty_trash, name="empty_trash"),
]
urlpatterns = [
    path("g/<slug:slug>/papers/<int:pk>/", include(of_one_paper)),
    path("g/<slug:slug>/papers/", include(of_the_library)),
    path("", include("papers.citations.urls")),
    path("", include("papers.intake.urls")),
]
