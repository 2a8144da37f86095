"""The broker of files: a message is there whole or not at all, and none that is broken stops whoever reads it."""

import json
import sys
import time
from datetime import timedelta

import pytest
import time_machine
from django.utils.timezone import now
from kombu import Exchange, Queue
from kombu.exceptions import OperationalError

from studygroup import file_broker
from studygroup.celery import app
from tests.faults.messages import storm
from tests.stack import clean_environment, running, wait_until

QUEUE = Queue("notifications", Exchange("notifications"), routing_key="notifications")


def connect(folder):
    options = {"data_folder_in": "messages", "data_folder_out": "messages", "control_folder": "control"}
    return app.connection_for_write(transport_options={name: str(folder / part) for name, part in options.items()})


def publish(connection, body):
    connection.Producer().publish(body, exchange=QUEUE.exchange, routing_key=QUEUE.routing_key, declare=[QUEUE])


def take(connection):
    """The body of the next message, or None."""
    message = QUEUE(connection.default_channel).get(no_ack=True)
    return message and message.payload


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def broken_messages():
    whole = {"body": "e30=", "properties": {"delivery_tag": "1", "body_encoding": "base64", "delivery_info": {}}}
    return {
        "empty": b"",
        "cut short": json.dumps(whole).encode()[:-5],
        "not text": b"\xff\xfe\x00",
        "not a message": b"[]",
        "without properties": json.dumps({"body": "e30="}).encode(),
        "without a tag": json.dumps({**whole, "properties": {}}).encode(),
        "body that is no base64": json.dumps({**whole, "body": "e"}).encode(),
        "endless": b"[" * 100_000,
    }


@pytest.mark.servers
def test_of_thousands_of_messages_each_arrives_once_and_nobody_dies(tmp_path):
    found = storm(tmp_path, messages=4000, producers=4, consumers=4)
    del found["seconds"]
    assert found == {"messages": 4000, "died": 0, "arrived": 4000, "twice": 0, "left": 0}, (
        tmp_path / "errors"
    ).read_text()


def test_the_setting_filesystem_means_our_broker():
    assert type(app.connection_for_write("filesystem://").transport) is file_broker.Transport


def test_messages_come_in_the_order_in_which_they_were_written(tmp_path):
    with connect(tmp_path) as connection:
        for number in range(20):
            publish(connection, number)
        assert [take(connection) for _ in range(21)] == [*range(20), None]
    assert files(tmp_path) == ["notifications.exchange", "notifications.lock"]


@pytest.mark.parametrize("kind", broken_messages())
def test_a_message_that_cannot_be_read_is_dropped_with_a_line_and_the_next_one_comes(tmp_path, caplog, kind):
    with connect(tmp_path) as connection:
        publish(connection, "whole")
        (tmp_path / "messages" / "0_broken.notifications.msg").write_bytes(broken_messages()[kind])
        assert take(connection) == "whole"
    assert [record.getMessage().partition(".msg: ")[0] for record in caplog.records] == [
        "A message cannot be read and is dropped: 0_broken.notifications"
    ]
    assert files(tmp_path) == ["notifications.exchange", "notifications.lock"]


@pytest.mark.parametrize("left", [b"", b'[["notifications", "", "let', b"7"])
def test_a_table_of_queues_that_was_cut_short_is_written_again(tmp_path, left):
    (tmp_path / "control").mkdir()
    (tmp_path / "control" / "notifications.exchange").write_bytes(left)
    with connect(tmp_path) as connection:
        publish(connection, "whole")
        assert take(connection) == "whole"


def test_a_queue_that_is_deleted_takes_its_messages_and_its_binding_along(tmp_path):
    other = Queue("others", QUEUE.exchange, routing_key="others")
    with connect(tmp_path) as connection:
        publish(connection, "gone")
        other(connection.default_channel).declare()
        QUEUE(connection.default_channel).delete()
        table = json.loads((tmp_path / "control" / "notifications.exchange").read_bytes())
    assert (table, files(tmp_path / "messages")) == ([["others", "", "others"]], [])


def test_a_new_connection_makes_folders_that_are_gone_and_binds_again(tmp_path):
    with connect(tmp_path / "first") as connection:
        publish(connection, "lost")
    (tmp_path / "first").rename(tmp_path / "away")
    with connect(tmp_path / "first") as connection:
        publish(connection, "whole")
        assert [take(connection), take(connection)] == ["whole", None]


def test_what_cannot_be_written_is_said_as_every_broker_says_it_and_leaves_nothing(tmp_path):
    with connect(tmp_path) as connection:
        connection.connect()
        (tmp_path / "messages").rmdir()
        with pytest.raises(OperationalError):  # what a enqueue expects of a broker that is away
            app.send_task("nobody.hears", connection=connection, retry=False)
    assert files(tmp_path) == []


def test_what_a_killed_process_left_is_removed_after_an_hour(tmp_path, monkeypatch):
    (tmp_path / "messages").mkdir()
    for name in (".1.new", ".2_x.notifications.msg", "3_x.notifications.msg"):
        (tmp_path / "messages" / name).touch()
    with connect(tmp_path) as connection:
        connection.connect()
    assert files(tmp_path) == [".1.new", ".2_x.notifications.msg", "3_x.notifications.msg"]
    with time_machine.travel(now() + timedelta(seconds=3601), tick=False), connect(tmp_path) as connection:
        connection.connect()
    assert files(tmp_path) == ["3_x.notifications.msg"]


@pytest.mark.servers
def test_a_worker_lives_through_broken_messages_and_a_folder_that_is_away(tmp_path):
    """The same process answers at the end: `running` fails when it has ended."""
    worker = [sys.executable, "-m", "celery", "-q", "-A", "studygroup", "worker", "--pool", "threads", "-c", "2"]
    broker, log = tmp_path / "broker", tmp_path / "worker.log"

    def hears(name):
        """Send a task that nobody knows, and wait for the worker to say so."""
        with connect(broker) as connection:
            app.send_task(name, connection=connection, retry=False)
        wait_until(lambda: f"Received unregistered task of type '{name}'" in log.read_text())

    with running({"worker": [*worker, "-l", "warning"]}, clean_environment(DATA_DIR=str(tmp_path))):
        hears("first")
        (broker / "messages" / "0_broken.mail.msg").touch()
        hears("after.a.broken.message")
        broker.rename(tmp_path / "away")
        broker.touch()  # so that nobody makes a new one
        time.sleep(2)
        broker.unlink()
        hears("in.a.new.folder")
    assert "A message cannot be read and is dropped: 0_broken.mail.msg" in log.read_text()
