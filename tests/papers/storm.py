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


if __name__ == "__main__":
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    print(json.dumps(same_file(int(sys.argv[1]))))
