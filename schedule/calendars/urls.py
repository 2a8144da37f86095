"""Addresses of calendar feeds and their settings."""

from django.urls import path

from schedule.calendars import views

urlpatterns = [
    path("g/<slug:slug>/schedule/<int:pk>/session.ics", views.one_session, name="session_ics"),
    path("calendar/<int:pk>/<str:scope>/<str:key>.ics", views.feed, name="calendar_feed"),
    path("g/<slug:slug>/calendar/", views.calendars, name="calendars"),
    path("g/<slug:slug>/calendar/renew/", views.renew, name="renew_calendar"),
]
