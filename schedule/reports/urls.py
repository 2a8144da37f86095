"""Addresses of reports, decks and sheets."""

from django.urls import include, path

from schedule.reports.views import reports, template

of_one_term = [
    path("report/", reports.slides_of_term, name="term_report"),
    path("report.pptx", reports.deck_of_term, name="term_deck"),
    path("attendance/", reports.register, name="register"),
    path("figures/", reports.figures, name="figures"),
    path("attendance.csv", reports.register_csv, name="register_csv"),
]
of_one_session = [
    path("report/", reports.slides, name="report"),
    path("report.pptx", reports.deck, name="deck"),
    path("sheet/", reports.sheet, name="sheet"),
]
urlpatterns = [
    path("g/<slug:slug>/schedule/terms/<int:pk>/", include(of_one_term)),
    path("g/<slug:slug>/schedule/<int:pk>/", include(of_one_session)),
    path("g/<slug:slug>/slides/", template.own_slides, name="own_slides"),
    path("g/<slug:slug>/slides/template.pptx", template.ours, name="our_slides"),
]
