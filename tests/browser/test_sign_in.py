"""Signing in by another site and with a passkey, in a real browser, under the policy: its console stays empty."""

import re
import sqlite3
import sys
from contextlib import closing

import pytest
from playwright.sync_api import expect

from tests import PASSWORD, oidc, servers
from tests.stack import STRONG, House, clean_environment, running, wait_until_healthy

BUTTON, YES = "Continue with Campus", "Yes, it is me"
INVITE = """
from django.utils.timezone import now
from members import accounts, invitations
from members.models import Group
group = Group.objects.get()
place = group.memberships.get()
print(invitations.invite(group, by=place, at=now(), max_uses=None).token)
for name, verified in (("alice", True), ("victim", False)):
    who = accounts.open_account(email=f"{name}@example.org", name=name, password=%r, language="en", timezone="UTC", verified=verified)
    invitations.accept(invitations.invite(group, by=place, at=now()).token, who, at=now())
"""


@pytest.fixture(scope="module")
def site():
    with oidc.running() as site:
        yield site


@pytest.fixture(scope="module")
def house(site, tmp_path_factory):
    """The product with that site named in its environment, and DEBUG, without which passkeys need https."""
    folder = tmp_path_factory.mktemp("house")
    url = f"http://localhost:{servers.free_port()}"
    named = {
        "OIDC_NAME": "Campus",
        "OIDC_SERVER": site.url,
        "OIDC_CLIENT_ID": oidc.CLIENT["client_id"],
        "OIDC_SECRET": oidc.CLIENT["client_secret"],
    }
    house = House(url, clean_environment(DATA_DIR=str(folder), SITE_URL=url, SECRET_KEY=STRONG, DEBUG="1", **named))
    house.migrate()
    house.found(name="Study", email="olivia@example.org", person="Olivia")
    house.link = f"{url}/join/{house.manage('shell', '--no-imports', '-c', INVITE % PASSWORD).split()[0]}/"
    house.database = folder / "studygroup.sqlite3"
    command = [sys.executable, "manage.py", "runserver", "--noreload", url.removeprefix("http://")]
    with running({"web": command}, house.environment):
        wait_until_healthy(url)
        yield house


def asked(house, question, *words):
    """Rows of the running product."""
    with closing(sqlite3.connect(house.database)) as database:
        return database.execute(question, words).fetchall()


def goes_by_the_site(page, house, site, email, verified=True, address="/accounts/login/", **claims):
    """Whoever has this address there signs in here by the site."""
    site.person = {"sub": f"{email}-there", "email": email, "email_verified": verified, **claims}
    page.goto(address if address.startswith("http") else house.url + address)
    page.get_by_role("button", name=BUTTON).click()
    page.get_by_role("button", name=YES).click()


def signs_in(page, house, email):
    page.goto(f"{house.url}/accounts/login/")
    page.get_by_label("E-mail", exact=True).fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(f"{house.url}/g/study/")


def test_who_holds_an_invitation_comes_in_by_the_other_site(house, site, open_page):
    page = open_page(locale="en-US")
    goes_by_the_site(page, house, site, "dora@example.org", address=house.link, name="Dora Kim")
    expect(page).to_have_url(f"{house.url}/g/study/")
    assert asked(
        house, "SELECT name, e.email, verified FROM members_member m JOIN account_emailaddress e ON e.user_id = m.id"
               " WHERE m.email = 'dora@example.org'"
    ) == [("Dora Kim", "dora@example.org", 1)]  # fmt: skip


def test_who_has_an_account_signs_in_by_the_other_site_with_the_address_that_both_have_confirmed(
    house, site, open_page
):
    page = open_page(locale="en-US")
    for _connected_then_known in range(2):
        goes_by_the_site(page, house, site, "alice@example.org")
        expect(page).to_have_url(f"{house.url}/g/study/")
        page.context.clear_cookies()
    rows = (
        "SELECT COUNT(*) FROM socialaccount_socialaccount s JOIN members_member m ON m.id = s.user_id WHERE m.email = ?"
    )
    assert asked(house, rows, "alice@example.org") == [(1,)]


@pytest.mark.parametrize("verified", [False, "false", None])
def test_an_address_that_the_other_site_has_not_confirmed_opens_nothing(house, site, open_page, verified):
    page = open_page(locale="en-US", refused=True)
    for address, path in (("olivia@example.org", "/accounts/login/"), ("erin@example.org", house.link)):
        goes_by_the_site(page, house, site, address, verified=verified, address=path)
        expect(page.get_by_role("heading", name="This address is not confirmed")).to_be_visible()
        page.goto(f"{house.url}/me/")
        expect(page).to_have_url(re.compile("/accounts/login/"))
    assert asked(house, "SELECT COUNT(*) FROM members_member WHERE email = 'erin@example.org'") == [(0,)]


def test_nobody_opens_an_account_by_the_other_site_without_an_invitation(house, site, open_page):
    page = open_page(locale="en-US", refused=True)
    goes_by_the_site(page, house, site, "frank@example.org")
    expect(page.get_by_role("heading", name="Joining goes by invitation")).to_be_visible()
    assert asked(house, "SELECT COUNT(*) FROM members_member WHERE email = 'frank@example.org'") == [(0,)]


def test_the_owner_of_an_address_who_comes_by_the_other_site_ends_what_a_stranger_set_up(house, site, open_page):
    stranger, owner = open_page(locale="en-US"), open_page(locale="en-US")
    signs_in(stranger, house, "victim@example.org")
    goes_by_the_site(owner, house, site, "victim@example.org")
    expect(owner.get_by_role("heading", name="Do you stay in these groups?")).to_be_visible()
    stranger.goto(f"{house.url}/g/study/")
    expect(stranger).to_have_url(re.compile("/accounts/login/"))
    owner.get_by_label("Study", exact=True).uncheck()
    owner.get_by_role("button", name="Save").click()
    expect(owner.get_by_role("heading", name="You are in no group yet")).to_be_visible()


def test_a_passkey_is_added_and_signs_in(house, open_page):
    page = open_page(locale="en-US")
    browser = page.context.new_cdp_session(page)
    browser.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    key |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    browser.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    signs_in(page, house, "olivia@example.org")
    page.goto(f"{house.url}/me/")
    page.get_by_role("link", name="Passkeys").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Sign in with it alone").check()
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("Recovery Codes").first).to_be_visible()
    page.goto(f"{house.url}/accounts/2fa/webauthn/")
    expect(page.locator(".rows li")).to_have_count(1)
    page.context.clear_cookies()
    page.goto(f"{house.url}/accounts/login/?next=/me/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{house.url}/me/")
    ((stored,),) = asked(house, "SELECT data FROM mfa_authenticator WHERE type = 'webauthn'")
    assert "privateKey" not in stored and "attestationObject" in stored
