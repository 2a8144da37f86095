"""From a file to a card: what the reader finds is kept, what people typed stays, every end is definite."""

from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils.timezone import now

from papers import labels, library, processing, tasks
from papers.extraction import metadata
from papers.models import Paper, PaperText
from papers.search import index
from tests import make
from tests.papers import pdfs
from tests.papers.test_library import stored

pytestmark = pytest.mark.django_db


def shelve(study, data, name="paper.pdf"):
    return library.add_paper(pdfs.opened(data), group=study["group"], by=study["alice"], name=name).paper


def read(paper):
    assert processing.read(paper) is True
    paper.refresh_from_db()
    return paper


def test_a_pdf_becomes_a_library_card(study):
    paper = read(shelve(study, pdfs.giraffe()))
    assert (paper.state, paper.step, paper.reason, paper.tries, paper.leased_until) == (
        Paper.READY,
        Paper.DONE,
        "",
        1,
        None,
    )
    assert (paper.title, paper.authors) == (pdfs.GIRAFFE.title, list(pdfs.GIRAFFE.authors))
    assert (paper.arxiv_id, paper.pages, paper.language) == ("2011.12100", 1, "en")
    assert paper.abstract == pdfs.GIRAFFE.abstract
    assert set(paper.sources) == set(paper.confidences) >= {"title", "authors", "abstract", "arxiv_id"}
    with paper.latest.cover.open() as cover:
        assert cover.read(4) == b"RIFF"
    assert "photorealistic" in PaperText.objects.get(paper=paper).body
    assert list(index.search(study["group"].papers.all(), "photoreal")) == [paper]


def test_a_paper_is_read_once(study):
    paper = shelve(study, pdfs.giraffe())
    assert [processing.read(paper), processing.read(paper)] == [True, False]
    assert Paper.objects.get().tries == 1


def test_who_reads_holds_a_lease(study):
    paper = shelve(study, pdfs.sheet())
    Paper.objects.update(leased_until=now() + timedelta(minutes=1), tries=1)
    assert processing.read(paper) is False and processing.waiting() == []
    Paper.objects.update(leased_until=now() - timedelta(seconds=1))
    assert processing.waiting() == [paper.pk]
    assert read(paper).tries == 2


def test_a_file_whose_readers_died_three_times_is_called_unreadable(study):
    paper = shelve(study, pdfs.sheet())
    Paper.objects.update(leased_until=now() - timedelta(seconds=1), tries=3)
    assert processing.read(paper) is False
    processing.read_waiting()
    paper.refresh_from_db()
    assert (paper.state, paper.reason) == (Paper.UNREADABLE, "crashed")


def test_what_a_person_typed_while_it_was_read_stays(study):
    paper = shelve(study, pdfs.giraffe())
    library.edit(paper, by=study["bob"], changes={"title": "Giraffes", "year": 1999})
    paper = read(paper)
    typed = f"typed:{study['bob'].pk}"
    assert (paper.title, paper.year) == ("Giraffes", 1999)
    assert (paper.sources["title"], paper.sources["year"]) == (typed, typed)
    assert "title" not in paper.confidences and paper.authors == list(pdfs.GIRAFFE.authors)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdfs.locked(), "password"),
        (b"%PDF-1.7\n1 0 obj\nthis is nothing", "broken"),
        (pdfs.sheet()[:400], "broken"),
    ],
)
def test_what_cannot_be_read_keeps_its_card_with_the_reason(study, sign_in, data, reason):
    paper = read(shelve(study, data, "my locked paper.pdf"))
    assert (paper.state, paper.reason, paper.title) == (Paper.UNREADABLE, reason, "")
    page = sign_in(study["alice"]).get(f"/g/study/papers/{paper.pk}/").content.decode()
    assert "This file could not be read." in page and "my locked paper.pdf" in page and "Type the card" in page
    library.edit(paper, by=study["alice"], changes={"title": "Typed by hand"})
    assert list(index.search(study["group"].papers.all(), "hand")) == [paper]


def test_a_broken_cross_reference_is_survived(study):
    data = pdfs.giraffe()
    broken = data.replace(b"startxref\n", b"startxref\n9")
    assert broken != data
    assert read(shelve(study, broken)).title == pdfs.GIRAFFE.title


def test_ten_thousand_pages_are_read_and_counted(study):
    paper = read(shelve(study, pdfs.many_pages(10_000)))
    assert (paper.state, paper.pages) == (Paper.READY, 10_000)


def test_a_file_that_left_storage_is_said_to_be_missing(study):
    paper = shelve(study, pdfs.sheet())
    default_storage.delete(paper.latest.file.name)
    assert (read(paper).state, paper.reason) == (Paper.UNREADABLE, "missing")


def test_a_card_without_a_file_is_settled_too(study):
    paper = read(make.paper(study["group"], "", state=Paper.NEW))
    assert (paper.state, paper.reason) == (Paper.UNREADABLE, "missing")


def test_another_file_of_the_same_paper_asks_whether_it_is_here_twice(study):
    first = read(shelve(study, pdfs.giraffe()))
    second = read(shelve(study, pdfs.giraffe() + b"\n% another copy"))
    assert (first.looks_like, second.looks_like) == (None, first)
    other = read(shelve(study, pdfs.bit()))
    assert other.looks_like is None


def test_a_joined_version_is_read_anew_and_keeps_one_cover_each(study, django_capture_on_commit_callbacks):
    first = read(shelve(study, pdfs.giraffe()))
    second = read(shelve(study, pdfs.giraffe() + b"\n% another copy"))
    library.join(second, into=first)
    with django_capture_on_commit_callbacks(execute=True):
        assert read(first).state == Paper.READY
    assert (first.files.count(), len(stored()), Paper.objects.count()) == (2, 4, 1)


def test_reading_again_replaces_the_cover_and_leaves_no_old_one(study, django_capture_on_commit_callbacks):
    paper = read(shelve(study, pdfs.giraffe()))
    before = stored()
    library.read_again(paper)
    with django_capture_on_commit_callbacks(execute=True):
        read(paper)
    assert len(stored()) == 2 and stored() != before


def test_a_version_that_comes_while_the_one_before_is_read_is_read_next(study):
    paper = shelve(study, pdfs.giraffe())
    file = paper.latest
    Paper.objects.update(leased_until=now() + timedelta(minutes=1), tries=1)
    library.add_version(paper, pdfs.opened(pdfs.bit()), by=study["bob"])
    processing._settle(Paper.objects.get(), "")  # the reader of the first version is done
    paper.refresh_from_db()
    assert (paper.state, paper.latest != file) == (Paper.NEW, True)
    assert read(paper).title == pdfs.BIT.title


def test_a_paper_that_goes_while_it_is_read_leaves_nothing(study):
    paper = shelve(study, pdfs.sheet())
    file = paper.latest
    pk = paper.pk
    paper.delete()
    assert processing._write(pk, file, None, processing.Pages(cover=b"RIFF")) is None
    assert [name for name in stored() if name.endswith(".webp")] == []


def test_a_pdf_with_a_script_inside_is_flagged_to_readers(study, sign_in):
    paper = read(shelve(study, pdfs.with_script()))
    assert paper.latest.active_content == ["javascript"]
    page = sign_in(study["alice"]).get(f"/g/study/papers/{paper.pk}/").content.decode()
    assert "This PDF can act by itself." in page and "a script" in page


def test_the_steps_are_shown_as_they_are_in_the_row(study, sign_in):
    paper = shelve(study, pdfs.giraffe())
    alice = sign_in(study["alice"])
    row = f"/g/study/papers/{paper.pk}/row/"

    def steps():
        page = alice.get(row, headers={"HX-Request": "true"}).content.decode()
        return [
            word.partition(">")[2].partition("<")[0] for word in page.split('<span class="now"')[1:]
        ], "hx-get" in page

    assert steps() == ([], True)
    Paper.objects.update(step=Paper.PAGES, leased_until=now() + timedelta(minutes=1))
    assert steps() == (["cover and text"], True)
    assert [
        alice.get(row + f"?seen={step}", headers={"HX-Request": "true"}).status_code for step in ("pages", "front")
    ] == [204, 200]
    Paper.objects.update(step=Paper.WAITING, leased_until=None)
    read(paper)
    answer = alice.get(row, headers={"HX-Request": "true"})
    assert answer.headers["HX-Trigger"] == "paper-read"
    assert "hx-get" not in answer.content.decode() and "On the shelf" in answer.content.decode()
    assert alice.get(row + "?of=page", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_the_worker_s_task_reads_one_paper_and_asks_for_the_next(
    study, django_capture_on_commit_callbacks, monkeypatch
):
    sent = []
    monkeypatch.setattr("members.enqueue.current_app.send_task", lambda task, args, **options: sent.append(task))
    for n in range(2):
        shelve(study, pdfs.sheet(f"Sheet number {n}"))
    for still in (1, 0, 0):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.read_next()
        assert Paper.objects.unread().count() == still
    assert sent == ["papers.tasks.read_next"] * 2


def test_what_an_earlier_version_left_in_the_queue_is_understood(study):
    paper = shelve(study, pdfs.sheet("A sheet"))
    tasks.read_paper(paper.pk)
    tasks.read_paper(10**9)
    tasks.read_new_papers()
    assert (Paper.objects.get().state, Paper.objects.get().tries) == (Paper.READY, 1)


# ── whose turn it is ─────────────────────────────────────────────────────────────────────────────
def shelved_by(who, *names):
    return [
        library.add_paper(pdfs.upload(pdfs.sheet(name), f"{name}.pdf"), group=who.group, by=who).paper for name in names
    ]


def test_members_take_turns_however_many_files_one_brings(study):
    many = shelved_by(study["alice"], *(f"Alice {n}" for n in range(4)))
    (his,) = shelved_by(study["bob"], "Bob")
    (hers,) = shelved_by(study["mallory"], "Mallory")
    assert processing.waiting() == [many[0].pk, hers.pk, his.pk, *(paper.pk for paper in many[1:])]


def test_who_had_turns_lately_waits_for_others_and_an_hour_later_does_not(study):
    shelved_by(study["alice"], "Alice 1", "Alice 2")
    processing.read_waiting()
    (again,) = shelved_by(study["alice"], "Alice 3")
    (his,) = shelved_by(study["bob"], "Bob")
    assert processing.waiting() == [his.pk, again.pk]
    Paper.objects.exclude(state=Paper.NEW).update(changed_at=now() - timedelta(hours=2))
    assert processing.waiting() == [again.pk, his.pk]


def test_versions_of_others_papers_wait_for_the_turn_of_whoever_brought_them(study):
    (his,) = shelved_by(study["bob"], "Bob 1")
    processing.read_waiting()
    for name in ("Alice 1", "Alice 2"):
        library.add_version(his, pdfs.upload(pdfs.sheet(name), f"{name}.pdf"), by=study["alice"])
    Paper.objects.filter(pk=his.pk).update(leased_until=now() + timedelta(minutes=1), step=Paper.FRONT)
    (mine,) = shelved_by(study["bob"], "Bob 2")
    (hers,) = shelved_by(study["alice"], "Alice 3")
    assert processing.waiting() == [mine.pk, hers.pk]  # what is being read of Bob's paper is hers


def test_nobody_has_more_than_two_papers_read_at_a_time(study):
    many = shelved_by(study["alice"], *(f"Alice {n}" for n in range(4)))
    (his,) = shelved_by(study["bob"], "Bob")
    two = Paper.objects.filter(pk__in=[paper.pk for paper in many[:2]])
    two.update(leased_until=now() + timedelta(minutes=1), step=Paper.FRONT)
    assert processing.waiting() == [his.pk]
    assert processing.read_next()
    assert not processing.read_next()
    assert Paper.objects.get(pk=many[2].pk).tries == 0


def test_too_slow_a_file_may_be_read_again_but_a_locked_one_not(study, sign_in):
    alice = sign_in(study["alice"])
    for reason, then in (("timeout", (Paper.NEW, 0)), ("password", (Paper.UNREADABLE, 3))):
        paper = make.paper(study["group"], state=Paper.UNREADABLE, reason=reason, tries=3)
        for _twice in range(2):
            assert alice.post(f"/g/study/papers/{paper.pk}/again/").status_code == 303
        paper.refresh_from_db()
        assert (paper.state, paper.tries) == then


def test_a_form_that_is_being_filled_in_is_not_refreshed_away(study, sign_in):
    paper = shelve(study, pdfs.sheet())
    alice = sign_in(study["alice"])
    pages = [alice.get(f"/g/study/papers/{paper.pk}/{path}").content.decode() for path in ("", "edit/")]
    assert [f"/papers/{paper.pk}/row/" in page for page in pages] == [True, False]


def test_every_reason_why_nothing_could_be_read_has_words_of_its_own():
    assert set(labels.REASONS) == set(metadata.WORDS) | {"image_only"}
    assert all(len(str(said)) > 30 and str(said).endswith(".") for said in labels.REASONS.values())
