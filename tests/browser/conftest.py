"""A real Chromium for the stories; whatever it complains about in the console fails the test."""

import os
import shutil

import pytest
from django.db import connections
from playwright.sync_api import expect, sync_playwright

from studygroup.management.commands.test import BROWSERS

ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 90_000  # milliseconds: only a test that fails waits so long
expect.set_options(timeout=PATIENCE)
# htmx says so of a request that is given up for the next one, or with its page: more likely on a busy machine
GIVEN_UP = ("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort", "htmx:oobErrorNoTarget")


def chromium_path():
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def chromium():
    path = chromium_path()
    if not path:
        pytest.skip("no Chromium on this machine")
    # Playwright keeps an event loop in this thread, which Django would take for an async view. In a loop Django has other
    # connections than outside: those of before and those of meanwhile are closed, as nobody could reach them afterwards.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    connections.close_all()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGS)
        yield browser
        browser.close()
        connections.close_all()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium):
    """open_page(width=1280, …) -> a fresh browser page; errors and CSP violations in its console fail the test.

    `refused`: it is to see pages with a status like 404, of which the browser complains by itself; of what else is missing
    on them it complains as ever. `refused_scripts`: what its scripts ask for may be refused, too, or be without a line.
    """
    contexts, complaints, aborted = [], [], []

    def opened(width=1280, height=900, refused=False, refused_scripts=False, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.on("page", lambda page: listen(page, complaints, refused=refused, refused_scripts=refused_scripts))
        page = context.new_page()
        page.on("requestfailed", lambda request: request.failure == "net::ERR_ABORTED" and aborted.append(request.url))
        return page

    yield opened
    for context in contexts:
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")  # a request may still be on its way
        context.close()
    assert [text for text in complaints if not (aborted and text.startswith(GIVEN_UP))] == []


def listen(page, complaints, *, refused, refused_scripts=False):
    """What the console says against the page, but not that a page to be refused has the status that it is to have."""
    expected = set()

    def note(asked):
        if (refused and asked.is_navigation_request()) or (refused_scripts and asked.resource_type in {"fetch", "xhr"}):
            expected.add(asked.url)

    page.on("request", note)

    def hear(message):
        own_status = message.text.startswith("Failed to load resource") and message.location["url"] in expected
        own_status |= refused_scripts and message.text.startswith(
            "Response Status Error Code"
        )  # HTMX says it once more
        if message.type in {"error", "warning"} and not own_status:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
