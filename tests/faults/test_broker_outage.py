"""The broker hangs, then dies, then comes back: people sign in, upload, paste and invite as ever, limits hold, nothing is lost.

Real processes: gunicorn, both workers and beat by the commands of docker-compose.yml, on PostgreSQL, with a Redis that
is stopped by SIGSTOP (it takes connections and answers none) and then killed.
"""

import json
import re
import shutil
import signal
import subprocess
import time
from contextlib import ExitStack, contextmanager

import pytest
import requests

from members.invitation_limits import NEW_ACCOUNT
from tests import PASSWORD, prepared, servers
from tests.papers import pdfs
from tests.stack import STRONG, House, clean_environment, compose_file, native, running, wait_until, wait_until_healthy

pytestmark = pytest.mark.servers
AN_ANSWER = 15  # seconds on a busy machine: what is sent to a broker that hangs is given up after two of them
EVERYDAY, WHOLE = (5, 5), (300, 300)  # seconds: hanging, dead
STATE = """
import json
from members.models import Invitation
from papers.models import Lookup, Paper
print(json.dumps([Paper.objects.unread().count(), Invitation.objects.filter(mailed_at=None).count()]))
"""


class Redis:
    """A Redis that can hang, die, and come back on the same port."""

    def __init__(self):
        self.port, self.server = servers.free_port(), None

    def start(self):
        command = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        assert servers.wait_for_port(self.port)

    def hang(self):
        self.server.send_signal(signal.SIGSTOP)

    def die(self):
        self.server.kill()
        self.server.wait(servers.PATIENCE)

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}/0"


@contextmanager
def house_with(redis, folder, smtp):
    """Web, both workers and beat, with a broker of the test's own."""
    with ExitStack() as stack:
        database = stack.enter_context(servers.postgres())
        port = servers.free_port()
        url = f"http://127.0.0.1:{port}"
        given = {"SITE_URL": url, "HTTPS": "0", "PROXIES": "0", "SECRET_KEY": STRONG, "POSTGRES_PASSWORD": "unused"}
        services = compose_file(given)["services"]
        here = {
            "DATA_DIR": str(folder), "DATABASE_URL": database, "CELERY_BROKER_URL": redis.url, "LOOK_UP": "1",
            "ARXIV_URL": "http://127.0.0.1:9", "EMAIL_HOST": smtp.host, "EMAIL_PORT": str(smtp.port), "EMAIL_TLS": "0",
        }  # fmt: skip
        environment = clean_environment(**services["web"]["environment"] | here)
        house = House(url, environment)
        house.migrate()
        house.manage("compile_translations")
        prepared.built_files()
        house.found(name="Study", email="olivia@example.org", person="Olivia")
        names = ("web", "mail", "heavy", "beat")
        with running({name: native(services[name]["command"], port, folder) for name in names}, environment):
            wait_until_healthy(url)
            yield house


class Person:
    """Somebody at a browser without scripts, who notes how long each answer took and what it was."""

    def __init__(self, url):
        self.url, self.browser, self.answers = url, requests.Session(), []

    def get(self, path):
        return self._timed("GET", path)

    def post(self, path, page, files=None, **said):
        text = self.get(page).text
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
        return self._timed("POST", path, data=hidden | said, files=files, allow_redirects=False)

    def _timed(self, method, path, **more):
        began = time.monotonic()
        answer = self.browser.request(method, f"{self.url}{path}", timeout=120, **more)
        self.answers.append((method, path, answer.status_code, time.monotonic() - began))
        return answer

    def sign_in(self):
        return self.post("/accounts/login/", "/accounts/login/", login="olivia@example.org", password=PASSWORD)


def at_work(url, nth):
    """Sign in, ask for a password, upload, paste, invite, look around; each is done; return how long the answers took."""
    olivia = Person(url)
    shelf, group = "/g/study/papers/", "/g/study/members/"
    pdf = {"files": (f"{nth}.pdf", pdfs.sheet(f"Paper number {nth}"), "application/pdf")}
    invited = {"addresses": f"new{nth}@example.org", "language": "en", "role": "member"}
    reset = olivia.post("/accounts/password/reset/", "/accounts/password/reset/", email="olivia@example.org")
    done = {
        "signed in": olivia.sign_in(),
        "uploaded": olivia.post(f"{shelf}upload/", shelf, files=pdf),
        "pasted": olivia.post(f"{shelf}paste/", shelf, what=f"arXiv:2011.{12000 + nth}"),
        "invited": olivia.post("/g/study/invitations/mail/", group, **invited),
    }
    said = {name: (answer.status_code, answer.headers.get("Location", "")) for name, answer in done.items()}
    assert said["uploaded"][1].startswith(shelf) and said["pasted"][1].startswith(shelf)
    assert {name: status for name, (status, _to) in said.items()} == {
        "signed in": 302, "uploaded": 303, "pasted": 303, "invited": 302 if nth <= NEW_ACCOUNT else 429,
    }  # fmt: skip
    assert reset.status_code in {302, 429}  # it has limits of its own
    assert olivia.get("/g/study/").status_code == 200
    return olivia.answers


def wrong_passwords(url):
    """Return which of seven wrong passwords are told to wait: those after the fifth."""
    pages = [
        Person(url).post("/accounts/login/", "/accounts/login/", login="olivia2@example.org", password="wrong" * 4)
        for _ in range(7)
    ]
    return ["Too many tries" in page.text or page.status_code == 429 for page in pages]


def rounds(url, first, seconds):
    """At least two of at_work(), for so many seconds; return the number of the next, and the answers."""
    answers, nth, began = [], first, time.monotonic()
    while nth < first + 2 or time.monotonic() - began < seconds:
        answers += at_work(url, nth)
        nth += 1
    return nth, answers


def story(tmp_path, smtp, hanging, dead):
    redis = Redis()
    redis.start()
    try:
        with house_with(redis, tmp_path, smtp) as house:
            redis.hang()
            nth, answers = rounds(house.url, 1, hanging)
            told = wrong_passwords(house.url)
            redis.die()
            nth, more = rounds(house.url, nth, dead)
            redis.start()
            wait_until(lambda: json.loads(house.manage("shell", "--no-imports", "-v0", "-c", STATE)) == [0, 0])
    finally:
        redis.die()
    assert told == [False] * 5 + [True] * 2
    assert [answer for answer in answers + more if answer[2] >= 500 or answer[3] > AN_ANSWER] == []
    mailed = [address for message in smtp.messages for address in message.envelope_to if address.startswith("new")]
    assert sorted(mailed) == sorted(f"new{number}@example.org" for number in range(1, min(nth - 1, NEW_ACCOUNT) + 1))


@pytest.fixture
def redis_here():
    if not servers.installed() or not shutil.which("redis-server"):
        pytest.skip("no PostgreSQL and Redis on this machine")


@pytest.mark.slow
def test_everything_works_while_the_broker_hangs_and_while_it_is_dead(tmp_path, smtp_sink, redis_here):
    story(tmp_path, smtp_sink, *EVERYDAY)


@pytest.mark.slow
def test_everything_works_through_ten_minutes_without_a_broker(tmp_path, smtp_sink, redis_here):
    story(tmp_path, smtp_sink, *WHOLE)
