"""docker-compose.yml says what we promise; that its commands run is seen in browser/test_story.py."""

import pickle
import re
from urllib.parse import urlparse

import pytest
import redis
from kombu.exceptions import ContentDisallowed
from kombu.serialization import loads, prepare_accept_content

from studygroup.celery import app
from tests import servers
from tests.stack import compose_file
from tests.translatable import ROOT

GIVEN = {"SITE_URL": "https://study.example.org", "SECRET_KEY": "x", "POSTGRES_PASSWORD": "y", "REDIS_PASSWORD": "z"}
OURS = ("migrate", "web", "mail", "heavy", "beat")


def test_there_is_exactly_one_beat_and_it_cannot_be_scaled_by_its_worker():
    services = compose_file(GIVEN)["services"]
    beats = [name for name, service in services.items() if "beat" in service.get("command", [])]
    assert beats == ["beat"]
    assert not any("-B" in services[name]["command"] for name in ("mail", "heavy"))


def test_every_queue_has_a_worker_and_work_that_takes_long_another_one_than_mail(settings):
    services = compose_file(GIVEN)["services"]
    queues = {name: set(option(services[name]["command"], "--queues").split(",")) for name in ("mail", "heavy")}
    assert queues == {"mail": {settings.CELERY_TASK_DEFAULT_QUEUE, "celery"}, "heavy": {"heavy"}}
    assert {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} == {"heavy"}
    assert route_of("papers.tasks.read_next") == route_of("schedule.tasks.make_bundle") == "heavy"
    assert route_of("schedule.tasks.tick") == route_of("members.tasks.send_invitations") == "mail"


def option(command, name):
    return command[command.index(name) + 1]


def route_of(task):
    return app.amqp.router.route({}, task)["queue"].name


def test_every_service_of_ours_runs_the_same_image_without_privileges():
    services = compose_file(GIVEN)["services"]
    assert sorted(services) == sorted(["db", "redis", *OURS])
    for name in OURS:
        service = services[name]
        assert (service["image"], service["read_only"], service["cap_drop"]) == ("reading-study", True, ["ALL"])
    assert "USER study" in (ROOT / "Dockerfile").read_text().splitlines()


@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "SITE_URL"])
def test_a_secret_has_no_default(name):
    with pytest.raises(AssertionError, match=name):
        compose_file(GIVEN | {name: ""})


def test_redis_answers_nobody_without_its_password():
    services = compose_file(GIVEN)["services"]
    with servers.redis(*services["redis"]["command"][1:]) as url:
        if not url:
            pytest.skip("no Redis on this machine")
        with pytest.raises(redis.AuthenticationError):
            redis.Redis.from_url(url).ping()
        here = services["web"]["environment"]["CELERY_BROKER_URL"].replace("redis:6379", urlparse(url).netloc)
        assert redis.Redis.from_url(here).ping()
    assert services["redis"]["environment"] == {"REDISCLI_AUTH": "z"}  # for the health check


def test_a_message_that_is_more_than_json_is_not_taken():
    accept = prepare_accept_content(app.conf.accept_content)
    assert accept == {"application/json"}
    with pytest.raises(ContentDisallowed):
        loads(pickle.dumps("code"), "application/x-python-serialize", "binary", accept=accept)


def test_nothing_starts_before_the_tables_are_there():
    services = compose_file(GIVEN)["services"]
    for name in ("web", "mail", "heavy", "beat"):
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert {name for name in services if "healthcheck" in services[name]} >= {"db", "redis", "web", "mail", "heavy"}


def test_the_example_environment_names_every_variable_that_compose_asks_for():
    asked = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    named = set(re.findall(r"^#? ?(\w+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert asked - named == set()
