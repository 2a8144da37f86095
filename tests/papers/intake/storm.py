"""Many people do the same thing in the same moment: run as a program on a database file of its own, or called in a test."""

import json
import sys
from collections import Counter
from io import BytesIO
from threading import Barrier, Thread


def at_once(count, act):
    """Call act(n) in `count` threads that start together; {what came back: how often}."""
    from django.db import connection

    results, ready = [], Barrier(count)

    def run(number):
        ready.wait()
        try:
            results.append(act(number))
        except Exception as error:  # what went wrong is the result
            results.append(repr(error))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(Counter(map(str, results)))


def same_file(count):
    """`count` uploads of the same bytes at once."""
    from papers import library
    from papers.models import Paper, PaperFile
    from tests import make
    from tests.papers import pdfs
    from tests.papers.test_library import stored

    alice = make.member()
    data = pdfs.sheet()

    def add(number):
        return library.add_paper(BytesIO(data), group=alice.group, by=alice, name=f"{number}.pdf").new

    answers = at_once(count, add)
    return {
        "answers": answers,
        "papers": Paper.objects.count(),
        "files": PaperFile.objects.count(),
        "stored": len(stored()),
    }


def over_the_quota(count):
    """`count` different files of 300 KB at once, where the quota of the group or of the member ends at 1 MB."""
    from django.test import override_settings

    from papers import library
    from papers.models import PaperFile
    from papers.uploads import UploadRefused
    from tests import make
    from tests.papers.test_library import stored

    found = {}
    for whose in ("GROUP_QUOTA_MB", "MEMBER_QUOTA_MB"):
        place, others = make.member(), make.member()
        places = [place, make.member(others.group, member=place.member)] if whose == "MEMBER_QUOTA_MB" else [place]

        def add(number, places=places, whose=whose):
            data = f"%PDF-1.7 {whose} {number}".encode().ljust(300 * 1024)
            by = places[number % len(places)]
            try:
                library.add_paper(BytesIO(data), group=by.group, by=by, name=f"{number}.pdf")
            except UploadRefused:
                return "refused"
            return "kept"

        with override_settings(**{whose: 1}):
            answers = at_once(count, add)
        rows = PaperFile.objects.filter(added_by__in=places)
        found[whose] = [answers, rows.count()]
    return found | {"stored": len(stored())}


def same_number(count):
    """`count` people paste the same three numbers at once, then as many workers look them up at once."""
    from django.test import override_settings

    from papers.intake import pasting
    from papers.lookup import queue, requests
    from papers.models import Lookup, Paper
    from tests import make
    from tests.papers.lookup import catalogue_server as sources_server

    alice = make.member()
    with sources_server.running() as sources:
        changes = {"LOOK_UP": True, "LOOK_UP_SECONDS": 5, "SOURCE_PAUSES": {"arxiv": 0.3}}
        changes["SOURCES"] = {"arxiv": f"{sources.url}/arxiv"}
        with override_settings(**changes):
            text = "2011.00001 2011.00002 2011.00003"
            at_once(count, lambda number: pasting.paste(text, group=alice.group, by=alice))
            crashed = at_once(count, lambda number: list(queue.look_up_due()))
            at_once(1, lambda number: list(queue.look_up_due()))
        moments = sources.moments
    return {
        "papers": Paper.objects.count(),
        "lookups": Lookup.objects.count(),
        "asked": len(moments),
        "workers": crashed,
        "too soon": sum(later - sooner < 0.29 for sooner, later in zip(moments, moments[1:], strict=False)),
        "due": requests.due(make.utc(2100, 1, 1)).count(),
    }


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    what = {"same_file": same_file, "same_number": same_number, "over_the_quota": over_the_quota}[sys.argv[1]]
    print(json.dumps(what(int(sys.argv[2]))))
