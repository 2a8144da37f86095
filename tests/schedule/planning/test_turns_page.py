"""My turns, sharing a paper for one, days away, and the wish-list."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate, now

from members.models import Membership
from papers import library
from papers.demo_pdf import DemoPaper, write_pdf
from papers.models import Paper, Wish
from schedule.models import Absence, Presentation, Session
from tests import make


@pytest.fixture
def turn(study):
    session = make.session(make.term(study["group"]), starts_at=now() + timedelta(days=10))
    return make.presentation(session, study["alice"])


def share_url(turn):
    return f"/g/study/schedule/turns/{turn.pk}/share/"


def pdf(title="Grad-CAM"):
    front = DemoPaper(title, ("Ramprasaath R. Selvaraju",), "We propose a technique.", "arXiv:1610.02391v4", "")
    return SimpleUploadedFile("grad-cam.pdf", write_pdf(front), "application/pdf")


# ── my turns ──
def test_my_turns_are_mine_with_what_is_to_do(sign_in, study, turn):
    make.presentation(turn.session, study["bob"])
    page = sign_in(study["alice"]).get("/g/study/schedule/turns/").content.decode()
    assert share_url(turn) in page and page.count('<article class="turn">') == 1


def test_turns_of_a_draft_are_not_shown(sign_in, study, turn):
    turn.session.term.published_at = None
    turn.session.term.save()
    page = sign_in(study["alice"]).get("/g/study/schedule/turns/").content.decode()
    assert "You have no turn ahead." in page
    assert sign_in(study["alice"]).get(share_url(turn)).status_code == 404


def test_my_turns_take_the_same_queries_for_one_and_for_thirty(sign_in, study, turn, django_assert_num_queries):
    client = sign_in(study["alice"])
    client.get("/g/study/schedule/turns/")  # the first visit remembers the group in the session
    Presentation.objects.update(paper=make.paper(study["group"]), shared_at=now())
    with django_assert_num_queries(9):
        client.get("/g/study/schedule/turns/")
    for n in range(30):
        session = make.session(turn.session.term, starts_at=now() + timedelta(days=n - 9))
        make.presentation(session, study["alice"], paper=make.paper(study["group"], f"P {n}"), shared_at=now())
        day = localdate() + timedelta(days=n)
        Absence.objects.create(membership=study["alice"], first_day=day, last_day=day)
    with django_assert_num_queries(9):
        client.get("/g/study/schedule/turns/")


# ── sharing ──
def test_a_pdf_is_uploaded_and_shared_in_one_step(sign_in, study, turn):
    answer = sign_in(study["alice"]).post(share_url(turn), {"file": pdf()})
    assert answer.headers["Location"] == turn.session.get_absolute_url()
    paper = Paper.objects.get()
    turn.refresh_from_db()
    assert (turn.paper, paper.added_by, paper.group, paper.files.get().name) == (
        paper,
        study["alice"],
        study["group"],
        "grad-cam.pdf",
    )
    assert turn.shared_at is not None


@pytest.mark.parametrize("gone", ["in the trash", "for good"])
def test_a_paper_that_somebody_threw_away_meanwhile_is_refused_in_words(sign_in, study, turn, gone):
    paper = make.paper(study["group"])
    client = sign_in(study["alice"])
    assert f'value="{paper.pk}"' in client.get(share_url(turn)).text
    chosen = paper.pk
    library.trash(paper, by=study["bob"])
    if gone == "for good":
        paper.delete()
    answer = client.post(share_url(turn), {"paper": chosen})
    assert answer.status_code == 422
    assert "This paper is no longer in the library. Choose another one." in answer.text
    turn.refresh_from_db()
    assert turn.paper is None


def test_uploading_the_same_file_twice_makes_one_paper_and_keeps_the_first_moment(sign_in, study, turn):
    client, data = sign_in(study["alice"]), pdf().read()
    client.post(share_url(turn), {"file": SimpleUploadedFile("a.pdf", data)})
    first = Presentation.objects.get().shared_at
    client.post(share_url(turn), {"file": SimpleUploadedFile("b.pdf", data)})
    assert (Paper.objects.count(), Presentation.objects.get().shared_at) == (1, first)


def test_a_file_that_lies_in_the_trash_comes_back_when_it_is_shared(sign_in, study, turn):
    client, data = sign_in(study["alice"]), pdf().read()
    client.post(share_url(turn), {"file": SimpleUploadedFile("a.pdf", data)})
    library.trash(Paper.objects.get(), by=study["olivia"])
    client.post(f"/g/study/schedule/turns/{turn.pk}/withdraw/")
    client.post(share_url(turn), {"file": SimpleUploadedFile("a.pdf", data)})
    assert Paper.objects.get().deleted_at is None
    assert Presentation.objects.get().paper == Paper.objects.get()


@pytest.mark.parametrize(
    ("post", "said"),
    [
        ({"file": SimpleUploadedFile("essay.pdf", b"just words")}, "This is not a PDF."),
        ({"file": SimpleUploadedFile("nothing.pdf", b"")}, "This file is empty."),
        ({}, "Choose a PDF first, or a paper from the list."),
    ],
)
def test_a_file_that_is_no_paper_is_refused_in_words(sign_in, study, turn, post, said):
    answer = sign_in(study["alice"]).post(share_url(turn), post)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert (Paper.objects.count(), Presentation.objects.get().paper) == (0, None)


def test_a_paper_is_picked_from_the_library_replaced_and_withdrawn(sign_in, study, turn):
    client = sign_in(study["alice"])
    giraffe, bit = make.paper(study["group"], "GIRAFFE"), make.paper(study["group"], "BiT")
    for paper in (giraffe, bit):
        client.post(share_url(turn), {"paper": paper.pk})
        assert Presentation.objects.get().paper == paper
    client.post(f"/g/study/schedule/turns/{turn.pk}/withdraw/")
    assert (Presentation.objects.get().paper, Paper.objects.count()) == (None, 2)


def test_the_page_offers_wishes_first_and_what_a_search_finds(sign_in, study, turn):
    wished, other = make.paper(study["group"], "Wished for"), make.paper(study["group"], "Another one")
    for paper in (wished, other):
        library.edit(paper, by=study["bob"], changes={"title": paper.title})  # puts it into the search index
    library.wish(wished, by=study["bob"])
    client = sign_in(study["alice"])
    page = client.get(share_url(turn)).content.decode()
    assert page.index("Wished for") < page.index("Another one")
    found = client.get(share_url(turn), {"q": "another"}).content.decode()
    assert "Another one" in found and "Wished for" not in found
    assert "No paper has these words." in client.get(share_url(turn), {"q": "zebra"}).content.decode()


def test_only_the_presenter_and_organizers_share_and_withdraw(sign_in, study, turn):
    paper = make.paper(study["group"])
    for who in ("bob", "mallory"):
        for answer in (
            sign_in(study[who]).get(share_url(turn)),
            sign_in(study[who]).post(share_url(turn), {"paper": paper.pk}),
            sign_in(study[who]).post(f"/g/study/schedule/turns/{turn.pk}/withdraw/"),
        ):
            assert answer.status_code == 404
    assert Presentation.objects.get().paper is None
    sign_in(study["olivia"]).post(share_url(turn), {"paper": paper.pk})
    assert Presentation.objects.get().paper == paper


def test_a_paper_of_another_group_cannot_be_shared(sign_in, study, turn):
    foreign = make.paper(study["mallory"].group)
    answer = sign_in(study["alice"]).post(share_url(turn), {"paper": foreign.pk})
    assert answer.status_code == 422 and "This paper is no longer in the library." in answer.text
    assert Presentation.objects.get().paper is None


def test_nothing_is_shared_for_a_cancelled_session(sign_in, study, turn):
    Session.objects.update(state=Session.CANCELLED)
    answer = sign_in(study["alice"]).post(share_url(turn), {"file": pdf()})
    assert answer.status_code == 422 and "This session is cancelled." in answer.content.decode()
    assert Paper.objects.count() == 0


# ── days away ──
def test_days_away_are_marked_once_and_taken_back(sign_in, study):
    client, day = sign_in(study["alice"]), localdate() + timedelta(days=5)
    for _ in range(2):
        client.post("/g/study/schedule/turns/away/", {"first_day": day, "last_day": "", "note": "exam"})
    absence = Absence.objects.get()
    assert (absence.membership, absence.first_day, absence.last_day, absence.note) == (study["alice"], day, day, "exam")
    assert "exam" in client.get("/g/study/schedule/turns/").content.decode()
    client.post(f"/g/study/schedule/turns/away/{absence.pk}/back/")
    assert Absence.objects.count() == 0


def test_marking_a_day_on_which_one_presents_says_so(sign_in, study, turn):
    day = turn.session.local_start.date()
    answer = sign_in(study["alice"]).post("/g/study/schedule/turns/away/", {"first_day": day}, follow=True)
    assert "Alice presents on" in answer.content.decode()


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (5, 3, "The last day comes before the first."),
        (-9, -8, "These days have passed."),
        (1, 500, "That is more than a year."),
    ],
)
def test_days_that_make_no_sense_are_refused_in_words(sign_in, study, first, last, said):
    days = {
        "first_day": localdate() + timedelta(days=first),
        "last_day": localdate() + timedelta(days=last),
    }
    answer = sign_in(study["alice"]).post("/g/study/schedule/turns/away/", days)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert Absence.objects.count() == 0


def test_an_organizer_marks_days_for_others_and_a_member_does_not(sign_in, study):
    form = {"first_day": localdate() + timedelta(days=2), "member": study["bob"].pk}
    assert sign_in(study["alice"]).post("/g/study/schedule/turns/away/", form).status_code == 404
    sign_in(study["olivia"]).post("/g/study/schedule/turns/away/", form)
    absence = Absence.objects.get()
    assert absence.membership == study["bob"]
    assert sign_in(study["alice"]).post(f"/g/study/schedule/turns/away/{absence.pk}/back/").status_code == 404
    assert sign_in(study["mallory"]).post(f"/g/study/schedule/turns/away/{absence.pk}/back/").status_code == 404
    assert (
        sign_in(study["olivia"])
        .post("/g/study/schedule/turns/away/", form | {"member": study["mallory"].pk})
        .status_code
        == 404
    )
    assert Absence.objects.count() == 1


# ── wishes ──
def test_the_most_wanted_paper_stands_first_and_presented_ones_are_gone(sign_in, study):
    once, twice, done = (make.paper(study["group"], title) for title in ("Once", "Twice", "Done"))
    for paper in (once, twice, done):
        library.wish(paper, by=study["alice"], note=f"because of {paper}")
    library.wish(twice, by=study["bob"])
    past = make.session(make.term(study["group"]), starts_at=now() - timedelta(days=3))
    make.presentation(past, study["bob"], paper=done)
    page = sign_in(study["bob"]).get("/g/study/schedule/wishes/").content.decode()
    assert page.index("Twice") < page.index("Once") and "because of Once" in page
    assert "because of Done" not in page


def test_interest_is_shown_once_and_taken_back_and_a_note_stays(sign_in, study):
    paper = make.paper(study["group"])
    library.wish(paper, by=study["alice"], note="It explains the model.")
    bob, alice = sign_in(study["bob"]), sign_in(study["alice"])
    for client in (bob, bob, alice):
        client.post(f"/g/study/schedule/wishes/{paper.pk}/")
    assert sorted(paper.wishes.values_list("membership__member__name", "note")) == [
        ("Alice", "It explains the model."),
        ("Bob", ""),
    ]
    for _ in range(2):
        bob.post(f"/g/study/schedule/wishes/{paper.pk}/", {"withdraw": "1"})
    assert Wish.objects.count() == 1


def test_a_paper_is_proposed_by_its_file_or_from_the_library(sign_in, study):
    client = sign_in(study["alice"])
    client.post("/g/study/schedule/wishes/", {"file": pdf(), "note": "Let us look inside."})
    assert [(w.paper.added_by, w.note) for w in Wish.objects.all()] == [(study["alice"], "Let us look inside.")]
    here = make.paper(study["group"], "Capsules")
    library.edit(here, by=study["bob"], changes={"title": "Capsules"})
    assert "Capsules" in client.get("/g/study/schedule/wishes/", {"q": "capsules"}).content.decode()
    answer = client.post("/g/study/schedule/wishes/", {"file": SimpleUploadedFile("x.pdf", b"no")})
    assert (answer.status_code, "This is not a PDF." in answer.content.decode()) == (422, True)


def test_a_paper_of_another_group_cannot_be_wished_for(sign_in, study):
    foreign = make.paper(study["mallory"].group, "Elsewhere")
    assert sign_in(study["alice"]).post(f"/g/study/schedule/wishes/{foreign.pk}/").status_code == 404
    assert Wish.objects.count() == 0


def test_the_wish_list_takes_the_same_queries_for_one_wish_and_for_thirty(sign_in, study, django_assert_num_queries):
    client = sign_in(study["alice"])
    client.get("/g/study/schedule/wishes/")
    library.wish(make.paper(study["group"]), by=study["alice"])
    with django_assert_num_queries(6):
        client.get("/g/study/schedule/wishes/")
    for n in range(30):
        library.wish(make.paper(study["group"], f"Paper {n}"), by=make.member(study["group"], f"Member {n}"))
    with django_assert_num_queries(6):
        client.get("/g/study/schedule/wishes/")


def test_who_left_no_longer_shares(sign_in, study, turn):
    client = sign_in(study["alice"])
    Membership.objects.filter(pk=study["alice"].pk).update(state=Membership.REMOVED)
    assert client.post(share_url(turn), {"paper": make.paper(study["group"]).pk}).status_code == 404
    assert Presentation.objects.get().paper is None


# ── when nothing can be shared ──
@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("cancelled", "This session is cancelled. An organizer can bring it back."),
        ("held", "The record of this session is closed. An organizer can open it again."),
    ],
)
def test_the_page_to_share_says_why_nothing_can_be_shared(sign_in, study, turn, state, said):
    paper, start = make.paper(study["group"], "Grad-CAM"), now() - timedelta(minutes=5)
    Presentation.objects.update(paper=paper, shared_at=now() - timedelta(days=1))
    if state == "held":
        Session.objects.update(starts_at=start, closed_at=now())
    Session.objects.update(state=state)
    client = sign_in(study["alice"])
    page = client.get(share_url(turn))
    assert (page.status_code, said in page.text, "Withdraw it" in page.text) == (200, True, False)
    answer = client.post(share_url(turn), {"paper": make.paper(study["group"], "BiT").pk})
    assert (answer.status_code, said in answer.text) == (422, True)
    by_script = client.post(share_url(turn), {"paper": paper.pk}, headers={"HX-Request": "true"})
    assert said in by_script.text
    assert said in client.post(f"/g/study/schedule/turns/{turn.pk}/withdraw/", follow=True).text
    for offer in (turn.session.get_absolute_url(), "/g/study/schedule/turns/"):
        assert share_url(turn) not in client.get(offer).text
    assert Presentation.objects.get().paper == paper


def test_a_session_without_a_paper_does_not_ask_for_one_once_its_record_is_closed(sign_in, study, turn):
    Session.objects.update(starts_at=now() - timedelta(minutes=5), state="held", closed_at=now())
    assert share_url(turn) not in sign_in(study["alice"]).get(turn.session.get_absolute_url()).text


@pytest.mark.parametrize("days", [("9999-12-30", ""), ("2026-03-01", "9999-12-31"), ("0001-01-01", "")])
def test_nobody_is_away_where_calendars_end(sign_in, study, days):
    form = dict(zip(("first_day", "last_day"), days, strict=True))
    answer = sign_in(study["alice"]).post("/g/study/schedule/turns/away/", form)
    assert (answer.status_code, Absence.objects.count()) == (422, 0)
    assert "Choose a day of this century." in answer.text
