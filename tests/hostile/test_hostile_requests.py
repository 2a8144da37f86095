"""Whatever is handed to the web server as it is shipped: its processes stay small, and it answers soon, and in words."""

import pytest

from tests.hostile.requests import REQUESTS, SAMPLE, Request
from tests.hostile.server import Answer, Server, served

MOST_GROWTH = 60  # MB
LONGEST = 30  # seconds
ORDINARY = ("photo: AVIF", "bib: comments", "slides: an empty file")  # what is loaded once is loaded by them

pytestmark = pytest.mark.servers


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with served(tmp_path_factory.mktemp("hostile"), 2 * len(ORDINARY) + len(SAMPLE) + len(REQUESTS)) as server:
        for request in [request for request in REQUESTS if request.name in ORDINARY] * 2:
            server.attack(request)
        yield server


def complaints(server: Server, requests: list[Request]) -> list[tuple[str, Answer]]:
    """What harmed: each request with how it was answered. All are printed, for whoever wants to see what they cost."""
    found = []
    for request in requests:
        answer = server.attack(request)
        print(f"{answer.grown:6.1f} MB {answer.seconds:5.1f} s {answer.status} {request.name}: {answer.words[:100]}")
        sound = answer.status < 500 and answer.status != 429 and answer.words
        if not sound or answer.grown > MOST_GROWTH or answer.seconds > LONGEST:
            found.append((request.name, answer))
    return found


def test_the_set_has_all_kinds_and_each_name_once():
    names = [request.name for request in REQUESTS]
    assert len(names) == len(set(names)) > 60
    assert {name.partition(":")[0] for name in names} == {"photo", "photos", "bib", "slides", "pdf", "form"}
    assert set(SAMPLE) <= set(names) and set(ORDINARY) <= set(names)


def test_a_few_hostile_requests_cost_the_web_server_little(server):
    assert complaints(server, [request for request in REQUESTS if request.name in SAMPLE]) == []


@pytest.mark.slow
def test_no_hostile_request_costs_the_web_server_much(server):
    assert complaints(server, REQUESTS) == []
