"""What a phone shares waits for its member, and enters a group only by a form with our token."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now

from papers import tasks, uploads
from papers.intake import share_target
from papers.models import Lookup, Paper
from tests import make
from tests.papers import pdfs

pytestmark = pytest.mark.django_db
ARXIV = "https://arxiv.org/abs/2011.12100"


def pdf(name="study.pdf", data=None):
    return SimpleUploadedFile(name, data or pdfs.sheet("A Study"), "application/pdf")


def share(client, *files, **texts):
    return client.post("/share/arrive/", {"files": list(files)} | texts)


def token_of(answer):
    assert (answer.status_code, answer.url[:13]) == (303, "/share/?kept=")
    return answer.url[13:]


def kept_files(settings):
    return [path.name for path in Path(settings.FILE_UPLOAD_TEMP_DIR).rglob("*.pdf")]


def words(answer):
    return [str(message) for message in answer.context["messages"]]


@pytest.fixture
def alice(study, sign_in):
    return sign_in(study["alice"])


def test_a_shared_pdf_waits_until_its_member_says_where_it_goes(study, alice, settings):
    token = token_of(share(alice, pdf(), title="A Study"))
    page = alice.get(f"/share/?kept={token}").content.decode()
    assert ("study.pdf" in page, 'value="study" required checked' in page) == (True, True)
    assert Paper.objects.count() == 0
    answer = alice.post("/share/", {"kept": token, "group": "study"})
    paper = Paper.objects.get()
    assert (answer.status_code, answer.url) == (303, paper.get_absolute_url())
    assert (paper.group, paper.added_by, paper.files.get().name) == (study["group"], study["alice"], "study.pdf")
    assert kept_files(settings) == []


def test_a_share_needs_no_token_and_putting_it_into_a_group_does(study, alice):
    strict = Client(enforce_csrf_checks=True, headers={})
    strict.cookies = alice.cookies
    token = token_of(share(strict, pdf()))
    answer = strict.post("/share/", {"kept": token, "group": "study"})
    assert (answer.status_code, Paper.objects.count()) == (403, 0)


def test_a_file_of_a_stranger_is_not_kept(settings, study):
    client = Client()
    answer = share(client, pdf())
    page = client.get(answer.url, follow=True)
    assert words(page) == ["Sign in first, then share it once more. Nothing was kept."]
    assert kept_files(settings) == []


def test_a_link_of_a_stranger_is_carried_through_signing_in(study):
    client = Client()
    answer = share(client, text=f"Look at this: {ARXIV}")
    assert answer.url == "/share/?what=arXiv%3A2011.12100"
    assert client.get(answer.url).url == "/accounts/login/?next=/share/%3Fwhat%3DarXiv%253A2011.12100"


def test_a_shared_link_goes_the_way_of_a_pasted_one(study, alice, settings):
    settings.LOOK_UP = True
    answer = share(alice, url=ARXIV)
    assert Paper.objects.count() == 0
    assert "arXiv:2011.12100" in alice.get(answer.url).content.decode()
    alice.post("/share/", {"what": "arXiv:2011.12100", "group": "study"})
    paper = Paper.objects.get()
    assert (paper.group, paper.arxiv_id, Lookup.objects.get().paper) == (study["group"], "2011.12100", paper)


def test_words_without_a_number_are_told_what_is_needed(study, alice):
    page = alice.get(share(alice, text="hello").url)
    expected = "There is no arXiv number and no DOI in this. They look like arXiv:2011.12100 and 10.1109/5.771073."
    assert words(page) == [expected]


def test_each_file_is_judged_by_itself_and_named(study, alice, monkeypatch):
    monkeypatch.setattr(uploads, "UPLOAD_LIMIT", 100_000)
    answer = share(alice, pdf("good.pdf"), pdf("not.pdf", b"hello"), pdf("big.pdf", b"%PDF-" + b"x" * 200_000))
    page = alice.get(answer.url)
    assert [file.name for file in page.context["files"]] == ["good.pdf"]
    assert [said.partition(":")[0] for said in words(page)] == ["not.pdf", "big.pdf"]


def test_the_eleventh_file_of_a_share_is_left_out(study, alice, settings):
    files = [pdf(f"{nth}.pdf", pdfs.sheet(str(nth))) for nth in range(11)]
    page = alice.get(share(alice, *files).url)
    assert words(page) == ["10.pdf: At most 10 files can be shared at once. Share this one again."]
    assert len(kept_files(settings)) == 10


def test_the_newest_share_takes_the_place_of_the_one_before(study, alice, settings):
    first, second = token_of(share(alice, pdf("a.pdf"))), token_of(share(alice, pdf("b.pdf")))
    assert len(kept_files(settings)) == 1
    assert "This no longer waits here" in alice.get(f"/share/?kept={first}").content.decode()
    assert "b.pdf" in alice.get(f"/share/?kept={second}").content.decode()


def test_confirming_a_share_that_was_replaced_leaves_the_newer_one_waiting(study, alice, settings):
    older, newer = (token_of(share(alice, pdf(name))) for name in ("older.pdf", "newer.pdf"))
    assert share_target.put_in(older, by=study["alice"]) == []
    assert [one.name for one in share_target.waiting(newer, by=study["alice"].member)] == ["newer.pdf"]
    share_target.put_in(newer, by=study["alice"])
    assert kept_files(settings) == []


def test_nobody_sees_or_takes_what_somebody_else_shared(study, alice, sign_in):
    token = token_of(share(alice, pdf()))
    bob = sign_in(study["bob"])
    assert "study.pdf" not in bob.get(f"/share/?kept={token}").content.decode()
    bob.post("/share/", {"kept": token, "group": "study"})
    assert Paper.objects.count() == 0
    assert [one.name for one in share_target.waiting(token, by=study["alice"].member)] == ["study.pdf"]


@pytest.mark.parametrize("token", ["../../../etc", "..", "", "g" * 32, "a" * 32])
def test_a_token_is_never_a_path(study, alice, token):
    assert share_target.waiting(token, by=study["alice"].member) == []
    assert alice.get("/share/", {"kept": token}).status_code == 200


def test_into_a_group_of_others_nothing_is_put(study, alice):
    make.group("Others", slug="others")
    token = token_of(share(alice, pdf()))
    assert alice.post("/share/", {"kept": token, "group": "others"}).status_code == 404
    assert Paper.objects.count() == 0
    assert len(share_target.waiting(token, by=study["alice"].member)) == 1


def test_pressed_twice_it_is_one_paper(study, alice):
    token = token_of(share(alice, pdf()))
    answers = [alice.post("/share/", {"kept": token, "group": "study"}).status_code for _ in range(2)]
    assert (answers, Paper.objects.count()) == ([303, 303], 1)


def test_after_an_hour_a_share_is_swept(study, alice, settings):
    share(alice, pdf())
    tasks.tidy()
    assert len(kept_files(settings)) == 1
    assert share_target.sweep(now() + timedelta(minutes=61)) == 1
    assert kept_files(settings) == []


def test_looking_at_the_address_of_a_share_changes_nothing(alice):
    assert alice.get("/share/arrive/").url == "/share/"
