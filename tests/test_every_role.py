"""Every address, by every method, asked by everybody: who has no business there learns nothing and changes nothing.

The forms that are posted are the real ones: gathered from the pages of those who may, filled in, and sent by those who may not.
Everyday runs send each request as one of the roles, in turn; with --full as all of them.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import resolve
from lxml import html

from members import membership
from members.models import Member, Membership
from papers.demo_pdf import DemoPaper, write_pdf
from schedule.models import Absence
from tests import make
from tests.browser.pages import pages, world
from tests.lived import names
from tests.lived.walk import Address, addresses

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FOREIGN = ("anonymous", "outsider", "elsewhere", "removed", "staff", "superuser")
WITHOUT_OFFICE = ("member", "paused")
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
# what the server keeps about requests themselves, whoever asks
OWN_ROWS = {"django_session", "members_cacheentry", "members_ratecount", "members_sentform"}
OF_ONESELF = {
    "members_member",
    "account_emailaddress",
    "members_auditevent",
}  # what the addresses of no group may change: the own account
SIGN_IN = "/accounts/login/"
TYPED = {
    "date": "2027-05-04", "time": "18:30", "number": "2", "email": "new@example.org", "url": "https://example.org/",
    "text": "Something else", "search": "Something else", "textarea": "new@example.org",
}  # fmt: skip
NAMED = {
    "timezone": "Europe/Paris", "days_off": "2027-05-05", "year": "2024", "doi": "10.1000/182", "arxiv_id": "2401.00001", "minutes": "90",
}  # fmt: skip
FILES = {
    "pdf": ("new.pdf", write_pdf(DemoPaper("New Ideas", ("A. Writer",), "We have them. " * 20, ""))),
    "photo": ("new.webp", make.webp()),
}


# ── what is asked ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def here(db, django_user_model):
    """A group with everything in it, somebody of every role, and another group with an organizer of its own."""
    w = world()
    Absence.objects.create(membership=w.hayun, first_day="2027-05-03", last_day="2027-05-04")
    gone, paused = make.member(w.group, "Gone", role=Membership.ORGANIZER), make.member(w.group, "Paused")
    membership.change(gone, "remove")
    membership.change(paused, "pause")
    people = {
        "anonymous": None, "outsider": make.person("Outsider"), "elsewhere": w.alone.member, "removed": gone.member,
        "staff": make.person("Staff", is_staff=True), "superuser": make.person("Super", is_staff=True, is_superuser=True),
        "member": make.member(w.group, "Mem").member, "paused": paused.member, "organizer": w.mingyu.member,
    }  # fmt: skip
    return SimpleNamespace(**vars(w), people=people, things=_things(w), secrets=_secrets(w, gone.member))


def _things(w) -> list[dict]:
    """What an address may be about: things of a session that was held, of one to come, and of a draft."""
    found = [
        names.things(w.group.slug, session.pk, w.hayun.pk) for session in (w.first, w.third, w.draft.sessions.get())
    ]
    return [one | {"bib/pk": w.listed.pk} for one in found]


def _secrets(w, gone: Member) -> list[bytes]:
    """What only the group knows; who was removed knows one's own address."""
    emails = Member.objects.filter(memberships__group=w.group).exclude(pk=gone.pk).values_list("email", flat=True)
    titles = [title for title in w.group.papers.values_list("title", flat=True) if title]
    return [text.encode() for text in (w.group.name, "히트맵", "그날 결혼식이 있어요.", *emails, *titles)]


def client_of(person) -> Client:
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def of_a_group() -> list[Address]:
    return [one for one in addresses() if one.of_a_group]


def forms_of(here) -> dict[str, list[list[tuple]]]:
    """{address: the bodies that its forms would send}, as the pages of an organizer and of a presenter hold them."""
    found = defaultdict(list)
    about_sessions = {session.get_absolute_url() for session in (here.first, here.second, here.third)}
    shown = {address for address, who in pages(here).values() if who} | about_sessions
    for address, who in [(address, who) for address in shown for who in (here.mingyu.member, here.hayun.member)]:
        answer = client_of(who).get(address)
        if answer.status_code != 200 or "html" not in answer.headers["Content-Type"]:
            continue
        page = html.fromstring(answer.content)
        for form in page.forms:
            if form.method == "POST":
                found[(form.action or address).partition("?")[0]] += _sendings(form)
    return {
        path: _different(bodies) for path, bodies in sorted(found.items()) if path.startswith(f"/g/{here.group.slug}/")
    }


def _different(bodies: list) -> list:
    return list({str([(name, str(value)) for name, value in body if name != "seen"]): body for body in bodies}.values())


def _sendings(form) -> Iterator[list[tuple]]:
    """What a form sends, filled in: once for each of its buttons that has a value."""
    fields = {}
    for field in form.iterfind(".//*[@name]"):
        kind = (field.get("type") or "text") if field.tag == "input" else field.tag
        if kind == "file":
            fields[field.get("name")] = SimpleUploadedFile(
                *FILES["photo" if "image" in field.get("accept", "") else "pdf"]
            )
        elif kind in TYPED:
            field.value = NAMED.get(field.get("name"), TYPED[kind])
        elif kind == "checkbox":
            field.checked = True
        elif kind == "radio":
            fields.setdefault(field.get("name"), field.get("value"))
        elif kind == "select" and not field.value:
            field.value = next((option for option in field.value_options if option), None)
    fields = {**fields, **dict(form.form_values())}
    fields = [(name, value) for name, value in fields.items() if not name.endswith("token")]
    buttons = {(one.get("name"), one.get("value", "")) for one in form.iterfind(".//button[@name]")}
    yield from ([*fields, button] for button in sorted(buttons)) if buttons else [fields]


# ── what comes of it ─────────────────────────────────────────────────────────────────────────────
class Asked(SimpleNamespace):
    """An answer, and the tables whose rows were changed meanwhile; nothing of it stays."""


def ask(client: Client, method: str, path: str, fields=()) -> Asked:
    """Send a request; whatever it changes is taken back."""
    changed = set()

    def note(execute, sql, params, many, context):
        done = execute(sql, params, many, context)
        # SQLite counts the row of an INSERT ... RETURNING when it is fetched
        if (match := WRITES.match(sql)) and (context["cursor"].rowcount or " RETURNING " in sql):
            changed.add(match[1])
        return done

    body, kind = b"", MULTIPART_CONTENT
    if method in {"POST", "PUT", "PATCH"}:
        lists = defaultdict(list)
        for name, value in fields:
            lists[name].append(value)
        body = encode_multipart(BOUNDARY, lists)
    with transaction.atomic(), connection.execute_wrapper(note):
        answer = client.generic(method, path, body, content_type=kind)
        content = b"".join(answer)
        transaction.set_rollback(True)
    return Asked(
        status=answer.status_code,
        location=answer.headers.get("Location", ""),
        content=content,
        changed=changed - OWN_ROWS,
    )


def told(here, asked: Asked) -> list[str]:
    """What of the group's secrets stands in an answer."""
    return [secret.decode() for secret in here.secrets if secret in asked.content]


def is_turned_away(asked: Asked, path: str) -> bool:
    """Whether it is not there, asks to sign in, or leads up to the page that asks either."""
    if asked.status in {404, 401, 405}:
        return True
    to_sign_in = asked.location.startswith(SIGN_IN)
    return asked.status in {301, 302, 303, 308} and (
        to_sign_in or path.startswith(asked.location) or "/letters/" in path or "/jump/" in path
    )


def named_paths(here) -> list[tuple[str, str]]:
    return [(one.name, path) for one in of_a_group() for path in sorted({one.of(things) for things in here.things})]


def requests_of(here) -> list[tuple[str, str, str, list]]:
    """(name, method, path, fields): every address by every method without fields, and every form."""
    every = [(name, method, path, []) for name, path in named_paths(here) for method in METHODS]
    every += [
        (resolve(path).view_name, "POST", path, body) for path, bodies in forms_of(here).items() for body in bodies
    ]
    return every


@pytest.fixture
def roles(request):
    """Which of several roles send a request: in turn, or all of them with --full."""
    full = request.config.getoption("--full")
    return lambda of, number: of if full else (of[number % len(of)],)


def test_who_is_not_in_a_group_learns_nothing_of_it_and_changes_nothing_there(here, roles):
    clients, wrong = {role: client_of(here.people[role]) for role in FOREIGN}, []
    for number, (name, method, path, fields) in enumerate(requests_of(here)):
        for role in roles(FOREIGN, number):
            asked = ask(clients[role], method, path, fields)
            if told(here, asked) or asked.changed or not is_turned_away(asked, path):
                wrong.append((role, name, method, path, asked.status, asked.location, told(here, asked), asked.changed))
    wrong += asked_under_ones_own_group(here, clients["elsewhere"], len(roles(FOREIGN, 0)) > 1) + asked_of_no_group(
        here, clients, roles
    )
    assert wrong == []


def asked_under_ones_own_group(here, client, thorough: bool) -> list[tuple]:
    """What goes wrong when the organizer of another group asks for these things under the address of the other group."""
    ours, theirs, wrong = f"/g/{here.group.slug}/", f"/g/{here.alone.group.slug}/", []
    for name, method, path, fields in requests_of(here)[:: 1 if thorough else 3]:
        asked = ask(client, method, path.replace(ours, theirs), fields)
        by_number = asked.changed and re.search(r"/\d+/", path)
        if (told(here, asked) and not fields) or by_number or asked.status >= 500:
            wrong.append(("elsewhere", name, method, path, asked.status, told(here, asked), asked.changed))
    return wrong


def asked_of_no_group(here, clients, roles) -> list[tuple]:
    """What the addresses that belong to no group tell of one."""
    wrong = []
    requests = [(one, method) for one in addresses() if not one.of_a_group for method in METHODS]
    for number, (address, method) in enumerate(requests):
        for role in roles(FOREIGN, number):
            asked = ask(clients[role], method, address.of(here.things[0]))
            if told(here, asked) or asked.changed - OF_ONESELF or asked.status >= 500:
                wrong.append((role, address.name, method, asked.status, told(here, asked), asked.changed))
    return wrong


def test_who_does_not_organize_changes_nothing_that_organizers_decide(here, roles):
    clients, wrong = {role: client_of(here.people[role]) for role in WITHOUT_OFFICE}, []
    for number, (name, method, path, fields) in enumerate(requests_of(here)):
        for role in roles(WITHOUT_OFFICE, number) if name in names.FOR_ORGANIZERS else ():
            asked = ask(clients[role], method, path, fields)
            if asked.changed or not is_turned_away(asked, path):
                wrong.append((role, name, method, path, asked.status, asked.location, asked.changed))
    assert wrong == []


def test_the_forms_that_others_send_in_vain_do_something_when_those_send_them_who_may(here):
    """Else the tests above would prove nothing."""
    clients = [client_of(who) for who in (here.mingyu.member, here.hayun.member)]
    works, idle = set(), set()
    for path, bodies in forms_of(here).items():
        changes = any(ask(client, "POST", path, fields).changed for fields in bodies for client in clients)
        (works if changes else idle).add(resolve(path).view_name)
    assert len(works) >= 38, f"does nothing: {sorted(idle - works)}"
