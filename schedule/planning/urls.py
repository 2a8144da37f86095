"""Addresses of terms, turns and their changes."""

from django.urls import include, path

from schedule.planning.views import absences, plan, replan, terms, turns, undo, wishes

of_one_term = [
    path("", terms.term, name="term"),
    path("publish/", terms.publish, name="publish"),
    path("replan/", replan.replan, name="replan"),
    path("days-off/", terms.days_off, name="days_off"),
    path("clock/", terms.keep_clock, name="keep_clock"),
    path("tap/", absences.tap, name="tap"),
    path("delete/", terms.delete_draft, name="delete_draft"),
]
of_the_group = [
    path("", terms.schedule, name="schedule"),
    path("plan/", plan.plan, name="plan"),
    path("plan/<int:pk>/", plan.plan, name="plan_draft"),
    path("turns/", turns.turns, name="turns"),
    path("turns/away/", turns.away, name="away"),
    path("turns/away/<int:pk>/back/", turns.back, name="back"),
    path("turns/<int:pk>/share/", turns.share, name="share"),
    path("turns/<int:pk>/withdraw/", turns.withdraw, name="withdraw"),
    path("changes/<int:pk>/undo/", undo.undo, name="undo"),
    path("wishes/", wishes.wishes, name="wishes"),
    path("wishes/<int:pk>/", wishes.interest, name="interest"),
]
urlpatterns = [
    path("g/<slug:slug>/schedule/terms/<int:pk>/", include(of_one_term)),
    path("g/<slug:slug>/schedule/", include(of_the_group)),
]
