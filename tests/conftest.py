"""What every test may ask for. Files go to a folder of the test's own; nothing of ours is mocked."""

import asyncio
import gc
import os
import socket
from contextlib import closing
from email import message_from_bytes, policy

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.utils.timezone import now

from studygroup.translations import compile_catalogues
from tests import databases, examples, make, prepared
from tests.corpus import SHARED
from tests.on_both import runs_on_both
from tests.order import longest_first
from tests.statements import Statements

LEAVES_OUT = "not slow"  # in pyproject.toml; with --full nothing is left out


def pytest_addoption(parser):
    parser.addoption(
        "--second-database", action="store_true", help="only what tests/on_both.txt names, unless with --full"
    )
    parser.addoption("--hourly", action="store_true", help="look at the lived terms every hour, in both languages")
    parser.addoption("--full", action="store_true", help="leave out nothing, and try properties on more cases")


def pytest_configure(config):
    # passwords are hashed as ever, but with less effort: it is there to be slow
    Argon2PasswordHasher.time_cost, Argon2PasswordHasher.memory_cost, Argon2PasswordHasher.parallelism = 1, 64, 1
    prepared.folder()  # before workers start, as they are to share it
    if config.getoption("--full"):
        examples.scale = examples.FULL
        os.environ["REACH"] = "all"
        config.option.markexpr = "" if config.option.markexpr == LEAVES_OUT else config.option.markexpr
        if config.getoption("--second-database"):
            config.pluginmanager.register(Statements(), "statements")
    elif config.getoption("--second-database"):
        examples.scale = 1 / examples.SECOND


def pytest_report_header():
    return None if SHARED.exists() else f"left out: what reads the papers in {SHARED}, which is not there"


def pytest_sessionstart(session):
    compile_catalogues()


def pytest_collection_finish(session):
    """What is imported by now stays: the garbage collector need not look at it again and again, a tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def pytest_collection_modifyitems(config, items):
    if config.getoption("--second-database") and not config.getoption("--full"):
        again = [item for item in items if runs_on_both(item.nodeid) and _uses_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in again])
        items[:] = again
    if hasattr(config, "workerinput"):
        items[:] = longest_first(items, config.workerinput["workercount"], _empties_the_database)


def _empties_the_database(item):
    marks = [mark for mark in item.iter_markers("django_db") if mark.kwargs.get("transaction")]
    return bool(marks or {"transactional_db", "live_server"} & set(item.fixturenames))


def _uses_database(item):
    return bool({"db", "transactional_db", "live_server"} & set(item.fixturenames)) or any(
        item.iter_markers("django_db")
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """CI promises whatever tests need: one that skips for want of it has failed."""
    report = (yield).get_result()
    if report.skipped and "STUDYGROUP_NO_SKIPS" in os.environ:
        report.outcome = "failed"


@pytest.fixture(scope="session")
def watcher():
    """Who is connected to the test database; None on SQLite."""
    if connection.vendor != "postgresql":
        yield None
        return
    with closing(databases.Watcher(os.environ["DATABASE_URL"])) as watcher:
        yield watcher


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings, watcher):
    """It begins as a copy of one that is migrated already: of a file that is kept, or made by the first of several workers."""
    if watcher:
        if hasattr(request.config, "workerinput"):
            connection.settings_dict["TEST"]["TEMPLATE"] = prepared.postgres_template(
                os.environ["DATABASE_URL"], watcher.ask
            )
        yield
    else:
        with prepared.sqlite_in_memory(connection.creation._get_test_db_name()):
            yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, watcher):
    """pytest-django's, whose last step is DROP DATABASE: PostgreSQL refuses it while anybody is connected."""
    yield
    if watcher and (left_open := watcher.close_the_rest()):
        pytest.fail(databases.complaint("Something shared by tests", left_open), pytrace=False)


@pytest.fixture(autouse=True)
def no_connection_stays(request, watcher):
    """A test closes what it opens, in threads and processes, too; what it leaves open is found here, not by the next test."""
    yield
    if watcher and _uses_database(request.node) and (left_open := watcher.close_the_rest()):
        pytest.fail(databases.complaint(request.node.nodeid, left_open), pytrace=False)


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "incoming"
    settings.LOOK_UP = False  # nobody outside is asked, unless a test brings its own servers
    for folder in (settings.STATIC_ROOT, settings.FILE_UPLOAD_TEMP_DIR):
        folder.mkdir()


@pytest.fixture
def standing_clock():
    """However slow the machine is, everything falls into one window of a rate limit."""
    with time_machine.travel(now(), tick=False):
        yield


@pytest.fixture
def sign_in():
    """sign_in(membership or person) -> a browser's client, signed in."""

    def signed_in(who):
        client = Client()
        client.force_login(getattr(who, "member", who), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in


@pytest.fixture
def study(db):
    """The usual cast: a group, its organizer Olivia, its members Alice and Bob; Mallory belongs to another group."""
    group = make.group(slug="study")
    return {
        "group": group,
        "olivia": make.organizer(group, "Olivia"),
        "alice": make.member(group, "Alice"),
        "bob": make.member(group, "Bob"),
        "mallory": make.organizer(make.group(name="Another group", slug="another"), "Mallory"),
    }


class Sink:
    """A mail server that keeps what it is given.

    `answers` may refuse a phase, {"RCPT": "550 No such mailbox"}; `hangs_up` cuts the line in phases: EHLO, MAIL, RCPT,
    DATA before it keeps the notification, DOT after; `keeps_silent` is how many seconds it thinks after the final dot;
    `unknown` are addresses that it has nobody for, `asked_for` all that it was asked for; `refuses_all` is what it answers
    to every address, which stands for {}.
    """

    def __init__(self):
        self.messages = []
        self.answers = {}
        self.hangs_up = set()
        self.keeps_silent = 0
        self.connections = 0
        self.unknown, self.asked_for = set(), []
        self.refuses_all = ""

    def _answer(self, phase, server, otherwise):
        if phase in self.hangs_up:
            server.transport.abort()
        return self.answers.get(phase, otherwise)

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        refusal = self._answer("EHLO", server, "")
        return [refusal] if refusal else responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        envelope.mail_from = address
        return self._answer("MAIL", server, "250 OK")

    async def handle_RCPT(self, server, session, envelope, address, options):
        self.asked_for.append(address)
        known = self.refuses_all.format(address) or "250 OK"
        answer = self._answer("RCPT", server, "550 5.1.1 No such user" if address in self.unknown else known)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        answer = self._answer("DATA", server, "250 Kept")
        if not answer.startswith("250") or "DATA" in self.hangs_up:
            return answer
        message = message_from_bytes(envelope.content, policy=policy.default)
        message.envelope_to = list(envelope.rcpt_tos)
        self.messages.append(message)
        await asyncio.sleep(self.keeps_silent)
        return self._answer("DOT", server, answer)

    def to(self, address):
        """The messages handed over for this address, in order."""
        return [message for message in self.messages if address in message.envelope_to]


@pytest.fixture
def smtp_sink(settings):
    """A real SMTP server on a free port, which Django sends to in this test."""
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    sink.host, sink.port = "127.0.0.1", port
    yield sink
    controller.stop()
