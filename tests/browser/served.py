"""The product as a server runs it, with something on every page: gunicorn, built files named by their content, no DEBUG."""

import json
import os
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import prepared, servers
from tests.stack import STRONG, House, clean_environment, running, wait_until_healthy

PAPERS = 60  # more than one page of the shelf
FILL = f"from tests.browser import served; served.fill({PAPERS})"


@dataclass
class Served:
    """Where it answers, and for every page its address and the cookie of whoever looks at it."""

    url: str
    shown: dict[str, list[str]]

    def open(self, context, name: str):
        """The page of this name in a tab of its own, as whoever is to look at it."""
        page = context.new_page()
        self.enter(context, name)
        page.goto(self.url + self.shown[name][0])
        return page

    def enter(self, context, name: str) -> None:
        if cookie := self.shown[name][1]:
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.url}])


@contextmanager
def served(folder: Path):
    """On SQLite and the file broker; no worker runs, so that nothing changes while one measures."""
    url = f"http://localhost:{servers.free_port()}"
    house = House(url, clean_environment(DATA_DIR=str(folder), SITE_URL=url, SECRET_KEY=STRONG))
    prepared.built_files()
    shutil.copytree(prepared.once("served", _filled), folder, dirs_exist_ok=True)
    bind = url.removeprefix("http://")
    web = [sys.executable, "-m", "gunicorn", "studygroup.wsgi", "--bind", bind, "--threads", "4"]
    with running({"web": web}, house.environment):
        wait_until_healthy(url)
        yield Served(url, json.loads((folder / "shown.json").read_text()))


def _filled(folder: Path) -> None:
    folder.mkdir()
    house = House("", clean_environment(DATA_DIR=str(folder), SECRET_KEY=STRONG))
    house.migrate()
    house.manage("shell", "--no-imports", "-v0", "-c", FILL)


def fill(papers: int) -> None:
    """Run inside that product: makes what there is to see, and writes down where it is and who sees it."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.files.base import ContentFile

    from tests import make  # rows need a project that is set up
    from tests.browser.pages import pages, world

    w = world()
    for n in range(papers):
        paper = make.paper(w.group, f"Reading Together, Part {n + 1}", by=w.mingyu, authors=["Ada Lovelace"], year=2020)
        make.paper_file(paper, cover=ContentFile(make.webp(), "cover.webp"))

    def cookie(who) -> str:
        store = SessionStore()
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(who.pk), who.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        store.create()
        return store.session_key

    listed = pages(w)
    cookies = {who: cookie(who) for who in {who for _address, who in listed.values() if who}}
    shown = {name: [address, who and cookies[who]] for name, (address, who) in listed.items()}
    (Path(os.environ["DATA_DIR"]) / "shown.json").write_text(json.dumps(shown))
