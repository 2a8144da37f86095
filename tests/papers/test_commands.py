"""Reading and importing from the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from papers.models import Paper
from tests.papers import pdfs

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    papers = tmp_path / "papers" / "deeper"
    papers.mkdir(parents=True)
    (papers / "giraffe.pdf").write_bytes(pdfs.giraffe())
    (papers / "locked.PDF").write_bytes(pdfs.locked())
    (papers / "notes.txt").write_text("no paper")
    return tmp_path / "papers"


def said(*command, **options):
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_extract_says_what_the_front_pages_say(folder):
    cards = json.loads(said("extract", folder, "--json"))
    seconds = cards["giraffe.pdf"].pop("seconds")
    assert 0 < seconds < 30
    assert cards["giraffe.pdf"] == {
        "title": pdfs.GIRAFFE.title,
        "authors": list(pdfs.GIRAFFE.authors),
        "year": cards["giraffe.pdf"]["year"],
        "doi": None,
        "arxiv_id": "2011.12100",
        "abstract": pdfs.GIRAFFE.abstract,
        "error": None,
    }
    assert (cards["locked.PDF"]["error"], cards["locked.PDF"]["title"]) == ("password", None)
    assert set(cards) == {"giraffe.pdf", "locked.PDF"} and Paper.objects.count() == 0


def test_extract_in_plain_lines(folder):
    lines = sorted(said("extract", folder).splitlines())
    assert lines[0].startswith(f"giraffe.pdf: {pdfs.GIRAFFE.title} – Michael Niemeyer, Andreas Geiger (")
    assert lines[1] == "locked.PDF: not read (password)"


def test_extract_names_what_is_not_there(tmp_path):
    with pytest.raises(CommandError, match="There is no .*nowhere"):
        said("extract", tmp_path / "nowhere")
    with pytest.raises(CommandError, match="There is no PDF in there."):
        said("extract", tmp_path)


def test_import_brings_a_folder_in_once(study, folder):
    (folder / "page.pdf").write_text("<html>")
    first = sorted(said("import_papers", "study", folder).splitlines())
    assert first == [
        "2 added, 1 of them could not be read.",
        f"added    giraffe.pdf: {pdfs.GIRAFFE.title}",
        "refused  page.pdf: This is not a PDF. Save or print the paper as a PDF, then add that file.",
        "unread (password) locked.PDF: no title found",
    ]
    again = sorted(said("import_papers", "study", folder, by=study["bob"].member.email).splitlines())
    assert again == [
        "0 added, 0 of them could not be read.",
        f"here already  giraffe.pdf: {pdfs.GIRAFFE.title}",
        "here already  locked.PDF: locked.PDF",
        "refused  page.pdf: This is not a PDF. Save or print the paper as a PDF, then add that file.",
    ]
    assert set(Paper.objects.values_list("added_by", flat=True)) == {study["olivia"].pk}


def test_import_says_which_groups_and_members_there_are(study, folder):
    with pytest.raises(CommandError, match="The groups here: another, study."):
        said("import_papers", "nowhere", folder)
    with pytest.raises(CommandError, match="is no member of"):
        said("import_papers", "study", folder, by=study["mallory"].member.email)
