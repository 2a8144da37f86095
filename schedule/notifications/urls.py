"""Addresses of notifications and their times."""

from django.urls import include, path

from schedule.notifications.views import notifications, timetable

of_the_notifications = [
    path("", notifications.notifications, name="notifications"),
    path("<int:pk>/", notifications.notification, name="notification"),
    path("<int:pk>/html/", notifications.notification_html, name="notification_html"),
    path("times/", timetable.of_the_group, name="times"),
    path("times/<int:pk>/", timetable.of_a_term, name="term_times"),
    path("<int:pk>/again/", notifications.try_again, name="try_again"),
    path(
        "planned/<int:session>/<str:kind>/<int:about>/<int:dedupe_key>/send/", notifications.send_now, name="send_now"
    ),
    path(
        "planned/<int:session>/<str:kind>/<int:about>/<int:dedupe_key>/to/<int:to>/",
        notifications.planned,
        name="planned",
    ),
    path(
        "planned/<int:session>/<str:kind>/<int:about>/<int:dedupe_key>/to/<int:to>/html/",
        notifications.planned_html,
        name="planned_html",
    ),
]
urlpatterns = [
    path("g/<slug:slug>/notifications/", include(of_the_notifications)),
]
