"""The operator's desk in a browser: nothing on it breaks our Content-Security-Policy (open_page fails on any complaint)."""

import pytest
from django.test import Client

from tests import make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.looks,
    pytest.mark.filterwarnings("ignore:No directory at"),
    pytest.mark.django_db(transaction=True),
]


def test_index_list_filter_and_pages_open_without_a_complaint(open_page, live_server):
    turn = make.presentation(paper=make.paper())
    notification = make.notification(turn.session, turn.presenter)
    client = Client()
    client.force_login(
        make.person("Olivia", is_staff=True, is_superuser=True), backend="django.contrib.auth.backends.ModelBackend"
    )
    page = open_page()
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    group, place = turn.presenter.group, turn.presenter
    pages = [
        "",
        "schedule/notification/",
        "schedule/notification/?state__exact=queued&q=Alice",
        f"schedule/notification/{notification.pk}/change/",
        f"members/group/{group.pk}/change/",
        f"members/member/{place.member.pk}/change/",
        "papers/paper/",
        f"papers/paper/{turn.paper.pk}/change/",
    ]
    assert [page.goto(f"{live_server.url}/admin/{one}").status for one in pages] == [200] * len(pages)
    page.goto(f"{live_server.url}/admin/members/member/")
    page.click("#action-toggle")
    assert page.locator(".action-counter").inner_text().startswith("2 of 2")
