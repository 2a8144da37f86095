"""How long a worker takes for the zip of a term, and how much memory, on SQLite in a process of its own.

python -m benchmarks.bundle [--sessions 12] [--papers 6] [--photos 3]
"""

import argparse
import json
import tempfile
from pathlib import Path

from tests.stack import House, clean_environment

SEED = """
from members.models import Group
from tests import on_record
on_record.held(Group.objects.get(), sessions={sessions}, papers={papers}, photos={photos})
"""
MAKE = """
import json, resource, time
from members.models import Group
from schedule.transfer import bundles
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
group = Group.objects.get()
row = bundles.ask("term", group=group, by=group.memberships.first(), language="ko", term=group.terms.get())
before, begun = peak(), time.perf_counter()
assert bundles.make(row.pk)
took = time.perf_counter() - begun
row.refresh_from_db()
print(json.dumps({{"seconds": took, "before": before, "peak": peak(), "megabytes": row.size / 1e6, "parts": row.total}}))
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name, default in (("sessions", 12), ("papers", 6), ("photos", 3)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = vars(parser.parse_args())
    with tempfile.TemporaryDirectory() as folder:
        house = House("http://localhost", clean_environment(DATA_DIR=str(Path(folder))))
        house.manage("migrate", "-v0")
        house.found(name="Study", email="olivia@example.org", person="Olivia")
        house.manage("shell", "--no-imports", "-c", SEED.format(**asked))
        made = json.loads(house.manage("shell", "--no-imports", "-c", MAKE.format()).splitlines()[-1])
    print(f"{asked['sessions']} sessions, {asked['papers']} papers and {asked['photos']} photos each:")
    print(f"{made['seconds']:.1f} s, a zip of {made['megabytes']:.0f} MB in {made['parts']} parts")
    print(f"memory: {made['before']:.0f} MB before, {made['peak']:.0f} MB at most")


if __name__ == "__main__":
    main()
