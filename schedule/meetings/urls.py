"""Addresses of a session and its record."""

from django.urls import include, path

from schedule.meetings.views import record, session

of_one_session = [
    path("", session.session, name="session"),
    path("move/", session.move, name="move"),
    path("cancel/", session.cancel, name="cancel"),
    path("restore/", session.restore, name="restore"),
    path("place/", session.place, name="place"),
    path("presenters/", session.presenters, name="presenters"),
    path("minutes/", record.write, name="minutes"),
    path("minutes/<int:turn>/", record.write, name="turn_minutes"),
    path("attendance/", record.attend, name="attend"),
    path("here/", record.here, name="here"),
    path("code/", record.code, name="code"),
    path("code/open/", record.code_open, name="code_open"),
    path("code/close/", record.code_close, name="code_close"),
    path("photos/", record.photo_add, name="photo_add"),
    path("photos/<int:photo>/", record.photo, name="photo"),
    path("photos/<int:photo>/remove/", record.photo_remove, name="photo_remove"),
    path("close/", record.close, name="close"),
    path("reopen/", record.reopen, name="reopen"),
]
urlpatterns = [
    path("g/<slug:slug>/schedule/<int:pk>/", include(of_one_session)),
]
