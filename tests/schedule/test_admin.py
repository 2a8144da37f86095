"""The operator's desk: letters are looked at there, and nothing is changed behind the outbox's back."""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from schedule.models import Letter
from tests import make

LETTERS = reverse("admin:schedule_letter_changelist")


@pytest.fixture
def operator(client, db):
    client.force_login(make.person("Olivia", is_staff=True, is_superuser=True))
    return client


def queries(client) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(LETTERS).status_code == 200
    return len(asked)


def test_the_list_of_letters_asks_as_often_for_thirty_as_for_three(operator):
    session = make.session()
    for number in range(3):
        make.letter(session, make.member(session.term.group, f"Member {number}"))
    few = queries(operator)
    for number in range(3, 30):
        make.letter(session, make.member(session.term.group, f"Member {number}"))
    assert (queries(operator), Letter.objects.count()) == (few, 30)


def test_a_letter_is_shown_and_cannot_be_added_changed_or_deleted(operator):
    letter = make.letter()
    shown = reverse("admin:schedule_letter_change", args=[letter.pk])
    gone = reverse("admin:schedule_letter_delete", args=[letter.pk])
    answers = [
        operator.get(shown),
        operator.get(reverse("admin:schedule_letter_add")),
        operator.post(shown, {"state": "sent"}),
        operator.post(gone, {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 403, 403, 403]
    assert Letter.objects.get().state == Letter.QUEUED


def lists() -> list[str]:
    return [reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist") for m in admin.site._registry]


def test_every_list_opens_with_a_group_at_work(operator):
    turn = make.presentation(paper=make.paper())
    make.letter(turn.session, turn.presenter)
    make.invitation()
    assert {page: operator.get(page).status_code for page in lists()} == dict.fromkeys(lists(), 200)


def test_a_member_who_is_no_operator_is_shown_no_list(client, db):
    client.force_login(make.person("Bob"))
    assert [page for page in lists() if client.get(page).status_code == 200] == []
