"""Addresses of bundles."""

from django.urls import path

from schedule.transfer import views

urlpatterns = [
    path("g/<slug:slug>/schedule/terms/<int:pk>/bundle/", views.ask, name="ask_bundle"),
    path("g/<slug:slug>/bundle/", views.ask_group, name="ask_group_bundle"),
    path("g/<slug:slug>/bundles/<int:pk>/", views.bundle, name="bundle"),
    path("g/<slug:slug>/bundles/<int:pk>/file/", views.file, name="bundle_file"),
]
