"""Several processes write messages to the file broker while others take them: each arrives once, and nobody dies.

    python -m tests.faults.messages --messages 20000 --producers 4 --consumers 4

Every process starts afresh, so that they also meet while they say which queue belongs to which exchange. Prints JSON;
--transport kombu.transport.filesystem:Transport does the same with kombu's own.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from kombu import Exchange, Queue

from studygroup.celery import app
from tests.stack import clean_environment
from tests.translatable import ROOT

QUEUE = Queue("storm", Exchange("storm"), routing_key="storm")
PATIENCE = 20.0  # seconds in which nothing arrives: then what is missing is lost


def storm(folder: Path, *, messages: int, producers: int, consumers: int, transport: str = "") -> dict:
    """What became of `messages` messages in the broker below `folder`."""
    environment = clean_environment(
        DATA_DIR=str(folder),
        DJANGO_SETTINGS_MODULE="studygroup.settings",
        TMPDIR=str(folder / "tmp"),  # where kombu's own moves what it takes
        FAULTS_TRANSPORT=transport,
    )
    for name in ("tmp", "broker/messages", "broker/control"):
        (folder / name).mkdir(parents=True)
    begun, each = time.monotonic(), messages // producers

    def start(*words):
        command = [sys.executable, "-m", "tests.faults.messages", *map(str, words)]
        with (folder / "errors").open("ab") as errors:
            return subprocess.Popen(command, cwd=ROOT, env=environment, stderr=errors)

    takers = [start("consume", folder, number) for number in range(consumers)]
    givers = [start("produce", number * each, (number + 1) * each) for number in range(producers)]
    died = sum(giver.wait() != 0 for giver in givers)
    _wait_for(folder, each * producers, takers)
    (folder / "done").touch()
    died += sum(taker.wait() != 0 for taker in takers)
    arrived = Counter(_arrived(folder))
    return {
        "messages": each * producers,
        "died": died,
        "arrived": len(arrived),
        "twice": sum(times > 1 for times in arrived.values()),
        "left": sum(len(list((folder / name).iterdir())) for name in ("tmp", "broker/messages")),
        "seconds": round(time.monotonic() - begun, 1),
    }


def _arrived(folder):
    return [line for file in folder.glob("taken-*") for line in file.read_text().split()]


def _wait_for(folder, count, takers):
    """Until all have arrived, or nothing has for a while."""
    seen, since = 0, time.monotonic()
    while seen < count and time.monotonic() - since < PATIENCE and any(taker.poll() is None for taker in takers):
        time.sleep(0.2)
        if (now := len(_arrived(folder))) > seen:
            seen, since = now, time.monotonic()


def _connection():
    other = os.environ["FAULTS_TRANSPORT"]
    return app.connection_for_write(**({"transport": other} if other else {}))


def produce(first: str, beyond: str) -> None:
    with _connection() as connection, connection.Producer() as producer:
        for number in range(int(first), int(beyond)):
            producer.publish(number, exchange=QUEUE.exchange, routing_key=QUEUE.routing_key, declare=[QUEUE])


def consume(folder: str, number: str) -> None:
    def take(body, message):
        print(body, file=taken, flush=True)
        message.ack()

    done = Path(folder) / "done"
    file = Path(folder) / f"taken-{number}"
    with file.open("w") as taken, _connection() as connection, connection.Consumer([QUEUE], callbacks=[take]):
        while not done.exists():
            try:
                connection.drain_events(timeout=0.5)
            except TimeoutError:
                continue


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20000)
    parser.add_argument("--producers", type=int, default=4)
    parser.add_argument("--consumers", type=int, default=4)
    parser.add_argument("--transport", default="")
    with tempfile.TemporaryDirectory(prefix="studygroup-messages-") as folder:
        print(json.dumps(storm(Path(folder), **vars(parser.parse_args()))))
        errors = Counter(line for line in (Path(folder) / "errors").read_text().splitlines() if "Error:" in line)
        print(*(f"{times} x {line}" for line, times in errors.items()), sep="\n", file=sys.stderr)


if __name__ == "__main__":
    roles = {"produce": produce, "consume": consume}
    if sys.argv[1:] and sys.argv[1] in roles:
        roles[sys.argv[1]](*sys.argv[2:])
    else:
        main()
