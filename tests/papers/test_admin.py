"""What an operator does to papers that are stuck."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from papers.models import Lookup, Paper
from tests import make


@pytest.fixture
def operator(client, db):
    client.force_login(make.person("Olivia", is_staff=True, is_superuser=True))
    return client


def done(client, model, action, *rows) -> list[str]:
    page = reverse(f"admin:papers_{model}_changelist")
    answer = client.post(page, {"action": action, "_selected_action": [row.pk for row in rows]}, follow=True)
    return [str(one) for one in answer.context["messages"]]


def test_a_paper_is_read_again_with_all_its_tries_and_a_card_without_a_file_is_left_alone(operator):
    stuck = make.paper(state=Paper.UNREADABLE, reason="timeout", tries=3, leased_until=now())
    make.paper_file(stuck)
    make.paper_file(stuck, name="second.pdf")
    card = make.paper(stuck.group, title="Without a file")
    assert done(operator, "paper", "read_again", stuck, card) == ["1 paper is read again within a minute."]
    stuck.refresh_from_db()
    assert (stuck.state, stuck.step, stuck.reason, stuck.tries, stuck.leased_until) == ("new", "waiting", "", 0, None)
    assert list(Paper.objects.unread()) == [stuck]
    card.refresh_from_db()
    assert card.state == Paper.READY


def test_a_catalogue_is_asked_again_unless_it_has_answered(operator):
    paper = make.paper()
    slow = Lookup.objects.create(paper=paper, kind="doi", identifier="10.1/a", state="slow", tries=5, next_try_at=None)
    found = Lookup.objects.create(paper=paper, kind="doi", identifier="10.1/b", state="found", next_try_at=None)
    assert done(operator, "lookup", "ask_again", slow, found) == ["1 question is asked again."]
    states = list(Lookup.objects.order_by("pk").values_list("state", "tries"))
    assert states == [("waiting", 0), ("found", 0)]


def test_a_card_is_not_written_or_deleted_behind_the_library_s_back(operator):
    paper = make.paper(title="Grad-CAM")
    answers = [
        operator.post(reverse("admin:papers_paper_change", args=[paper.pk]), {"title": "Other"}),
        operator.post(reverse("admin:papers_paper_delete", args=[paper.pk]), {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert Paper.objects.get().title == "Grad-CAM"
