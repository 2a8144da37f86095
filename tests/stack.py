"""The product as it really runs, in processes of its own: `up` on a laptop, or every command of docker-compose.yml."""

import re
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import yaml

from tests import PASSWORD, prepared, servers
from tests.environment import clean_environment
from tests.servers import PATIENCE
from tests.translatable import ROOT

STRONG = "k3y-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2
SECRETS = {
    "SECRET_KEY": STRONG,
    "POSTGRES_PASSWORD": "unused",
    "REDIS_PASSWORD": "unused",
    "SITE_URL": "http://localhost",
}


@dataclass
class House:
    """A running product: where it answers, and how to run a command in its environment."""

    url: str
    environment: dict[str, str]

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def migrate(self) -> None:
        """What `migrate` leaves behind, where nothing is yet."""
        if self.environment.get("DATABASE_URL"):
            self.manage("shell", "--no-imports", "-v0", "-c", prepared.MIGRATE)
        else:
            prepared.sqlite(Path(self.environment["DATA_DIR"]))

    def found(self, *, name: str, email: str, person: str, language: str = "en") -> None:
        """The first group and its organizer, as `manage.py found` makes them; the password is make.PASSWORD."""
        words = f"name={name!r}, email={email!r}, person_name={person!r}, language={language!r}"
        self.manage(
            "shell", "--no-imports", "-c",
            f"from members.founding import found_group as f; f({words}, password={PASSWORD!r}, timezone='Asia/Seoul')",
        )  # fmt: skip


@contextmanager
def laptop(folder: Path, smtp) -> House:
    """`manage.py up` on SQLite and the file broker, without the demo group."""
    port = servers.free_port()
    url = f"http://localhost:{port}"
    environment = clean_environment(
        DATA_DIR=str(folder), EMAIL_HOST=smtp.host, EMAIL_PORT=str(smtp.port), EMAIL_TLS="0", SITE_URL=url
    )
    house = House(url, environment)
    house.migrate()
    house.found(name="Study", email="olivia@example.org", person="Olivia")
    with running({"up": [sys.executable, "-u", "manage.py", "up", "--port", str(port)]}, environment):
        wait_until_healthy(url)
        yield house


@contextmanager
def compose(folder: Path, smtp) -> House:
    """Every service of docker-compose.yml by its own command, on a real PostgreSQL and Redis of this machine."""
    with ExitStack() as stack:
        database, redis = stack.enter_context(servers.postgres()), stack.enter_context(servers.redis())
        port = servers.free_port()
        url = f"http://localhost:{port}"
        given = {
            "SITE_URL": url, "HTTPS": "0", "PROXIES": "0", "SECRET_KEY": STRONG, "POSTGRES_PASSWORD": "unused",
            "EMAIL_HOST": smtp.host, "EMAIL_PORT": str(smtp.port),
            "LOOK_UP": "0",
        }  # fmt: skip
        here = {"DATA_DIR": str(folder), "DATABASE_URL": database, "CELERY_BROKER_URL": redis, "EMAIL_TLS": "0"}
        services = {
            name: service for name, service in compose_file(given)["services"].items() if name not in {"db", "redis"}
        }
        environment = clean_environment(**services["web"]["environment"] | here)
        house = House(url, environment)
        house.manage("compile_translations")
        prepared.built_files()
        commands = {name: native(service["command"], port, folder) for name, service in services.items()}
        subprocess.run(commands.pop("migrate"), cwd=ROOT, env=environment, check=True, capture_output=True)
        house.found(name="Study", email="olivia@example.org", person="Olivia")
        with running(commands, environment):
            wait_until_healthy(url)
            yield house


def compose_file(given: dict[str, str]) -> dict:
    """docker-compose.yml as Compose reads it: ${NAME}, ${NAME:-default} and ${NAME:?complaint} filled in.

    What it asks for and is not given is that of tests.
    """
    given = SECRETS | given

    def fill(match):
        name, kind, rest = match.group(1), match.group(2), match.group(3) or ""
        value = given.get(name, "")
        assert value or kind != ":?", f"{name}: {rest}"
        return value or (rest if kind == ":-" else "")

    text = (ROOT / "docker-compose.yml").read_text("utf8")
    read = yaml.safe_load(re.sub(r"\$\{(\w+)(?:(:[-?])([^}]*))?\}", fill, text))
    for service in read["services"].values():
        service["environment"] = {name: str(value or "") for name, value in service.get("environment", {}).items()}
    return read


def native(command: list[str], port: int, folder: Path) -> list[str]:
    """A container's command on this machine: our Python's programs, our port, a folder of the test's own."""
    program, *rest = command
    programs = {
        "python": sys.executable,
        "gunicorn": f"{sys.prefix}/bin/gunicorn",
        "celery": f"{sys.prefix}/bin/celery",
    }
    swap = {"0.0.0.0:8000": f"127.0.0.1:{port}", "/tmp/beat": str(folder / "beat")}
    return [programs[program], *(swap.get(word, word) for word in rest)]


@contextmanager
def running(commands: dict[str, list[str]], environment: dict[str, str]):
    """The processes while the block lasts; one that ends by itself fails it with its last words."""
    logs = {name: Path(environment["DATA_DIR"]) / f"{name}.log" for name in commands}
    processes = {}
    for name, command in commands.items():
        with logs[name].open("wb") as log:
            processes[name] = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        try:
            yield processes
        except BaseException:
            for name, log in logs.items():  # pytest shows it beside the failure
                print(f"── {name} ──\n{log.read_text()[-4000:]}")
            raise
        ended = {
            name: logs[name].read_text()[-2000:] for name, process in processes.items() if process.poll() is not None
        }
        assert ended == {}
    finally:
        assert stopped(processes) == list(processes)


def stopped(processes: dict[str, subprocess.Popen], patience: float = PATIENCE) -> list[str]:
    """Stop them all, by force after `patience` seconds, in which a web server ends its last requests; return who was willing."""
    for process in processes.values():
        process.terminate()
    willing = []
    for name, process in processes.items():
        try:
            process.wait(patience)
            willing.append(name)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return willing


def wait_until_healthy(url: str, seconds: float = PATIENCE) -> None:
    wait_until(lambda: urlopen(f"{url}/health/", timeout=2).status == 200, seconds)


def wait_until(is_so, seconds: float = PATIENCE):
    """What `is_so()` gives as soon as it gives something; processes of their own have no other way to be waited for."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            if found := is_so():
                return found
        except (URLError, OSError) as error:
            last = error
        else:
            last = "it never was"
        assert time.monotonic() < deadline, f"waited {seconds} s: {last}"
        time.sleep(0.1)
