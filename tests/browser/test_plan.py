"""A term is planned by clicking: the preview follows what is typed, and publishing shows the dates to everybody."""

import pytest
from django.test import Client

from schedule.models import Term

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]


def signed_in(page, live_server, who):
    """By a cookie; the page of the sign-in has tests of its own."""
    client = Client()
    client.force_login(who.member, backend="django.contrib.auth.backends.ModelBackend")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}
    page.context.add_cookies([cookie])


@pytest.mark.parametrize("width", [1280, 390])
def test_the_preview_follows_the_form_and_writes_nothing_until_published(open_page, live_server, study, width):
    page = open_page(width=width, locale="en-GB")
    signed_in(page, live_server, study["olivia"])
    page.goto(f"{live_server.url}/g/study/schedule/plan/")
    preview = page.locator("#preview")
    page.fill("input[name=name]", "Spring")
    page.fill("input[name=count]", "4")
    preview.get_by_text("4 sessions, 12 turns, 3 members").wait_for()
    page.locator("label", has_text="3 weeks").click()
    preview.get_by_text("every 3 weeks on Tuesday").wait_for()
    page.fill("input[name=count]", "0")
    preview.get_by_text("Plan at least one session.").wait_for()
    page.fill("input[name=count]", "5")
    preview.get_by_text("5 sessions, 15 turns, 3 members").wait_for()
    assert page.locator("input[name=name]").input_value() == "Spring"
    assert page.locator("#preview-said").text_content().strip() == "5 sessions. Everybody presents equally often."
    assert Term.objects.count() == 0
    page.get_by_role("button", name="Publish plan").click()
    page.get_by_role("heading", name="Spring", exact=True).wait_for()
    assert [(t.name, t.sessions.count(), t.published_at is not None) for t in Term.objects.all()] == [
        ("Spring", 5, True)
    ]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_enter_in_a_field_only_previews(open_page, live_server, study):
    page = open_page(java_script_enabled=False, locale="en-GB")
    signed_in(page, live_server, study["olivia"])
    page.goto(f"{live_server.url}/g/study/schedule/plan/")
    page.fill("input[name=count]", "3")
    page.press("input[name=count]", "Enter")
    page.get_by_text("3 sessions, 9 turns, 3 members").wait_for()
    assert Term.objects.count() == 0


def test_a_preview_that_is_overtaken_by_the_next_is_no_trouble(open_page, live_server, study):
    """On a slow day one types on before it comes. htmx tells the console that it was given up; open_page lets that pass."""
    page, held = open_page(locale="en-GB"), []
    signed_in(page, live_server, study["olivia"])
    page.goto(f"{live_server.url}/g/study/schedule/plan/")
    page.route("**/plan/**", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/plan/**"):
        page.fill("input[name=count]", "4")
    page.fill("input[name=count]", "5")
    page.locator("#preview").get_by_text("5 sessions, 15 turns, 3 members").wait_for()
    assert len(held) == 1
