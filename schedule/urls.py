"""Addresses of the schedule, package by package."""

from django.urls import include, path

from schedule import home

app_name = "schedule"

urlpatterns = [
    path("g/<slug:slug>/", home.home, name="home"),
    path("", include("schedule.calendars.urls")),
    path("", include("schedule.notifications.urls")),
    path("", include("schedule.planning.urls")),
    path("", include("schedule.planning.swaps.urls")),
    path("", include("schedule.meetings.urls")),
    path("", include("schedule.reports.urls")),
    path("", include("schedule.transfer.urls")),
    path("", include("schedule.search.urls")),
]
