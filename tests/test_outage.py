"""The database goes away and comes back while people read: every page says so in words, and nobody has to restart anything."""

import re
import sys

import pytest
import requests

from tests import PASSWORD, prepared, servers
from tests.stack import STRONG, House, clean_environment, running, wait_until, wait_until_healthy

pytestmark = pytest.mark.servers
SOON = 40  # seconds, on a busy machine: fewer than a connection is kept (CONN_MAX_AGE)


def signed_in(house):
    browser = requests.Session()
    page = browser.get(f"{house.url}/accounts/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page).group(1)
    given = {"csrfmiddlewaretoken": token, "login": "olivia@example.org", "password": PASSWORD}
    assert browser.post(f"{house.url}/accounts/login/", given, allow_redirects=False).status_code == 302
    return browser


def test_a_database_that_is_away_is_said_in_words_and_comes_back_by_itself(tmp_path):
    if not servers.installed():
        pytest.skip("no PostgreSQL server on this machine")
    with servers.cluster() as (database, database_running):
        url = f"http://127.0.0.1:{servers.free_port()}"
        environment = clean_environment(
            DATA_DIR=str(tmp_path), DATABASE_URL=database, SECRET_KEY=STRONG, SITE_URL=url, ACCEPT="en"
        )
        house = House(url, environment)
        gunicorn = [sys.executable, "-m", "gunicorn", "studygroup.wsgi", "--bind", url.removeprefix("http://")]
        with database_running():
            house.migrate()
            prepared.built_files()
            house.found(name="Study", email="olivia@example.org", person="Olivia")
        with running({"web": [*gunicorn, "--threads", "4"]}, environment):
            with database_running():
                wait_until_healthy(url)
                browser = signed_in(house)
                assert browser.get(url).status_code == 200
            for answer in (
                browser.get(url),
                browser.post(f"{url}/theme/", {"theme": "dark"}),
                browser.get(f"{url}/no"),
            ):
                assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
                assert "The database is away for a moment" in answer.text
                assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert requests.get(f"{url}/health/").status_code == 503
            with database_running():
                page = wait_until(lambda: (page := browser.get(url)).status_code == 200 and page, SOON)
                assert "Olivia" in page.text
