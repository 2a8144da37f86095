"""Bringing papers in through the form: each file gets a definite answer, good or bad."""

import pytest
from django.test import Client

from papers.intake.receive import FILES_A_MINUTE
from papers.models import UPLOAD_LIMIT, Paper, PaperFile
from tests import make
from tests.papers import pdfs
from tests.papers.test_library import stored

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def alice(study, sign_in):
    return sign_in(study["alice"])


def send(client, *files, **headers):
    return client.post("/g/study/papers/upload/", {"files": list(files)}, headers=headers)


def said(client, answer):
    """The words on the next page."""
    return client.get(answer.headers["Location"]).content.decode()


def test_one_paper_leads_to_its_page(study, alice):
    answer = send(alice, pdfs.upload(pdfs.sheet(), "attention.pdf"))
    paper = Paper.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/g/study/papers/{paper.pk}/")
    assert "attention.pdf is on the shelf." in said(alice, answer)
    assert paper.added_by == study["alice"]


def test_sending_the_form_twice_is_one_paper(study, alice):
    for _twice in range(2):
        answer = send(alice, pdfs.upload(pdfs.sheet(), "attention.pdf"))
    assert (Paper.objects.count(), PaperFile.objects.count(), len(stored())) == (1, 1, 1)
    assert "is the same file as ‘attention.pdf’, so there is still one of it." in said(alice, answer)


def test_thirty_files_with_three_bad_ones_land_as_twenty_seven(study, alice):
    files = [pdfs.upload(pdfs.sheet(f"Paper {n}"), f"paper {n}.pdf") for n in range(27)]
    files[5:5] = [
        pdfs.upload(b"", "empty.pdf"),
        pdfs.upload(b"<html>", "page.pdf"),
        pdfs.upload(b"PK\x03\x04", "word.docx"),
    ]
    answer = send(alice, *files)
    page = said(alice, answer)
    assert (answer.headers["Location"], Paper.objects.count(), len(stored())) == ("/g/study/papers/", 27, 27)
    assert "27 papers are on the shelf." in page
    assert "empty.pdf: This file is empty." in page
    assert "page.pdf: This is not a PDF." in page and "word.docx: This is not a PDF." in page


def test_a_row_is_answered_for_each_file(study, alice):
    answer = send(alice, pdfs.upload(pdfs.sheet(), "new.pdf"), pdfs.upload(b"no", "bad.pdf"), **HTMX).content.decode()
    paper = Paper.objects.get()
    assert (
        f'hx-get="/g/study/papers/{paper.pk}/row/?seen=waiting"' in answer
        and 'role="alert"' in answer
        and "bad.pdf" in answer
    )
    again = send(alice, pdfs.upload(pdfs.sheet(), "copy.pdf"), **HTMX).content.decode()
    assert "This paper is already on the shelf." in again and f'href="/g/study/papers/{paper.pk}/"' in again


def test_the_same_file_in_the_trash_can_be_restored_from_the_answer(study, alice):
    send(alice, pdfs.upload(pdfs.sheet()))
    paper = Paper.objects.get()
    alice.post(f"/g/study/papers/{paper.pk}/trash/")
    answer = send(alice, pdfs.upload(pdfs.sheet()), **HTMX).content.decode()
    assert "This paper lies in the trash." in answer and f'action="/g/study/papers/{paper.pk}/restore/"' in answer
    plain = send(alice, pdfs.upload(pdfs.sheet()))
    assert "which lies in the trash" in said(alice, plain)


def test_a_file_over_the_limit_is_read_past_and_said(study, alice, monkeypatch):
    """The handler counts as bytes arrive; the limit is lowered so that the test stays small."""
    monkeypatch.setattr("papers.uploads.UPLOAD_LIMIT", 300_000)
    large = b"%PDF-1.7" + b"x" * 300_000
    answer = send(alice, pdfs.upload(large, "large.pdf"), pdfs.upload(pdfs.sheet(), "small.pdf"))
    page = said(alice, answer)
    assert "large.pdf: This file is larger than" in page and "small.pdf" in page
    assert [file.name for file in PaperFile.objects.all()] == ["small.pdf"]
    assert UPLOAD_LIMIT == 50 * 1024 * 1024


def test_a_form_without_a_file_says_so(study, alice):
    assert "Choose a PDF first" in said(alice, alice.post("/g/study/papers/upload/"))
    for nameless in (b".", b"..", b""):
        body = (
            b'--line\r\nContent-Disposition: form-data; name="files"; filename="'
            + nameless
            + b'"\r\n\r\n%PDF-\r\n--line--'
        )
        answer = alice.generic(
            "POST", "/g/study/papers/upload/", body, content_type="multipart/form-data; boundary=line"
        )
        assert "Choose a PDF first" in said(alice, answer)


def test_an_upload_that_breaks_off_leaves_nothing(study, alice):
    """The body ends before its last boundary, and before as many bytes as were announced."""
    whole = (
        b'--line\r\nContent-Disposition: form-data; name="files"; filename="cut.pdf"\r\n'
        b"Content-Type: application/pdf\r\n\r\n" + pdfs.sheet() + b"\r\n--line--\r\n"
    )
    for length in (len(whole) // 2, 60, 0):
        answer = alice.generic(
            "POST", "/g/study/papers/upload/", whole[:length], content_type="multipart/form-data; boundary=line"
        )
        assert answer.status_code in {303, 400}
    assert stored() == [file.file.name for file in PaperFile.objects.all()]
    half = [paper for paper in Paper.objects.all() if paper.files.get().size < len(pdfs.sheet())]
    assert len(half) <= 1  # a cut file may come in; its reading says that it is damaged


def test_a_stranger_s_files_are_not_even_kept(study, client, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0
    answer = send(client, pdfs.upload(pdfs.sheet()))
    assert (answer.status_code, Paper.objects.count(), stored()) == (302, 0, [])


def test_without_the_form_s_own_token_nothing_comes_in(study, sign_in):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(study["alice"].member, backend="django.contrib.auth.backends.ModelBackend")
    assert (send(strict, pdfs.upload(pdfs.sheet())).status_code, Paper.objects.count()) == (403, 0)


def test_a_member_who_sends_very_many_is_asked_to_wait(study, sign_in, alice):
    many = [pdfs.upload(b"no", f"{n}.pdf") for n in range(60)]
    codes = [send(alice, *many).status_code for _ in range(3)]
    assert (codes[:2], codes[2] in {303, 429}) == ([303, 303], True)
    last = send(alice, *many)
    assert last.status_code == 429 and int(last.headers["Retry-After"]) <= 60 and FILES_A_MINUTE == 120
    assert send(sign_in(study["bob"]), pdfs.upload(pdfs.sheet())).status_code == 303


def test_a_version_comes_in_through_the_paper_s_page(study, alice):
    paper = make.paper(study["group"], "GIRAFFE")
    make.paper_file(paper, name="v1.pdf")
    answer = alice.post(f"/g/study/papers/{paper.pk}/version/", {"files": pdfs.upload(pdfs.sheet(), "v2.pdf")})
    paper.refresh_from_db()
    assert answer.headers["Location"] == f"/g/study/papers/{paper.pk}/"
    assert ([file.name for file in paper.files.all()], paper.state) == (["v2.pdf", "v1.pdf"], Paper.NEW)
    bad = alice.post(f"/g/study/papers/{paper.pk}/version/", {"files": pdfs.upload(b"no", "v3.pdf")})
    assert "v3.pdf: This is not a PDF." in said(alice, bad) and paper.files.count() == 2
