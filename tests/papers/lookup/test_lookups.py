"""From a number to a card: what the worker asks, and what every kind of answer makes of the row and the card."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils.timezone import now

from papers import library, processing, tasks
from papers.intake import pasting
from papers.lookup import merge, queue, requests
from papers.models import Lookup, Paper, Source
from tests import make
from tests.papers import pdfs
from tests.papers.lookup import catalogue_server as sources_server
from tests.papers.lookup.catalogue_server import PAPER, Answer, atom, feed, flood, silence

pytestmark = pytest.mark.django_db
DOI = PAPER["doi"]


@pytest.fixture
def sources(settings):
    with sources_server.running() as server:
        sources_server.settle(settings, server)
        yield server


def paste(study, text):
    return pasting.paste(text, group=study["group"], by=study["alice"])


def worker():
    """What the worker does: look up, then read the PDFs that came; until nothing is due."""
    for paper in queue.look_up_due():
        processing.read(paper)


def uploaded(study, data=None):
    paper = library.add_paper(pdfs.upload(data or pdfs.giraffe()), group=study["group"], by=study["bob"]).paper
    processing.read(paper)
    paper.refresh_from_db()
    return paper


def stand(**which):
    """(state, who answered, tries, is it asked again) of the one look-up."""
    lookup = Lookup.objects.get(**which)
    return lookup.state, lookup.source, lookup.tries, lookup.next_try_at is not None


def card(paper):
    paper.refresh_from_db()
    return {field: getattr(paper, field) for field in Paper.READ}


# ── the second door ──────────────────────────────────────────────────────────────────────────────
def test_a_pasted_arxiv_link_becomes_a_whole_card_with_its_pdf(study, sources):
    [arrived] = paste(study, "https://arxiv.org/abs/2011.12100v2")
    assert (arrived.new, arrived.paper.called, arrived.paper.state) == (True, "arXiv:2011.12100", Paper.READY)
    worker()
    paper = Paper.objects.get()
    lookup = paper.lookups.get(kind="arxiv")
    alice = f"typed:{study['alice'].pk}"
    assert card(paper) == PAPER
    assert paper.sources == dict.fromkeys(Paper.READ, "arxiv") | {"arxiv_id": alice}
    assert (lookup.state, lookup.pdf, lookup.next_try_at) == (Lookup.FOUND, Lookup.KEPT, None)
    assert (paper.state, paper.pages, paper.latest.name) == (Paper.READY, 1, "2011.12100.pdf")
    assert sources.to("pdf") == ["/pdf/2011.12100v2"]


def test_a_pasted_doi_becomes_a_card_without_file(study, sources):
    paste(study, f"doi:{DOI.upper()}")
    worker()
    paper = Paper.objects.get()
    assert card(paper) == PAPER | {"doi": DOI.upper(), "arxiv_id": ""}
    assert (paper.state, list(paper.files.all()), stand()) == (Paper.READY, [], (Lookup.FOUND, "crossref", 0, False))
    assert sources.asked == [("crossref", f"/works/{DOI.upper()}")]


def test_what_crossref_does_not_know_or_cannot_say_is_asked_of_openalex(study, sources):
    for answer in (Answer(status=404), Answer(status=500), Answer(b"<html>"), Answer(status=429, Retry_After="3600")):
        sources.answers["crossref"] = answer
        [arrived] = paste(study, DOI)
        worker()
        assert stand() == (Lookup.FOUND, "openalex", 0, False)
        assert card(arrived.paper) == PAPER | {"arxiv_id": ""}
        Paper.objects.all().delete()
        Source.objects.all().delete()


def test_the_same_number_twice_is_one_card_and_asked_once(study, sources):
    first = paste(study, "2011.12100")
    again = paste(study, "arXiv:2011.12100v2 and 2011.12100")
    worker()
    later = paste(study, "2011.12100")
    assert [one.new for one in first + again + later] == [True, True, False]
    assert (Paper.objects.count(), len(sources.to("arxiv"))) == (1, 1)
    assert later[0].words == f"arXiv:2011.12100 is ‘{PAPER['title']}’, so there is still one of it."


def test_a_paper_in_the_trash_and_one_of_another_group_are_told_apart(study, sources):
    here = make.paper(study["group"], arxiv_id="2011.12100", deleted_at=now())
    make.paper(study["mallory"].group, "Theirs", doi=DOI)
    trashed, new = paste(study, f"2011.12100 {DOI}")
    assert (trashed.paper, trashed.new, new.new, new.paper.group) == (here, False, True, study["group"])
    assert trashed.words == "arXiv:2011.12100 is ‘Grad-CAM’, which lies in the trash. Restore it there."


def test_a_pdf_that_is_here_already_is_not_kept_twice(study, sources):
    other = library.add_paper(pdfs.upload(pdfs.giraffe()), group=study["group"], by=study["bob"]).paper
    Paper.objects.filter(pk=other.pk).update(state=Paper.READY, title="Hand-typed")
    [arrived] = paste(study, "2011.12100")
    worker()
    arrived.paper.refresh_from_db()
    assert (arrived.paper.files.count(), other.files.count(), arrived.paper.looks_like) == (0, 1, other)
    assert Lookup.objects.get(kind="arxiv").pdf == Lookup.TWIN


def test_what_is_not_understood_makes_no_card(study, sources):
    said = [paste(study, text)[0] for text in ("Attention is all you need", " ", "x\u202e" * 100)]
    look_like = "They look like arXiv:2011.12100 and 10.1109/5.771073."
    assert [(one.name, one.error) for one in said] == [
        ("Attention is all you need", f"There is no arXiv number and no DOI in this. {look_like}"),
        ("Nothing arrived", f"Paste an arXiv link or a DOI first. {look_like}"),
        ("x" * 60, f"There is no arXiv number and no DOI in this. {look_like}"),
    ]
    assert Paper.objects.count() == 0


# ── refusals ─────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("answer", "state", "again"),
    [
        (Answer(feed("")), Lookup.NOTHING, False),
        (Answer(status=404), Lookup.NOTHING, False),
        (Answer(status=429, Retry_After="600"), Lookup.LIMITED, True),
        (Answer(b"Rate exceeded."), Lookup.LIMITED, True),
        (Answer(status=500), Lookup.SLOW, True),
        (Answer(silence), Lookup.SLOW, True),
        (Answer(b"x", Content_Length="90000"), Lookup.SLOW, True),
        (Answer(b"<!DOCTYPE html><title>Sign in to this network</title>"), Lookup.GARBLED, True),
        (Answer(flood), Lookup.GARBLED, True),
        (Answer(status=302, Location="http://127.0.0.1:80/"), Lookup.GARBLED, True),
        (Answer(atom(PAPER, "1234.56789")), Lookup.GARBLED, True),
    ],
    ids=lambda value: f"{value.status}{value.headers}" if isinstance(value, Answer) else str(value),
)
def test_every_refusal_of_a_record_is_a_state_and_the_card_stays(study, sources, settings, answer, state, again):
    settings.LOOK_UP_SECONDS = 1
    sources.answers["arxiv"] = answer
    [arrived] = paste(study, "2011.12100")
    worker()
    assert stand() == (state, "arxiv", 1, again)
    assert (card(arrived.paper)["title"], arrived.paper.asked_for, arrived.paper.progress) == ("", None, "")


@pytest.mark.parametrize(
    ("answer", "pdf", "again"),
    [
        (Answer(status=404), Lookup.NOTHING, False),
        (Answer(status=500), Lookup.SLOW, True),
        (Answer(silence), Lookup.SLOW, True),
        (Answer(b"%PDF-1.7", Content_Length="90000"), Lookup.SLOW, True),
        (Answer(b"<html>Are you a robot?</html>"), Lookup.REFUSED, False),
        (Answer(b""), Lookup.REFUSED, False),
        (Answer(b"%PDF-", Content_Length=str(10**9)), Lookup.TOO_LARGE, False),
        (Answer(flood), Lookup.TOO_LARGE, False),
        (Answer(status=302, Location="http://169.254.169.254/x.pdf"), Lookup.GARBLED, True),
    ],
    ids=lambda value: f"{value.status}{value.headers}" if isinstance(value, Answer) else str(value),
)
def test_every_refusal_of_a_pdf_is_a_state_and_the_record_stays(study, sources, settings, tmp_path, answer, pdf, again):
    settings.LOOK_UP_PDF_SECONDS = 5 if answer.body is flood else 1
    sources.answers["pdf"] = answer
    [arrived] = paste(study, "2011.12100")
    worker()
    lookup = Lookup.objects.get()
    assert (lookup.state, lookup.pdf, lookup.next_try_at is not None) == (Lookup.FOUND, pdf, again)
    assert (card(arrived.paper)["title"], arrived.paper.files.count(), arrived.paper.progress) == (
        PAPER["title"],
        0,
        "",
    )
    assert [path.name for folder in ("incoming", "media") for path in (tmp_path / folder).rglob("*.pdf")] == []


def test_a_broken_pdf_from_arxiv_is_a_card_that_could_not_be_read(study, sources):
    sources.pdfs["2011.12100"] = b"%PDF-1.7\n% and nothing more"
    [arrived] = paste(study, "2011.12100")
    worker()
    assert card(arrived.paper) == PAPER
    assert (arrived.paper.state, arrived.paper.is_being_read) == (Paper.UNREADABLE, False)


def test_a_catalogue_that_asks_for_patience_gets_it_from_everybody(study, sources):
    sources.answers["arxiv"] = Answer(status=429, Retry_After="600")
    paste(study, "2011.12100 1912.11370 1610.02391")
    worker()
    waits = [(lookup.next_try_at - now()).total_seconds() for lookup in Lookup.objects.all()]
    assert len(sources.asked) == 1, "the others were told by our own gate"
    assert set(Lookup.objects.values_list("state", flat=True)) == {Lookup.LIMITED}
    assert all(590 < wait <= 601 for wait in waits), waits
    sources.answers.clear()
    later = now() + timedelta(seconds=602)
    Source.objects.update(free_at=now())
    assert requests.due(later).count() == 3


def test_a_silent_catalogue_is_asked_ever_later_and_at_last_no_more(study, sources):
    sources.answers["arxiv"] = Answer(status=500)
    paste(study, "2011.12100")
    pauses = []
    for _try in range(5):
        Lookup.objects.update(next_try_at=now())
        worker()
        lookup = Lookup.objects.get()
        pauses.append(lookup.next_try_at and round((lookup.next_try_at - now()).total_seconds()))
    assert (pauses, stand()) == ([60, 600, 3600, 21600, None], (Lookup.SLOW, "arxiv", 5, False))
    sources.answers.clear()
    assert requests.again(Lookup.objects.get())
    worker()
    assert Lookup.objects.get(kind="arxiv").state == Lookup.FOUND


def test_a_worker_that_dies_loses_nothing(study, sources):
    paste(study, "2011.12100")
    lookup = Lookup.objects.get()
    assert requests.claim(lookup, now())  # and here it dies
    worker()
    assert stand() == (Lookup.ASKED, "", 1, True)
    assert not requests.again(lookup), "somebody seems to be at it"
    Lookup.objects.update(next_try_at=now())  # its lease is over
    worker()
    assert Lookup.objects.get(kind="arxiv").state == Lookup.FOUND


def test_the_tasks_of_the_worker_and_the_tick_of_cron_do_the_same(study, sources):
    paste(study, "2011.12100")
    tasks.look_up()
    processing.read_waiting()
    paste(study, DOI.replace("2021", "2022"))
    sources.dois["10.5555/giraffe.2022"] = PAPER | {"doi": "10.5555/giraffe.2022", "title": "A second paper"}
    call_command("tick", stdout=StringIO())
    titles = list(Paper.objects.order_by("pk").values_list("title", "state", "pages"))
    assert titles == [(PAPER["title"], Paper.READY, 1), ("A second paper", Paper.READY, None)]


def test_a_row_whose_workers_all_die_is_settled(study, sources):
    paste(study, "2011.12100")
    for _death in range(len(requests.PAUSES) + 1):
        assert requests.claim(Lookup.objects.get(), now())
        Lookup.objects.update(next_try_at=now())
    worker()
    assert (stand(), sources.asked) == ((Lookup.SLOW, "", 5, False), [])


# ── politeness ───────────────────────────────────────────────────────────────────────────────────
def test_three_seconds_lie_between_two_questions_to_arxiv_by_default(settings):
    assert settings.SOURCE_PAUSES == {"arxiv": 3.0, "crossref": 1.0, "openalex": 1.0}


def test_the_next_question_waits_for_its_pause(study, sources, settings):
    settings.SOURCE_PAUSES = {"arxiv": 0.5, "crossref": 0, "openalex": 0}
    sources.answers["arxiv"] = Answer(feed(""))
    paste(study, "2011.12100 1912.11370 1610.02391")
    began = now()
    worker()
    assert len(sources.to("arxiv")) == 3
    assert 1.0 <= (now() - began).total_seconds() < 4


def test_one_worker_asks_at_a_time(study, sources):
    paste(study, "2011.12100")
    cache.add(queue.BRAKE, 1)
    worker()
    assert (stand(), sources.asked) == ((Lookup.WAITING, "", 0, True), [])
    cache.delete(queue.BRAKE)
    with queue._Gate("arxiv"):
        worker()
    assert (stand(), sources.asked) == ((Lookup.LIMITED, "arxiv", 1, True), [])


def test_catalogues_learn_who_asks_and_nothing_about_the_reader(study, sources, settings):
    settings.SITE_URL, settings.LOOK_UP_CONTACT = "https://study.example.org", "admin@example.org\r\nX-Evil: 1"
    settings.OPENALEX_KEY = "key"
    sources.answers["crossref"] = Answer(status=404)
    paste(study, DOI)
    worker()
    assert sources.agents == {"reading-study/1.0 (https://study.example.org mailto:admin@example.org X-Evil: 1)"}
    assert sources.asked == [("crossref", f"/works/{DOI}"), ("openalex", f"/works/doi:{DOI}")]


def test_switched_off_nobody_is_asked_and_nothing_is_lost(study, sources, settings):
    paste(study, "2011.12100")
    settings.LOOK_UP = False
    assert [one.error for one in paste(study, "1912.11370")] == [
        "This server does not look papers up. Add the PDF instead."
    ]
    worker()
    paper = uploaded(study, pdfs.bit())
    assert (stand(), sources.asked, paper.lookups.count()) == ((Lookup.OFF, "", 0, False), [], 0)
    settings.LOOK_UP = True
    worker()
    assert Lookup.objects.get(kind="arxiv").state == Lookup.FOUND


# ── what a PDF says, and what a record says ──────────────────────────────────────────────────────
def test_a_pdf_with_a_number_is_looked_up_and_only_what_is_empty_is_filled(study, sources):
    paper = uploaded(study)
    before = card(paper)
    assert (before["venue"], before["doi"], stand()) == ("", "", (Lookup.WAITING, "", 0, True))
    worker()
    after = card(paper)
    assert after == before | {"venue": PAPER["venue"], "doi": DOI}
    assert (paper.sources["venue"], paper.sources["title"], paper.sources["doi"]) == ("arxiv", "page", "arxiv")
    assert sources.to("pdf") == []


def test_what_differs_is_shown_and_taken_by_a_person(study, sources):
    sources.arxiv["2011.12100"] = PAPER | {"title": PAPER["title"] + "!", "authors": ["Michael Niemeyer"], "year": 2019}
    paper = uploaded(study)
    worker()
    lookup = paper.lookups.get(kind="arxiv")
    card(paper)
    assert [(one.field, one.theirs, one.typed) for one in merge.differences(paper, lookup)] == [
        ("authors", ["Michael Niemeyer"], False),
        ("year", 2019, False),
    ]
    assert merge.take(lookup, by=study["alice"], field="year", seen=merge.seal(paper, lookup))
    assert (card(paper)["year"], paper.sources["year"], card(paper)["authors"]) == (2019, "arxiv", PAPER["authors"])
    library.read_again(paper)
    processing.read(paper)
    assert (card(paper)["year"], paper.sources["year"]) == (2019, "arxiv")


def test_what_people_typed_is_never_filled_and_never_taken_with_the_rest(study, sources):
    paper = uploaded(study)
    library.edit(
        paper, by=study["bob"], changes={"venue": "", "title": "GIRAFFE: Compositional Feature Fields", "year": 1999}
    )
    sources.arxiv["2011.12100"] = PAPER | {"authors": ["Somebody Else"]}
    worker()
    lookup = paper.lookups.get(kind="arxiv")
    bob = f"typed:{study['bob'].pk}"
    assert (card(paper)["venue"], paper.sources["venue"]) == ("", bob)
    assert [(one.field, one.typed) for one in merge.differences(paper, lookup)] == [
        ("title", True),
        ("authors", False),
        ("year", True),
        ("venue", True),
    ]
    assert merge.take(lookup, by=study["alice"], seen=merge.seal(paper, lookup))
    taken = card(paper)
    assert (taken["title"], taken["year"], taken["authors"]) == (
        "GIRAFFE: Compositional Feature Fields",
        1999,
        ["Somebody Else"],
    )
    assert merge.take(lookup, by=study["alice"], field="title", seen=merge.seal(paper, lookup))
    assert (card(paper)["title"], paper.sources["title"]) == (PAPER["title"], "arxiv")


def test_nothing_is_taken_that_nobody_has_seen(study, sources):
    sources.arxiv["2011.12100"] = PAPER | {"year": 2019}
    paper = uploaded(study)
    worker()
    lookup = paper.lookups.get(kind="arxiv")
    card(paper)
    seen = merge.seal(paper, lookup)
    library.edit(paper, by=study["bob"], changes={"year": 2022})
    assert not merge.take(lookup, by=study["alice"], field="year", seen=seen)
    assert card(paper)["year"] == 2022


def test_a_record_of_another_paper_fills_nothing(study, sources):
    sources.arxiv["2011.12100"] = PAPER | {"title": "On the breeding of snails in greenhouses"}
    paper = uploaded(study)
    before = card(paper)
    worker()
    assert (stand(), card(paper)) == ((Lookup.MISMATCH, "arxiv", 0, False), before)
    lookup = Lookup.objects.get()
    assert merge.take(lookup, by=study["alice"], field="venue", seen=merge.seal(paper, lookup))
    assert (stand()[0], card(paper)) == (Lookup.FOUND, before | {"venue": PAPER["venue"]})


def test_the_wrong_pdf_behind_a_right_number_is_noticed(study, sources):
    sources.pdfs["2011.12100"] = pdfs.bit()
    [arrived] = paste(study, "2011.12100")
    worker()
    lookup = arrived.paper.lookups.get(kind="arxiv", identifier="2011.12100")
    assert (lookup.state, lookup.pdf, card(arrived.paper)["title"]) == (Lookup.MISMATCH, Lookup.KEPT, PAPER["title"])


def test_two_witnesses_settle_what_the_reader_was_not_sure_of(study, sources):
    paper = uploaded(study)
    Paper.objects.filter(pk=paper.pk).update(confidences={"title": 0.3, "year": 0.4, "authors": 0.9}, year=2018)
    worker()
    card(paper)
    assert (paper.confidences, paper.sources["title"]) == ({"year": 0.4, "authors": 0.9}, "arxiv")


def test_a_paper_that_was_joined_while_it_was_read_is_not_looked_up(study, settings):
    settings.LOOK_UP = True
    paper = make.paper(study["group"], arxiv_id="2011.12100")
    Paper.objects.filter(pk=paper.pk).delete()
    requests.after_reading(paper, "Grad-CAM")
    assert Lookup.objects.count() == 0


def test_titles_are_alike_though_one_is_cut_or_misread():
    title = PAPER["title"]
    assert requests.alike("GIRAFFE", title)
    assert requests.alike(title.replace("fi", "ﬁ").upper(), title)
    assert requests.alike("G IRAFFE Representing Scenes as Compositional Genera tive Neural Feature", title)
    assert not requests.alike("Big Transfer (BiT): General Visual Representation Learning", title)
    assert not requests.alike("하나의 그림에서 장면을 읽는 법", title)
