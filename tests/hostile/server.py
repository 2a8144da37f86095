"""The web server as it is shipped, with a group whose organizers attack it, and what its processes hold in memory."""

import json
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests import prepared, servers
from tests.hostile.requests import Request
from tests.stack import STRONG, House, clean_environment, compose_file, native, running, wait_until_healthy

MB = 1_000_000
TOKEN = secrets.token_hex(16)
FILL = "from tests.hostile import server; server.fill({})"

SAID = re.compile(r'<div class="notice[^>]*>(.*?)</div>', re.DOTALL)
WAITING = re.compile(r"<template.*?</template>", re.DOTALL)
HEADLINE = re.compile(r"<h1[^>]*>(.*?)</h1>", re.DOTALL)


@dataclass(frozen=True)
class Answer:
    """How a request ended: the status of its page, its words, seconds, and by how many MB a process grew at most."""

    status: int
    words: str
    seconds: float
    grown: float


class Server:
    """A running web server, and organizers to attack it as: a fresh one for each request, as limits are for each."""

    def __init__(self, url: str, data: dict, master: int = 0) -> None:
        self.url, self.master = url, master
        self.organizers, self.places = iter(data.pop("organizers")), data

    def workers(self) -> list[int]:
        """The processes that answer; what they start in turn is not among them."""
        return [int(pid) for pid in Path(f"/proc/{self.master}/task/{self.master}/children").read_text().split()]

    def attack(self, request: Request) -> Answer:
        before, began = {pid: memory(pid) for pid in self.workers()}, time.monotonic()
        with self.visitor(next(self.organizers)) as client:
            page = self.send(client, request)
            for further in request.then:
                page = client.get(self.address(further))
        seconds = time.monotonic() - began
        assert set(before) == set(self.workers()), f"a process ended: {request.name}"
        grown = max(growth(before[pid], memory(pid)) for pid in before)
        return Answer(page.status_code, words_of(page.text), seconds, grown)

    def visitor(self, cookie: str) -> httpx.Client:
        """Whoever that cookie signs in."""
        cookies = {"sessionid": cookie, "csrftoken": TOKEN}
        # a connection for each request: the server closes those that are idle for two seconds, in whatever moment
        once = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(base_url=self.url, cookies=cookies, timeout=servers.PATIENCE, trust_env=False, limits=once)

    def send(self, client: httpx.Client, request: Request) -> httpx.Response:
        """The page that a form leads to."""
        fields = {"csrfmiddlewaretoken": TOKEN, "form_token": secrets.token_urlsafe(12), **request.fields}
        if fields.get("seen") == "{seen}":
            fields["seen"] = self.places["seen"]
        parts = [(name, (None, value)) for name, values in fields.items() for value in _each(values)]
        parts += [(field, (name, data)) for field, name, data in request.files()]
        sent = client.post(self.address(request.address), files=parts)
        return client.get(sent.headers["Location"]) if sent.is_redirect else sent

    def address(self, written: str) -> str:
        path = written if written.startswith("/") else f"/g/hostile/{written}"
        for name, value in self.places.items():
            path = path.replace("{" + name + "}", str(value))
        return path


def _each(values: str | list[str]) -> list[str]:
    return [values] if isinstance(values, str) else values


def words_of(page: str) -> str:
    """What a page says happened; where it says nothing, its headline."""
    page = WAITING.sub("", page)
    found = SAID.findall(page) or HEADLINE.findall(page)
    return " ".join(re.sub(r"<[^>]*>", " ", " ".join(found)).split()) or page[:200]


def memory(pid: int) -> tuple[float, float]:
    """MB that a process holds, and the most that it ever held."""
    status = Path(f"/proc/{pid}/status").read_text()
    now, most = (int(re.findall(rf"{name}:\s+(\d+) kB", status)[0]) * 1024 / MB for name in ("VmRSS", "VmHWM"))
    return now, most


def growth(before: tuple[float, float], after: tuple[float, float]) -> float:
    """MB by which it grew at most in between: to a new record where there is one, else to what it holds now."""
    return (after[1] if after[1] > before[1] else after[0]) - before[0]


@contextmanager
def served(folder: Path, organizers: int) -> Iterator[Server]:
    """The command of docker-compose.yml, on SQLite; no worker of Celery runs."""
    port = servers.free_port()
    url = f"http://localhost:{port}"
    house = House(url, clean_environment(DATA_DIR=str(folder), SITE_URL=url, SECRET_KEY=STRONG))
    prepared.built_files()
    prepared.sqlite(folder)
    house.manage("shell", "--no-imports", "-v0", "-c", FILL.format(organizers))
    web = native(compose_file({})["services"]["web"]["command"], port, folder)
    with running({"web": web}, house.environment) as processes:
        wait_until_healthy(url)
        yield Server(url, json.loads((folder / "hostile.json").read_text()), processes["web"].pid)


def fill(organizers: int) -> None:
    """Run inside that product: makes the group, a session with a paper, and a cookie for each organizer."""
    from datetime import timedelta

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils.timezone import now

    from schedule.meetings.minutes import fingerprint
    from tests import make  # rows need a project that is set up

    group = make.group("Hostile", slug="hostile")
    session = make.session(make.term(group), now() - timedelta(minutes=5))
    cookies = []
    for number in range(organizers):
        who = make.organizer(group, f"Mallory {number}")
        store = SessionStore()
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(who.member.pk), who.member.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        store.create()
        cookies.append(store.session_key)
    turn = make.presentation(session, who, paper=make.paper(group), shared_at=now())
    made = {
        "organizers": cookies,
        "session": session.pk,
        "paper": turn.paper_id,
        "turn": turn.pk,
        "seen": fingerprint(""),
    }
    (Path(os.environ["DATA_DIR"]) / "hostile.json").write_text(json.dumps(made))
