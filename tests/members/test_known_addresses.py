"""Whether an address has an account: no form tells whoever types it in, by words, by where it leads, or by the time it takes.

OWASP, Authentication Cheat Sheet: the same answer in every case, after the same work; what differs is in the mail.
"""

import re
from collections import Counter

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.utils.timezone import now

from members import accounts, invitation_stops, invitations
from members.views import joining
from tests import make

pytestmark = pytest.mark.django_db
KNOWN, UNKNOWN = "alice@example.org", "nobody@example.org"
HASHED: Counter[str] = Counter()


class Counting(Argon2PasswordHasher):
    """The product's hasher; how often it worked is counted."""

    def encode(self, password, salt):
        HASHED["times"] += 1
        return super().encode(password, salt)

    def verify(self, password, encoded):
        HASHED["times"] += 1
        return super().verify(password, encoded)


@pytest.fixture
def alice(settings):
    settings.PASSWORD_HASHERS = [f"{__name__}.Counting"]
    return accounts.open_account(
        email=KNOWN, name="Alice", password=make.PASSWORD, language="en", timezone="UTC", verified=True
    )


@pytest.fixture
def link(study):
    return f"/join/{invitations.invite(study['group'], by=study['olivia'], at=now(), max_uses=None).token}/"


def told(client, path, email, **fields):
    """All that the answer to a form tells: each page on the way, where it led, and how often a password was hashed."""
    HASHED.clear()
    client.get(path)
    pages = [client.post(path, {"email": email, "login": email, **fields})]
    hashed = HASHED["times"]
    while pages[-1].status_code == 302:
        pages.append(client.get(pages[-1].headers["Location"]))
    said = [(page.status_code, page.headers.get("Location"), visible(page)) for page in pages]
    return said, hashed


def visible(page):
    """The page without what differs every time."""
    text = re.sub(r'name="(csrfmiddlewaretoken|form_token)" value="[\w-]+"|X-CSRFToken": "\w+"', "", page.text)
    return re.sub("alice@example.org|nobody@example.org", "ADDRESS", text)


@pytest.mark.parametrize("mail", [True, False])
@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/login/code/", "/accounts/password/reset/", "sign-up/"])
def test_no_form_tells_a_known_address_from_an_unknown_one(alice, link, request, path, mail):
    sink = request.getfixturevalue("smtp_sink") if mail else None
    address = f"{link}{path}" if path == "sign-up/" else path
    fields = {"name": "Mallory", "password": "a wrong sentence, quite long"}
    known, unknown = (told(Client(), address, email, **fields) for email in (KNOWN, UNKNOWN))
    assert known == unknown
    if sink and path != "/accounts/login/":
        assert [len(sink.to(email)) for email in (KNOWN, UNKNOWN)] == [1, 1]


@pytest.mark.parametrize("mail", [True, False])
def test_a_change_of_address_tells_no_known_address_from_an_unknown_one(alice, study, sign_in, request, mail):
    if mail:
        request.getfixturevalue("smtp_sink")
    clients = [sign_in(study["bob"]), sign_in(study["bob"])]
    answers = [
        told(client, "/accounts/email/", email, action_add="")
        for client, email in zip(clients, (KNOWN, UNKNOWN), strict=True)
    ]
    assert answers[0] == answers[1]


def test_an_account_is_opened_after_the_same_work_whether_or_not_there_is_one(alice, link):
    new = {"name": "Mallory", "password": "a wrong sentence, quite long"}
    assert [told(Client(), f"{link}sign-up/", email, **new)[1] for email in (KNOWN, UNKNOWN)] == [1, 1]


def test_the_mail_alone_says_whether_there_is_an_account(alice, link, smtp_sink):
    for email in (KNOWN, UNKNOWN):
        Client().post(f"{link}sign-up/", {"email": email})
    known, unknown = (smtp_sink.to(email)[0] for email in (KNOWN, UNKNOWN))
    assert (known["subject"], unknown["subject"]) == ("Your way into the group",) * 2
    assert "There is an account with this address." in known.get_content()
    assert re.search(r"http://localhost:8000/join/\w+/\s", known.get_content())
    assert re.search(r"http://localhost:8000/join/\w+/as/\S+/\s", unknown.get_content())


def test_by_a_link_no_mail_goes_to_who_wants_none_and_few_to_one_mailbox(study, link, smtp_sink):
    invitation_stops.stop("stopped@example.org")
    for number in range(joining.MAILS_A_DAY + 2):
        Client().post(f"{link}sign-up/", {"email": f"Carol+{number}@example.org"})
        stopped = Client().post(f"{link}sign-up/", {"email": f"stopped+{number}@example.org"})
    assert stopped.status_code == 429  # counted like any other
    assert len(smtp_sink.messages) == joining.MAILS_A_DAY
