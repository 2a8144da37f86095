"""One form is sent several times in the same moment: run as a program on a database file, or called in a test."""

import json
import sys

from tests.papers.intake.storm import at_once


def sendings(address: str, fields: dict[str, str], model: str, count: int) -> dict:
    """How many rows `count` sendings made, how many places they led to, and how many were led anywhere."""
    from django.apps import apps
    from django.test import Client

    from tests import make

    olivia = make.organizer(make.group(slug="study"), "Olivia")
    rows, clients = apps.get_model(model).objects, [Client(SERVER_NAME="localhost") for _ in range(count)]
    for client in clients:
        client.force_login(olivia.member, backend="django.contrib.auth.backends.ModelBackend")
    before = rows.count()
    led_to = at_once(count, lambda number: clients[number].post(address, fields).headers.get("Location", "nowhere"))
    return {
        "rows": rows.count() - before,
        "places": len(led_to),
        "led": sum(led_to.values()) - led_to.get("nowhere", 0),
    }


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(sendings(sys.argv[1], json.loads(sys.argv[2]), sys.argv[3], int(sys.argv[4]))))
