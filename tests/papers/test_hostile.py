"""Every odd and hostile file we know, through the real form and the real reader: each ends in a definite state."""

import json
import resource
import time
from collections import Counter
from pathlib import Path

import pytest

from papers import processing
from papers.models import Paper, PaperFile
from tests.papers import pdfs
from tests.papers.intake.test_upload import HTMX, send
from tests.papers.test_library import stored

HOSTILE = Path(__file__).parents[3] / "shared" / "hostile"
LONGEST = 30  # seconds until every upload has its answer

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.corpus,
    pytest.mark.slow,
    pytest.mark.skipif(not (HOSTILE / "manifest.json").exists(), reason="the hostile files are not here"),
]


def resident() -> float:
    """MB of memory that this process holds now: the worker's, as the reading itself happens elsewhere."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def test_every_hostile_file_ends_in_a_definite_state(study, sign_in, monkeypatch, record_property):
    monkeypatch.setattr("papers.intake.receive.FILES_A_MINUTE", 10**6)  # no brake on this many
    alice = sign_in(study["alice"])
    manifest = json.loads((HOSTILE / "manifest.json").read_text("utf8"))
    ends, wrong = Counter(), []
    after_warming_up = 0
    for number, entry in enumerate(manifest):
        if number == 100:
            after_warming_up = resident()
        path = HOSTILE / entry["file"]
        began = time.monotonic()
        answer = send(alice, pdfs.upload(path.read_bytes(), path.name), **HTMX)
        assert answer.status_code == 200, path.name
        end = "refused" if 'role="alert"' in answer.content.decode() else ""
        processing.read_waiting()
        paper = Paper.objects.filter(files__name=path.name).first()
        if not end:
            end = f"{paper.state} {paper.reason}".strip() if paper else "the same file as another"
            if paper:
                page = alice.get(f"/g/study/papers/{paper.pk}/")
                assert (page.status_code, paper.is_being_read) == (200, False), path.name
        seconds = time.monotonic() - began
        assert seconds < LONGEST, (path.name, seconds)
        ends[end] += 1
        if entry.get("want") == "accept" and not end.startswith(("ready", "the same")):
            wrong.append((path.name, end))
        if entry.get("want") == "reject" and end.startswith("ready"):
            wrong.append((path.name, end))
    print(dict(ends), wrong, f"memory {after_warming_up:.0f} MB after 100 files, {resident():.0f} MB after all")
    assert resident() - after_warming_up < 50
    assert sum(ends.values()) == len(manifest) == 539
    assert wrong == []
    assert Paper.objects.unread().count() == 0
    covers = PaperFile.objects.exclude(cover="").count()
    assert len(stored()) == PaperFile.objects.count() + covers
    assert alice.get("/g/study/papers/").status_code == 200
