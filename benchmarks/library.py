"""The library with 10,000 papers: queries and milliseconds of its page, and of searches, on the database in use.

    DATA_DIR=$(mktemp -d) python benchmarks/library.py [papers]
    DATABASE_URL=postgresql://… python benchmarks/library.py

Fills a group of its own, every tenth paper with a text of 600 words besides its card, and takes it away again.
"""

import itertools
import os
import random
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "studygroup.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402

from members.models import Group, Member, Membership  # noqa: E402
from papers.models import Paper, PaperText  # noqa: E402
from papers.search import index  # noqa: E402
from papers.search.bigrams import grams  # noqa: E402

SYLLABLES = "re pre sent net gan con tra stive trans form er dif fu sion at ten tion gra ph seg ment la tent po li cy ba yes".split()
HANGUL = "논 문 학 습 표 현 신 경 망 생 성 언 어 모 형 요 약 번 역 분 류 예 측 추 론 강 화".split()
VOCABULARY = 20_000  # words, the first one the most frequent, as in any language
SEARCHES = ["presentnet", "net", "re", "논문", "학", "kim 2019", "word1234x", "zzzz"]
PAGES = ["", "?view=list", "?q=presentnet", "?q=net", "?q=논문&sort=title", "?state=check", "?sort=title&page=150"]
ROUNDS = 7
WEIGHTS = list(itertools.accumulate(1 / nth for nth in range(1, VOCABULARY + 1)))


def fill(count: int) -> Group:
    rng = random.Random(7)
    words = vocabulary(rng)
    group = Group.objects.create(name="Benchmark", slug=f"benchmark-{count}")
    member = Member.objects.create_user("benchmark@example.org", name="Kim")
    by = Membership.objects.create(group=group, member=member)
    for start in range(0, count, 500):
        with transaction.atomic():
            papers = Paper.objects.bulk_create(_paper(rng, words, group, by) for _ in range(min(500, count - start)))
            PaperText.objects.bulk_create(_text(rng, paper) for paper in papers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return group


def vocabulary(rng) -> list[str]:
    made = {}
    while len(made) < VOCABULARY:
        pieces, most = (SYLLABLES, 4) if rng.random() < 0.8 else (HANGUL, 3)
        made["".join(rng.choices(pieces, k=rng.randint(2, most)))] = None
    return list(made)


def _words(rng, words, count):
    """By Zipf's law: the nth word one nth as often as the first."""
    return rng.choices(words, cum_weights=WEIGHTS, k=count)


def _paper(rng, words, group, by):
    return Paper(
        group=group, added_by=by, state=Paper.READY, title=" ".join(_words(rng, words, 8)).title(),
        authors=[f"Author {rng.randrange(3000)}", "Kim Min"], abstract=" ".join(_words(rng, words, 150)),
        year=rng.randrange(1990, 2027), confidences={"title": rng.random()},
    )  # fmt: skip


def _text(rng, paper):
    card = "\n".join([paper.title, *paper.authors, paper.abstract, str(paper.year)])
    body = " ".join(f"word{rng.randrange(40_000)}x" for _ in range(600 if rng.random() < 0.1 else 0))
    return PaperText(
        paper=paper, title_tokens=grams(paper.title), card_tokens=grams(card), body=body, body_tokens=grams(body)
    )


def milliseconds(act) -> float:
    act()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        act()
        taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def main(count: int) -> None:
    call_command("migrate", verbosity=0)
    group = fill(count)
    try:
        print(f"{connection.vendor}, {count} papers", flush=True)
        for query in SEARCHES:
            found = index.search(group.papers.kept(), query)
            print(f"  search {query!r:28} {found.count():6} found {milliseconds(lambda f=found: list(f[:50])):8.1f} ms")
        client = Client(SERVER_NAME="localhost")
        client.force_login(
            Member.objects.get(email="benchmark@example.org"), backend="django.contrib.auth.backends.ModelBackend"
        )
        for page in PAGES:
            address = f"/g/{group.slug}/papers/{page}"
            taken = milliseconds(lambda a=address: client.get(a))
            with CaptureQueriesContext(connection) as caught:
                assert client.get(address).status_code == 200
            print(f"  page {page or '(first)':30} {len(caught):3} queries {taken:12.1f} ms")
    finally:
        group.delete()
        Member.objects.filter(email="benchmark@example.org").delete()


PLAIN = {name: {"BACKEND": f"django.{path}"} for name, path in (
    ("default", "core.files.storage.FileSystemStorage"),
    ("staticfiles", "contrib.staticfiles.storage.StaticFilesStorage"),
)}  # fmt: skip

if __name__ == "__main__":
    with override_settings(STORAGES=PLAIN):
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
