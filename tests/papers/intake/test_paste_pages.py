"""The second door and the comparison, as a browser asks for them; what is asked goes to a server of ours."""

import html
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import now

from papers import library, processing
from papers.lookup import queue
from papers.models import Lookup, Paper
from tests import make
from tests.forms import hidden
from tests.papers import pdfs
from tests.papers.lookup import catalogue_server as sources_server
from tests.papers.lookup.catalogue_server import PAPER, Answer

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
XSS = "<script>alert(1)</script>"


@pytest.fixture
def sources(settings):
    with sources_server.running() as server:
        sources_server.settle(settings, server)
        yield server


@pytest.fixture
def alice(study, sign_in):
    return sign_in(study["alice"])


def paste(client, what, **headers):
    return client.post("/g/study/papers/paste/", {"what": what}, headers=headers)


def words(answer) -> str:
    """What a page says, without its markup."""
    text = re.sub(r"<(script|style|svg).*?</\1>", " ", answer.content.decode(), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def worker():
    for paper in queue.look_up_due():
        processing.read(paper)


def page(client, paper):
    return client.get(f"/g/study/papers/{paper.pk}/")


def looked_up(study, **record):
    """A paper whose record says other things."""
    paper = make.paper(study["group"], PAPER["title"], authors=PAPER["authors"], year=2020, arxiv_id="2011.12100")
    paper.sources = {"title": "page", "authors": "page", "year": f"typed:{study['bob'].pk}"}
    paper.save()
    answer = {"source": "arxiv", "title": PAPER["title"], "authors": PAPER["authors"], "year": 2020} | record
    Lookup.objects.create(
        paper=paper,
        kind="arxiv",
        identifier="2011.12100",
        state="found",
        source="arxiv",
        record=answer,
        next_try_at=None,
    )
    return paper


def record_form(client, paper):
    """(address, seal) of the comparison on the page."""
    shown = page(client, paper).content.decode()
    action = re.search(r'<form method="post" action="([^"]*/records/\d+/)"', shown)[1]
    return action, re.search(r'name="seen" value="([^"]*)"', shown)[1]


# ── pasting ──────────────────────────────────────────────────────────────────────────────────────
def test_a_pasted_number_leads_to_its_card_which_says_what_happens(study, alice, sources):
    answer = paste(alice, "https://arxiv.org/abs/2011.12100")
    paper = Paper.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/g/study/papers/{paper.pk}/")
    shown = words(page(alice, paper))
    assert "arXiv:2011.12100 is on the shelf. It is being looked up now." in shown
    assert "arXiv:2011.12100 is about to be looked up at arXiv. asking arXiv fetching the PDF" in shown
    worker()
    shown = words(page(alice, paper))
    assert (PAPER["title"] in shown, "Open PDF · 1 page" in shown, "being looked up" in shown) == (True, True, False)


def test_a_doi_without_pdf_asks_for_it_when_somebody_has_it(study, alice, sources):
    paste(alice, PAPER["doi"])
    worker()
    paper = Paper.objects.get()
    assert "There is no PDF here yet. Add it when you have it. Add the PDF" in words(page(alice, paper))
    alice.post(f"/g/study/papers/{paper.pk}/version/", {"files": pdfs.upload(pdfs.giraffe())})
    processing.read(paper)
    paper.refresh_from_db()
    assert (paper.files.count(), paper.title, paper.sources["title"]) == (1, PAPER["title"], "crossref")
    assert "There is no PDF here yet." not in words(page(alice, paper))


def test_a_script_gets_the_row_and_the_row_asks_until_all_is_done(study, alice, sources):
    answer = paste(alice, "2011.12100", **HTMX)
    paper = Paper.objects.get()
    row = f"/g/study/papers/{paper.pk}/row/"
    assert f'hx-get="{row}?seen=waiting-"' in answer.content.decode()
    assert answer.headers["HX-Trigger"] == "understood"
    assert alice.get(f"{row}?seen=waiting-", headers=HTMX).status_code == 204
    for kept in queue.look_up_due():
        fetched = alice.get(f"{row}?seen=waiting-", headers=HTMX)
        assert (fetched.status_code, "front page" in fetched.content.decode()) == (200, True)
        processing.read(kept)
        assert "being looked up" in words(alice.get(f"{row}?seen=front", headers=HTMX)), "its DOI, which arXiv knew"
    done = alice.get(f"{row}?seen=front", headers=HTMX)
    assert (done.headers["HX-Trigger"], "hx-get" in done.content.decode()) == ("paper-read", False)
    assert words(done) == f"{PAPER['title']} Open On the shelf"


def test_the_shelf_says_what_is_being_looked_up_and_what_wants_a_title(study, alice, sources):
    def chips():
        return re.findall(r'<span class="chip[^"]*">([^<]*)</span>', alice.get("/g/study/papers/").content.decode())

    sources.answers["arxiv"] = Answer(status=404)
    paste(alice, "2011.12100")
    assert chips() == ["being looked up"]
    worker()
    assert chips() == ["please check"]


def test_several_numbers_are_several_cards_and_rubbish_is_repeated_kindly(study, alice, sources):
    assert paste(alice, "2011.12100 and 10.5555/another").headers["Location"] == "/g/study/papers/"
    assert Paper.objects.count() == 2
    answer = paste(alice, f"{XSS} no number", **HTMX)
    assert (XSS in answer.content.decode(), answer.headers["HX-Trigger"]) == (False, "")
    assert f"{XSS} no number There is no arXiv number and no DOI in this." in words(answer)
    said = words(alice.get(paste(alice, "nothing of the kind").headers["Location"]))
    assert "They look like arXiv:2011.12100 and 10.1109/5.771073." in said
    assert Paper.objects.count() == 2


def test_pasting_twice_points_to_the_one_that_is_here(study, alice, sources):
    here = make.paper(study["group"], "Here", arxiv_id="2011.12100")
    gone = make.paper(study["group"], "Gone", doi="10.5555/gone", deleted_at=now())
    answer = paste(alice, "2011.12100 10.5555/gone", **HTMX)
    shown = answer.content.decode()
    assert f'href="/g/study/papers/{here.pk}/"' in shown
    assert f'action="/g/study/papers/{gone.pk}/restore/"' in shown
    assert Paper.objects.count() == 2


def test_switched_off_there_is_no_door_and_the_post_says_so(study, alice, settings):
    settings.LOOK_UP = False
    assert 'name="what"' not in alice.get("/g/study/papers/").content.decode()
    answer = alice.get(paste(alice, "2011.12100").headers["Location"])
    assert "This server does not look papers up. Add the PDF instead." in words(answer)
    assert Paper.objects.count() == 0
    settings.LOOK_UP = True
    assert 'name="what"' in alice.get("/g/study/papers/").content.decode()


def test_hammering_is_answered_with_429_and_makes_nothing(study, alice, sources):
    ten = " ".join(f"2011.{number:05}" for number in range(10))
    answers = [paste(alice, ten) for _time in range(7)]  # a new minute may begin in between
    codes = [answer.status_code for answer in answers]
    assert (codes[:3], codes.count(429) > 0, Paper.objects.count()) == ([303] * 3, True, 10)
    assert all(0 < int(answer.headers["Retry-After"]) <= 60 for answer in answers if answer.status_code == 429)


# ── what it says when something is wrong ─────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("answer", "said", "again_by_itself"),
    [
        (Answer(status=404), "Nothing is known about arXiv:2011.12100 at arXiv. Compare the number with", False),
        (Answer(status=500), "There was no answer from arXiv about arXiv:2011.12100.", True),
        (Answer(status=429, Retry_After="900"), "Too many questions for arXiv just now, so arXiv:2011.12100 has", True),
        (Answer(b"<html>"), "The answer from arXiv about arXiv:2011.12100 could not be understood.", True),
    ],
    ids=["nothing", "slow", "limited", "garbled"],
)
def test_a_trouble_is_said_with_three_ways_out(study, alice, sources, answer, said, again_by_itself):
    sources.answers["arxiv"] = answer
    paste(alice, "2011.12100")
    worker()
    paper = Paper.objects.get()
    shown = words(page(alice, paper))
    ways = ["Ask again now" in shown, "Type the card" in shown, "Add the PDF" in shown]
    assert (said in shown, ways, "It is asked again by itself" in shown) == (True, [True] * 3, again_by_itself)
    assert said in words(alice.get(f"/g/study/papers/{paper.pk}/row/", headers=HTMX))
    sources.answers.clear()
    lookup = paper.lookups.get()
    sources_server_free()
    again = alice.post(f"/g/study/papers/{paper.pk}/records/{lookup.pk}/", {"again": "1"})
    assert again.status_code == 303
    worker()
    paper.refresh_from_db()
    assert paper.title == PAPER["title"]


def sources_server_free():
    """The catalogue's time of waiting is over."""
    queue.Source.objects.all().delete()


def test_the_card_may_be_typed_instead_and_stays_as_typed(study, alice, sources):
    sources.answers["arxiv"] = Answer(status=500)
    paste(alice, "2011.12100")
    worker()
    paper = Paper.objects.get()
    edit = f"/g/study/papers/{paper.pk}/edit/"
    alice.post(edit, hidden(alice, edit, edit) | {"title": "GIRAFFE: Compositional Feature Fields"})
    sources.answers.clear()
    sources_server_free()
    Lookup.objects.update(next_try_at=now())
    worker()
    paper.refresh_from_db()
    assert (paper.title, paper.year) == ("GIRAFFE: Compositional Feature Fields", 2020)


def test_a_number_that_was_mended_is_looked_up_anew(study, alice, sources):
    paste(alice, "2011.12109")
    worker()
    paper = Paper.objects.get()
    assert "Nothing is known about arXiv:2011.12109" in words(page(alice, paper))
    edit = f"/g/study/papers/{paper.pk}/edit/?only=arxiv_id"
    alice.post(edit, hidden(alice, edit.partition("?")[0], edit.partition("?")[0]) | {"arxiv_id": "2011.12100"})
    worker()
    paper.refresh_from_db()
    assert (paper.title, paper.files.count()) == (PAPER["title"], 1)
    assert "2011.12109" not in words(page(alice, paper))


def test_a_pdf_that_did_not_come_is_said_and_fetched_again(study, alice, sources):
    sources.answers["pdf"] = Answer(status=500)
    paste(alice, "2011.12100")
    worker()
    paper = Paper.objects.get()
    assert "The PDF of arXiv:2011.12100 did not arrive from arXiv." in words(page(alice, paper))
    sources.answers.clear()
    alice.post(f"/g/study/papers/{paper.pk}/records/{paper.lookups.get().pk}/", {"again": "1"})
    worker()
    assert (paper.files.count(), len(sources.to("arxiv"))) == (1, 1)


# ── side by side ─────────────────────────────────────────────────────────────────────────────────
def test_card_and_record_stand_side_by_side_and_one_field_is_taken(study, alice):
    paper = looked_up(study, authors=["M. Niemeyer"], venue=XSS, year=2021)
    shown = page(alice, paper)
    assert XSS not in shown.content.decode()
    assert "What arXiv says arXiv:2011.12100" in words(shown)
    assert "Authors Michael Niemeyer; Andreas Geiger from the page arXiv: M. Niemeyer Take this : Authors" in words(
        shown
    )
    assert "Year 2020 typed by Bob arXiv: 2021 Take this : Year" in words(shown)
    action, seal = record_form(alice, paper)
    assert alice.post(action, {"take": "authors", "seen": seal}).status_code == 303
    paper.refresh_from_db()
    assert (paper.authors, paper.year, paper.venue) == (["M. Niemeyer"], 2020, "")
    assert paper.sources["authors"] == "arxiv"
    assert "Authors M. Niemeyer from arXiv" in words(page(alice, paper))


def test_the_row_of_an_upload_shows_the_same_comparison(study, alice):
    paper = looked_up(study, authors=["M. Niemeyer"], year=2021)
    row = alice.get(f"/g/study/papers/{paper.pk}/row/", headers=HTMX)
    assert "On the shelf · add the PDF when you have it arXiv says something else: Authors, Year" in words(row)
    assert "Year 2020 typed by Bob arXiv: 2021 Take this : Year" in words(row)
    seal = re.search(r'name="seen" value="([^"]*)"', row.content.decode())[1]
    assert (record_form(alice, paper)[1], "hx-get" in row.content.decode()) == (seal, False)


def test_all_that_nobody_typed_is_taken_at_once(study, alice):
    paper = looked_up(study, authors=["M. Niemeyer"], venue="CVPR", year=2021)
    assert "What people typed stays unless you take that very line." in words(page(alice, paper))
    action, seal = record_form(alice, paper)
    alice.post(action, {"take": "", "seen": seal})
    paper.refresh_from_db()
    assert (paper.authors, paper.venue, paper.year) == (["M. Niemeyer"], "CVPR", 2020)


def test_taking_from_an_old_page_changes_nothing_and_says_so(study, alice):
    paper = looked_up(study, year=2021, venue="CVPR")
    action, seal = record_form(alice, paper)
    library.edit(paper, by=study["bob"], changes={"venue": "ICCV"})
    for what in ({"take": "", "seen": seal}, {"take": "year", "seen": "made up"}, {"take": "year"}, {}):
        answer = alice.post(action, what)
        assert "The card has changed meanwhile." in words(alice.get(answer.headers["Location"]))
    paper.refresh_from_db()
    assert (paper.venue, paper.year) == ("ICCV", 2020)


def test_a_comparison_is_left_for_good(study, alice):
    paper = looked_up(study, year=2021)
    action, _seal = record_form(alice, paper)
    alice.post(action, {"leave": "1"})
    assert "What arXiv says" not in words(page(alice, paper))
    paper.refresh_from_db()
    assert paper.year == 2020


def test_a_record_with_another_title_is_a_question(study, alice):
    paper = looked_up(study, title="On the breeding of snails", authors=["Charlie"])
    Lookup.objects.update(state=Lookup.MISMATCH)
    shown = words(page(alice, paper))
    assert "At arXiv, arXiv:2011.12100 is called ‘On the breeding of snails’. Is that this paper?" in shown
    assert "It is this paper: take all It is another paper: leave the card" in shown
    action, seal = record_form(alice, paper)
    alice.post(action, {"take": "", "seen": seal})
    paper.refresh_from_db()
    assert (paper.title, Lookup.objects.get().state) == ("On the breeding of snails", Lookup.FOUND)


def test_only_members_of_the_group_reach_a_look_up(study, sign_in, client):
    paper = looked_up(study, year=2021)
    theirs = make.paper(study["mallory"].group, "Theirs")
    here = f"/g/study/papers/{paper.pk}/records/"
    action = f"{here}{paper.lookups.get().pk}/"
    seal = record_form(sign_in(study["bob"]), paper)[1]
    for data in ({"take": "", "seen": seal}, {"leave": "1"}, {"again": "1"}):
        assert client.post(action, data).status_code == 302
        mallory = sign_in(study["mallory"])
        assert mallory.post(action, data).status_code == 404
        crossed = f"/g/{study['mallory'].group.slug}/papers/{theirs.pk}/records/{paper.lookups.get().pk}/"
        assert mallory.post(crossed, data).status_code == 404
    assert (mallory.get(here).status_code, paste(mallory, "2011.12100").status_code) == (404, 404)
    assert sign_in(study["bob"]).get(action).headers["Location"] == f"{here.removesuffix('records/')}records/"
    paper.refresh_from_db()
    lookup = paper.lookups.get()
    assert (paper.year, lookup.state, lookup.set_aside) == (2020, Lookup.FOUND, False)


def test_a_page_with_six_look_ups_asks_the_database_as_often_as_with_one(study, alice):
    paper = looked_up(study, year=2021)

    def queries():
        with CaptureQueriesContext(connection) as asked:
            page(alice, paper)
        return len(asked)

    page(alice, paper)
    one = queries()
    for number in range(5):
        Lookup.objects.create(
            paper=paper, kind="doi", identifier=f"10.5555/{number}", state="found", source="crossref",
            record={"source": "crossref", "title": PAPER["title"], "year": 2015 + number},
        )  # fmt: skip
    assert queries() == one


# ── for one's turn ───────────────────────────────────────────────────────────────────────────────
def test_a_pasted_number_is_shared_for_a_turn(study, alice, sources):
    term = make.term(study["group"])
    turn = make.presentation(make.session(term), study["alice"])
    share = reverse("schedule:share", args=["study", turn.pk])
    shown = alice.get(share).content.decode()
    share = re.search(r'<form class="paste" method="post" action="([^"]+)"', shown)[1]
    refused = alice.post(share, {"what": "no number"})
    assert (refused.status_code, "There is no arXiv number" in words(refused)) == (422, True)
    assert alice.post(share, {"what": "arXiv:2011.12100"}).status_code == 302
    turn.refresh_from_db()
    assert (turn.paper.arxiv_id, turn.shared_at is not None) == ("2011.12100", True)
    worker()
    assert PAPER["title"] in words(alice.get(turn.session.get_absolute_url()))
