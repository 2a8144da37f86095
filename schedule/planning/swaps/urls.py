"""Addresses of swaps."""

from django.urls import include, path

from schedule.planning.swaps import views

of_the_group = [
    path("turns/<int:pk>/swap/", views.swap_turn, name="swap_turn"),
    path("swaps/<int:pk>/", views.swap, name="swap"),
]
urlpatterns = [
    path("g/<slug:slug>/schedule/<int:pk>/swap/", views.swap_mine, name="swap_mine"),
    path("g/<slug:slug>/schedule/", include(of_the_group)),
    path("answer/<str:token>/", views.answer, name="swap_answer"),
]
