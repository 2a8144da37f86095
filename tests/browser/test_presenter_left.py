"""A presenter left: from Home an organizer finds the open turn and gives it to somebody, on a phone."""

import pytest

from members import membership
from schedule.models import Presentation
from tests import make
from tests.browser.test_plan import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]


def test_an_open_turn_is_found_on_home_and_given_away(open_page, live_server, study):
    session = make.session(make.term(study["group"]))
    for name in ("alice", "bob"):
        make.presentation(session, study[name])
    membership.change(study["bob"], "leave")
    study["olivia"].member.timezone = "America/New_York"  # reads their own clock beside the group's
    study["olivia"].member.save()
    page = open_page(width=390, locale="en-GB")
    signed_in(page, live_server, study["olivia"])
    page.goto(f"{live_server.url}/g/study/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_role("link", name="Give this turn to somebody").click()
    page.get_by_text("Bob is no longer in the group.").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Instead of Bob").select_option(label="Olivia")
    page.locator("form").filter(has=page.get_by_label("Instead of Bob")).get_by_role("button").click()
    page.get_by_text("The presenters are changed.").wait_for()
    assert sorted(str(turn.presenter) for turn in Presentation.objects.all()) == ["Alice", "Olivia"]
    assert page.get_by_text("Nobody presents this turn").count() == 0
