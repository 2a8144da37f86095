"""Whatever form is filled in wrong: what was typed stays, and each error is tied to its field and named at the top."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from lxml import html

from members import invitations
from tests import make
from tests.forms import hidden

pytestmark = pytest.mark.django_db
# name: (who fills it in, where it is sent, what is typed, which of that is wrong)
FORMS = {
    "sign in": (None, "/accounts/login/", {"login": "nobody@example.org", "password": "wrong"}, {"login", "password"}),
    "sign-in code": (None, "/accounts/login/code/", {"email": "no address"}, {"email"}),
    "new password": (None, "/accounts/password/reset/", {"email": "no address"}, {"email"}),
    "join": (None, "/join/{token}/sign-up/", {"name": "", "email": "no address", "password": "short"}, {"name", "email", "password"}),
    "change the password": (
        "alice", "/accounts/password/change/", {"oldpassword": "x", "password1": "1", "password2": "2"}, {"oldpassword", "password1"},
    ),
    "change the address": ("alice", "/accounts/email/", {"email": "no address", "action_add": ""}, {"email"}),
    "my account": ("alice", "/me/", {"name": "", "language": "ko", "timezone": "Mars/Olympus"}, {"name", "timezone"}),
    "a new group": ("alice", "/groups/new/", {"name": "", "club": "CUAI", "timezone": "Mars/Olympus"}, {"name", "timezone"}),
    "settings": ("olivia", "/g/study/settings/", {"name": "", "club": "CUAI", "timezone": "Mars/Olympus"}, {"name", "timezone"}),
    "invitations": ("olivia", "/g/study/invitations/mail/", {"addresses": "not an address", "language": "ko", "role": "member"}, {"addresses"}),
    "a paper": ("alice", "/g/study/papers/{paper}/edit/", {"title": "Deep", "year": "soon", "doi": "no"}, {"year", "doi"}),
    "a term": ("olivia", "/g/study/schedule/plan/", {"name": "Spring", "first_day": "soon", "count": "0"}, {"first_day", "count"}),
    "days away": ("alice", "/g/study/schedule/turns/away/", {"first_day": "soon", "note": "A wedding"}, {"first_day"}),
    "times of notifications": ("olivia", "/g/study/notifications/times/", {"choose_days": "999", "choose_at": "late"}, {"choose_days", "choose_at"}),
    "move a session": ("olivia", "/g/study/schedule/{session}/move/", {"day": "never", "time": "late"}, {"day", "time"}),
    "a code": ("alice", "/g/study/schedule/{session}/here/", {"code": "12"}, {"code"}),
}  # fmt: skip
EDITED = {"my account", "settings", "a paper", "times of notifications"}
SECRET = {"password", "file"}


@pytest.fixture
def world(study):
    session = make.session(make.term(study["group"]), now() - timedelta(minutes=1))
    type(session).objects.filter(pk=session.pk).update(code_key="0123456789abcdef" * 2)
    token = invitations.invite(study["group"], by=study["olivia"], at=now()).token
    return {"session": session.pk, "paper": make.paper(study["group"], "Deep").pk, "token": token}


@pytest.mark.parametrize("name", FORMS)
def test_what_was_typed_stays_and_each_error_is_tied_to_its_field(study, world, sign_in, name):
    who, address, typed, wrong = FORMS[name]
    client = sign_in(study[who]) if who else Client()
    there = address.format(**world)
    seen = hidden(client, there) if name in EDITED else {}
    answer = client.post(there, seen | typed)
    assert answer.status_code in {200, 422}
    page = html.fromstring(answer.content)
    fields = {box.name: box for box in page.xpath("//form//input|//form//select|//form//textarea") if box.name in typed}
    assert {one for one, box in fields.items() if box.get("aria-invalid") == "true"} == wrong
    described = set()
    for one in wrong:
        described.add(fields[one].get("aria-describedby"))
        said = [page.get_element_by_id(part).text_content() for part in fields[one].get("aria-describedby").split()]
        assert all(words.strip() for words in said), one
    kept = {one: words for one, words in typed.items() if one in fields and fields[one].get("type") not in SECRET}
    assert {one: (fields[one].value or "").strip() for one in kept} == kept
    if len(described) > 1:
        links = {link.get("href")[1:] for link in page.iterfind(".//*[@role='alert']//a[@href]")}
        assert {fields[one].get("id") for one in wrong} <= links
