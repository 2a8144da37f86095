from django.urls import include, path

from schedule import home
from schedule.views import (
    calendars,
    changes,
    days,
    letters,
    plan,
    record,
    replan,
    reports,
    sessions,
    swaps,
    terms,
    timetable,
    turns,
    wishes,
)

app_name = "schedule"

of_the_group = [
    path("", terms.schedule, name="schedule"),
    path("plan/", plan.plan, name="plan"),
    path("plan/<int:pk>/", plan.plan, name="plan_draft"),
    path("turns/", turns.turns, name="turns"),
    path("turns/away/", turns.away, name="away"),
    path("turns/away/<int:pk>/back/", turns.back, name="back"),
    path("turns/<int:pk>/share/", turns.share, name="share"),
    path("turns/<int:pk>/withdraw/", turns.withdraw, name="withdraw"),
    path("turns/<int:pk>/swap/", swaps.swap_turn, name="swap_turn"),
    path("swaps/<int:pk>/", swaps.swap, name="swap"),
    path("changes/<int:pk>/undo/", changes.undo, name="undo"),
    path("wishes/", wishes.wishes, name="wishes"),
    path("wishes/<int:pk>/", wishes.interest, name="interest"),
]
of_one_term = [
    path("", terms.term, name="term"),
    path("publish/", terms.publish, name="publish"),
    path("replan/", replan.replan, name="replan"),
    path("days-off/", terms.days_off, name="days_off"),
    path("tap/", days.tap, name="tap"),
    path("delete/", terms.delete_draft, name="delete_draft"),
]
of_one_session = [
    path("", sessions.session, name="session"),
    path("swap/", swaps.swap_mine, name="swap_mine"),
    path("move/", sessions.move, name="move"),
    path("cancel/", sessions.cancel, name="cancel"),
    path("restore/", sessions.restore, name="restore"),
    path("place/", sessions.place, name="place"),
    path("presenters/", sessions.presenters, name="presenters"),
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
    path("session.ics", calendars.one_session, name="session_ics"),
    path("report/", reports.slides, name="report"),
    path("report.pptx", reports.deck, name="deck"),
]
a_planned_letter = "planned/<int:session>/<str:kind>/<int:about>/<int:nth>/"
of_the_letters = [
    path("", letters.letters, name="letters"),
    path("<int:pk>/", letters.letter, name="letter"),
    path("<int:pk>/html/", letters.letter_html, name="letter_html"),
    path("times/", timetable.of_the_group, name="times"),
    path("times/<int:pk>/", timetable.of_a_term, name="term_times"),
    path("<int:pk>/again/", letters.try_again, name="try_again"),
    path(a_planned_letter + "send/", letters.send_now, name="send_now"),
    path(a_planned_letter + "to/<int:to>/", letters.planned, name="planned"),
    path(a_planned_letter + "to/<int:to>/html/", letters.planned_html, name="planned_html"),
]
urlpatterns = [
    path("answer/<str:token>/", swaps.answer, name="swap_answer"),
    path("calendar/<int:pk>/<str:scope>/<str:key>.ics", calendars.feed, name="calendar_feed"),
    path("g/<slug:slug>/calendar/", calendars.calendars, name="calendars"),
    path("g/<slug:slug>/calendar/renew/", calendars.renew, name="renew_calendar"),
    path("g/<slug:slug>/letters/", include(of_the_letters)),
    path("g/<slug:slug>/", home.home, name="home"),
    path("g/<slug:slug>/schedule/", include(of_the_group)),
    path("g/<slug:slug>/schedule/terms/<int:pk>/", include(of_one_term)),
    path("g/<slug:slug>/schedule/<int:pk>/", include(of_one_session)),
]
