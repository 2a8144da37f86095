"""Joining and inviting as people do it: with the mouse, the keyboard and the clipboard."""

import pytest
from django.utils.timezone import now

from members import invitations
from members.models import Invitation
from tests import make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.looks,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]


def test_a_newcomer_joins_by_a_link_and_signs_in_again_with_a_password_manager(study, live_server, open_page):
    token = invitations.invite(study["group"], by=study["olivia"], at=now()).token
    page = open_page(width=390, locale="en-GB")
    page.goto(f"{live_server.url}/join/{token}/")
    page.get_by_label("Your name, as the group writes it").fill("Dora")
    page.get_by_label("E-mail").fill("dora@example.org")
    secret = page.get_by_label("Password", exact=True)
    secret.fill(make.PASSWORD)
    page.get_by_role("button", name="Show").click()
    assert secret.get_attribute("type") == "text"
    page.get_by_role("button", name="Hide").click()
    assert (secret.get_attribute("type"), secret.get_attribute("autocomplete")) == ("password", "new-password")
    page.get_by_role("button", name="Join").click()
    page.get_by_label("E-mail").fill(
        "dora@example.org"
    )  # without a mail server the next page is the same for everybody
    page.get_by_label("Password", exact=True).fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Join").click()
    page.wait_for_url(f"{live_server.url}/g/study/")
    assert study["group"].memberships.current().filter(member__name="Dora").count() == 1

    other = open_page(locale="en-GB")
    other.goto(f"{live_server.url}/g/study/members/")
    field = other.get_by_label("E-mail")
    assert (field.get_attribute("autocomplete"), other.evaluate("document.activeElement.id")) == (
        "username",
        "id_login",
    )
    field.fill("dora@example.org")
    other.get_by_label("Password").fill(make.PASSWORD)
    other.keyboard.press("Enter")
    other.wait_for_url(f"{live_server.url}/g/study/members/")
    assert other.get_by_role("heading", level=1).inner_text() == "Members"


def test_an_organizer_copies_a_link_and_takes_back_a_removal(study, live_server, open_page):
    page = open_page(locale="en-GB", permissions=["clipboard-read", "clipboard-write"])
    page.goto(f"{live_server.url}/accounts/login/?next=/g/study/members/")
    page.get_by_label("E-mail").fill(study["olivia"].member.email)
    page.get_by_label("Password").fill(make.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("button", name="Copy the link").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()").endswith(f"/join/{Invitation.objects.get().token}/")

    page.get_by_text("Change Bob").click()
    page.get_by_role("button", name="Remove from the group").click()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Bob: back in the group.").wait_for()
    study["bob"].refresh_from_db()
    assert study["bob"].state == "active"
