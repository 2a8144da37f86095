"""Addresses that are keys: asked for on real servers, by every way in, and looked for in all that these print."""

import re
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import Request, build_opener

import pytest
from celery import current_app
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from members import address_changes
from studygroup.secret_addresses import SECRET_PARTS, hide_secrets
from tests import make, prepared, servers
from tests.stack import STRONG, clean_environment, compose_file, laptop, native, running, wait_until_healthy
from tests.translatable import ROOT

KEY = "k3ydeadbeef0123456789"
FILLED = {"int": "7", "str": "mine", "slug": "study"}
# names that parts of an address may have; a new one is put here, or among the secret ones
PLAIN_PARTS = {
    "slug", "pk", "verb", "form", "filename", "file_pk", "lookup_pk", "turn", "photo", "session", "kind", "about",
    "dedupe_key", "to", "scope", "app_label", "model_name", "object_id", "content_type_id", "url", "provider", "status", "rest",
}  # fmt: skip


def routes(patterns=None, before="/"):
    """Every address as it is written in the patterns."""
    for one in patterns or get_resolver().url_patterns:
        here = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, here)
        elif isinstance(one, URLPattern):
            yield here


def parts_of(route):
    return re.findall(r"\(\?P<(\w+)>|<(?:\w+:)?(\w+)>", route)


def names_of(route):
    return {first or second for first, second in parts_of(route)}


def keyed():
    """Every address with a key, filled: KEY where the secret is."""
    found = []
    for route in routes():
        if names_of(route) & SECRET_PARTS:
            filled = re.sub(r"\(\?P<(\w+)>[^)]*\)", lambda part: KEY if part[1] in SECRET_PARTS else "1", route)
            filled = re.sub(
                r"<(?:(\w+):)?(\w+)>", lambda part: KEY if part[2] in SECRET_PARTS else FILLED[part[1] or "str"], filled
            )
            found.append(filled.rstrip("$"))
    return found


def asks(url):
    """Every such address by GET and POST, without its last slash, with more behind it, as the next page, and as the page before."""
    opener = build_opener()
    for path in keyed():
        page = f"{url}{path}"
        for request in (
            Request(page),
            Request(page, data=b"x=1"),
            Request(page.rstrip("/")),
            Request(f"{page}more/"),
            Request(f"{url}/accounts/login/?next={path}"),
            Request(f"{url}/accounts/login/?next={path.replace('/', '%2F')}"),
            Request(f"{url}/accounts/login/", headers={"Referer": page}),
            Request(f"{url}/nowhere/?code={KEY}&state={KEY}&token={KEY}", headers={"Referer": page}),
        ):
            try:
                opener.open(request, timeout=servers.PATIENCE).read()
            except HTTPError as refused:
                refused.read()


def test_the_addresses_that_are_keys_are_known():
    names = set().union(*(names_of(route) for route in routes()))
    assert names - SECRET_PARTS - PLAIN_PARTS == set()
    assert len(keyed()) >= 9


def test_a_key_is_hidden_wherever_it_stands():
    for path in keyed():
        for text in (path, f'"GET {path} HTTP/1.1"', f"Not Found: {path}", f"?next={path.replace('/', '%2F')}&x=1"):
            assert KEY not in hide_secrets(text)
    assert hide_secrets("GET /g/study/members/3/ 200") == "GET /g/study/members/3/ 200"
    assert hide_secrets("/accounts/login/?next=%2Fjoin%2Fabc%2F&x=1") == "/accounts/login/?next=%2Fjoin%2F…&x=1"


@pytest.mark.servers
def test_gunicorn_as_compose_starts_it_prints_no_key(tmp_path):
    port = servers.free_port()
    url = f"http://127.0.0.1:{port}"
    given = {"SITE_URL": url, "HTTPS": "0", "SECRET_KEY": STRONG, "POSTGRES_PASSWORD": "unused"}
    service = compose_file(given)["services"]["web"]
    here = {"DATA_DIR": str(tmp_path), "DATABASE_URL": "", "CELERY_BROKER_URL": ""}
    prepared.sqlite(tmp_path)
    prepared.built_files()
    environment = clean_environment(**service["environment"] | here)
    with running({"web": native(service["command"], port, tmp_path)}, environment):
        wait_until_healthy(url)
        asks(url)
    printed = (tmp_path / "web.log").read_text()
    assert ("/join/…" in printed, KEY in printed) == (True, False)


@pytest.mark.servers
def test_up_prints_no_key(tmp_path, smtp_sink):
    with laptop(tmp_path, smtp_sink) as house:
        asks(house.url)
    printed = (tmp_path / "up.log").read_text()
    assert ("/join/…" in printed, KEY in printed) == (True, False)


def test_a_traceback_in_the_log_hides_keys_and_names_no_local_variables(tmp_path):
    words = "import logging; secret = 'local';\ntry: raise ValueError('/join/%s/')\nexcept ValueError: logging.getLogger('django.request').exception('Internal Server Error: /join/%s/')"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", words % (KEY, KEY)],
        cwd=ROOT, env=clean_environment(DATA_DIR=str(tmp_path)), capture_output=True, text=True,
    )  # fmt: skip
    assert (KEY in done.stderr, "ValueError: /join/…" in done.stderr) == (False, True)


def test_no_task_is_given_a_key():
    """Celery's messages, and its log at any level, hold the arguments of tasks: numbers of rows, as each task says."""
    current_app.loader.import_default_modules()
    ours = {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}
    arguments = {
        name: set(task.run.__code__.co_varnames[: task.run.__code__.co_argcount]) for name, task in ours.items()
    }
    assert set().union(*arguments.values()) <= {"pk", "beat", "self"}


@pytest.mark.django_db
def test_the_page_after_one_whose_address_is_a_key_does_not_learn_it():
    change = make.address_change()
    invitation = make.invitation()
    for path in (
        f"/join/{invitation.token}/",
        address_changes.undo_address(change).removeprefix("http://localhost:8000"),
    ):
        assert Client().get(path).headers["Referrer-Policy"] == "strict-origin"
    assert Client().get("/accounts/login/").headers["Referrer-Policy"] == "same-origin"
    assert Client().get(f"/calendar/1/mine/{KEY}.ics").headers["Referrer-Policy"] == "no-referrer"
