"""The notifications page on a phone: a notification that did not get through says why, and one button tries again."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from schedule.models import Notification
from schedule.notifications import outbox
from tests import make
from tests.browser.test_plan import signed_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.looks,
    pytest.mark.filterwarnings("ignore:No directory at"),
    pytest.mark.django_db(transaction=True),
]


def test_a_notification_in_its_frame_is_styled_under_a_policy_that_allows_its_own_styles_only(
    open_page, live_server, study
):
    """Whatever the policy refuses stands in the console and fails the test."""
    session = make.session(make.term(study["group"]), now() + timedelta(days=6))
    notification = make.notification(session, study["alice"], Notification.RESTORED, due_at=now())
    page = open_page()
    signed_in(page, live_server, study["alice"])
    with page.expect_response(lambda answer: answer.url.endswith("/html/")) as shown:
        page.goto(f"{live_server.url}/g/study/notifications/{notification.pk}/")
        page.locator("iframe").scroll_into_view_if_needed()
    assert "unsafe-inline" not in shown.value.headers["content-security-policy"]
    button = page.frame_locator("iframe").locator(".m-btn").first
    button.wait_for()
    assert button.evaluate("it => getComputedStyle(it).backgroundColor") == "rgb(47, 75, 143)"
    page.emulate_media(color_scheme="dark")
    dark = page.frame_locator("iframe").locator("body").evaluate("it => getComputedStyle(it).backgroundColor")
    assert dark != "rgb(245, 242, 235)"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_refused_notification_is_tried_again_by_its_button(open_page, live_server, study, smtp_sink, width):
    session = make.session(make.term(study["group"]), now() + timedelta(days=6))
    notification = make.notification(session, study["alice"], Notification.RESTORED, due_at=now())
    smtp_sink.answers["RCPT"] = "552 5.2.2 Mailbox full"
    outbox.deliver(notification.pk, now())
    page = open_page(width=width, locale="en-GB", has_touch=width < 800)
    signed_in(page, live_server, study["olivia"])
    page.goto(f"{live_server.url}/g/study/notifications/?state=failed")
    page.get_by_text("The mailbox is full. Tried 1 time.").wait_for()
    button = page.get_by_role("button", name="Try again")
    box = button.bounding_box()
    assert (box["height"] >= 44 or width > 800, box["x"] >= 0, box["x"] + box["width"] <= width) == (True, True, True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    smtp_sink.answers.clear()
    button.click()
    page.get_by_text("On its way again to Alice.").wait_for()
    outbox.deliver_due(now())
    page.locator("a.pick", has_text="Sent").first.click()
    page.get_by_text("sent at").wait_for()
    assert [message["To"] for message in smtp_sink.messages] == [study["alice"].member.email]
