"""The address of the search box."""

from django.urls import path

from schedule.search import views

urlpatterns = [
    path("g/<slug:slug>/search/", views.search, name="search"),
]
