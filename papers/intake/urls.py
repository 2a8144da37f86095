"""Addresses of the share target."""

from django.urls import path

from papers.intake import views

urlpatterns = [
    path("share/", views.share, name="share"),
    path("share/arrive/", views.arrive, name="arrive"),
]
