"""One member sends a thousand hostile files of all kinds while ten others are at work: they hardly notice, and mail is on time."""

import json
import os
import statistics
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests import servers
from tests.hostile.requests import REQUESTS, Request
from tests.hostile.server import FILL, Server, memory
from tests.papers import pdfs
from tests.stack import compose

pytestmark = [pytest.mark.servers, pytest.mark.slow]
MEMBERS, FILES, HANDS = 10, 1000, 4  # hands: how many the hostile one sends at once
THINKING, IDLE = 1.0, 60  # seconds: at a page; of ordinary work, before anybody is hostile
SOON = 60  # seconds; who is told to come later than that has an answer
EVERY = 15  # seconds from one due notification to the next
PAGES = (
    "",
    "papers/",
    "papers/{paper}/",
    "schedule/",
    "schedule/{session}/",
    "schedule/turns/",
    "members/",
    "search/?q=deep",
)
MOST = {"web": 60, "other": 60, "child": 1100}  # MB: what ours may grow by, and what a limited child may hold
SHARED = (
    Path(__file__).parents[3] / "shared" / "hostile"
)  # a collection beside the project; without it there are others
SETUP = """
from tests import make
from members.models import Group
for n in range(300):
    make.paper(Group.objects.get(slug="hostile"), f"Deep Paper {n}")
make.session(Group.objects.get(slug="hostile").terms.get())  # in two weeks: what is due about it is sent
"""
DUE = """
from django.utils.timezone import now
from schedule.models import Session
from tests import make
session = Session.objects.order_by("pk").last()
make.notification(session, session.term.group.memberships.all()[%d], due_at=now(), dedupe_key=%d)
"""
LATE = """
import json
from schedule.models import Notification
rows = Notification.objects.exclude(dedupe_key=0).values_list("due_at", "settled_at", "state")
print(json.dumps([[(settled - due).total_seconds() if settled else None, state] for due, settled, state in rows]))
"""


def files() -> list[Request]:
    """A thousand forms with files, of all kinds in turn."""
    one_each = [request for request in REQUESTS if request.files() and not request.name.startswith("pdf: 1")]
    odd = sorted(path for path in SHARED.glob("*/*.pdf")) if SHARED.exists() else []
    contents = [path.read_bytes() for path in odd] or [pdfs.endless(number) for number in range(500)]
    uploads = [
        Request(
            f"pdf {number}", "papers/upload/", files=lambda number=number, data=data: [("files", f"{number}.pdf", data)]
        )
        for number, data in enumerate(contents)
    ]
    both = [request for pair in zip(uploads, (one_each * 9)[: len(uploads)], strict=True) for request in pair]
    return (both * 2)[:FILES]


class AtWork:
    """Members who look at one page after the other, with time to think; how many seconds each page took."""

    def __init__(self, server: Server, cookies: list[str]):
        self.server, self.visitors = server, [server.visitor(cookie) for cookie in cookies]
        self.pages = [server.address(page) for page in PAGES]

    @contextmanager
    def timed(self):
        took: list[float] = []
        stop = threading.Event()
        with ThreadPoolExecutor(len(self.visitors)) as pool:
            jobs = [pool.submit(self._look, n, visitor, took, stop) for n, visitor in enumerate(self.visitors)]
            try:
                yield took
            finally:
                stop.set()
        for job in jobs:
            job.result()

    def _look(self, number: int, visitor: httpx.Client, took: list[float], stop: threading.Event):
        while not stop.wait(THINKING):
            began = time.monotonic()
            answer = visitor.get(self.pages[number % len(self.pages)])
            took.append(time.monotonic() - began)
            assert answer.status_code == 200, (answer.url, answer.status_code)
            number += 1


def send_all(server: Server, cookie: str, requests: list[Request]) -> Counter:
    """Send every form, several at once, and again where it is told to come soon; return how often each answer came last."""
    ends: Counter = Counter()

    def send(request: Request) -> int:
        with server.visitor(cookie) as mallory:
            while True:
                page = server.send(mallory, request)
                wait = int(page.headers.get("Retry-After", SOON)) if page.status_code == 429 else SOON
                if wait >= SOON:
                    return page.status_code
                time.sleep(wait)

    with ThreadPoolExecutor(HANDS) as pool:
        ends.update(pool.map(send, requests))
    return ends


class Watched:
    """The processes of the product, by what they are, and the most that each ever held, in MB."""

    def __init__(self):
        self.most: dict[int, float] = {}
        self.kinds: dict[int, str] = {}
        self.first: dict[int, float] = {}

    def look(self):
        for pid in _processes():
            if _belongs(pid):
                try:
                    now, most = memory(pid)
                except (OSError, IndexError):
                    continue
                self.kinds[pid] = (
                    "child"
                    if "sandbox/child.py" in _command(pid)
                    else "web"
                    if "gunicorn" in _command(pid)
                    else "other"
                )
                self.first.setdefault(pid, now)
                self.most[pid] = max(most, self.most.get(pid, 0))

    def growth(self) -> dict[str, float]:
        """The most that a process of each kind grew; of limited children, the most that one held."""
        found: dict[str, float] = {}
        for pid, kind in self.kinds.items():
            value = self.most[pid] - (0 if kind == "child" else self.first[pid])
            found[kind] = max(value, found.get(kind, 0))
        return found


def _processes() -> dict[int, int]:
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                found[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
    return found


def _belongs(pid: int) -> bool:
    """Whether this test started it, or what it started did; its own database and Redis aside."""
    parents, here = _processes(), pid
    while here and here != os.getpid():
        here = parents.get(here, 0)
    return here == os.getpid() and pid != here and "python" in _command(pid)


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def p95(seconds: list[float]) -> float:
    return statistics.quantiles(seconds, n=20)[-1]


def test_a_thousand_hostile_files_of_one_member_harm_nobody(tmp_path, smtp_sink):
    """Others' pages take at most twice as long as before, no process is over its limit, mail leaves within 90 seconds."""
    if not servers.installed():
        pytest.skip("no PostgreSQL and Redis on this machine")
    with compose(tmp_path, smtp_sink) as house:
        house.manage("shell", "--no-imports", "-v0", "-c", FILL.format(MEMBERS + 1) + "\n" + SETUP)
        server = Server(house.url, json.loads((tmp_path / "hostile.json").read_text()))
        mallory, *cookies = server.organizers
        people, watched, stop = AtWork(server, cookies), Watched(), threading.Event()
        with people.timed():
            time.sleep(10)  # everything is loaded once
        with people.timed() as idle:
            time.sleep(IDLE)
        watched.look()

        def keep_watch():
            while not stop.wait(0.5):
                watched.look()

        def keep_mailing():
            number = 0
            while not stop.wait(EVERY):
                number += 1
                house.manage("shell", "--no-imports", "-v0", "-c", DUE % (number % MEMBERS, number))

        with ThreadPoolExecutor(2) as pool, people.timed() as attacked:
            jobs = [pool.submit(keep_watch), pool.submit(keep_mailing)]
            try:
                ends = send_all(server, mallory, files())
            finally:
                stop.set()
            for job in jobs:
                job.result()
        time.sleep(90)
        late = json.loads(house.manage("shell", "--no-imports", "-v0", "-c", LATE).splitlines()[-1])
        said = {
            "p95 before": p95(idle), "p95 beside": p95(attacked), "pages": (len(idle), len(attacked)), "answers": dict(ends),
            "MB": watched.growth(), "mails": len(late), "latest": max(seconds or 999 for seconds, _state in late),
        }  # fmt: skip
        print(said)
        assert [state for _seconds, state in late if state != "sent"] == []
        assert all(status < 500 for status in ends) and sum(ends.values()) == FILES, said
        assert said["latest"] <= 90 and said["p95 beside"] <= 2 * said["p95 before"], said
        assert {kind: size for kind, size in said["MB"].items() if size > MOST[kind]} == {}, said
