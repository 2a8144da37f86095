"""The schedule and the term: what members see, what organizers may do, and how many queries it takes."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils.timezone import now
from lxml import html

from members.models import Membership
from schedule.models import Absence, Notification, Presentation, Session, Term
from tests import make


def term_with(group, members, sessions=3):
    """A published term; session n is given by member n, with a paper."""
    term = make.term(group)
    for n in range(sessions):
        session = make.session(term, starts_at=now() + timedelta(days=7 * n + 3))
        presenter = members[n % len(members)]
        make.presentation(session, presenter, paper=make.paper(group, f"Paper {n}", by=presenter))
    return term


def test_without_a_term_members_are_told_what_to_do_next(sign_in, study):
    page = sign_in(study["alice"]).get("/g/study/schedule/").content.decode()
    assert "No session is planned yet" in page and "/g/study/schedule/turns/" in page
    assert "/g/study/schedule/plan/" not in page
    assert "/g/study/schedule/plan/" in sign_in(study["olivia"]).get("/g/study/schedule/").content.decode()


def test_the_schedule_shows_the_newest_published_term(sign_in, study):
    make.term(study["group"], name="Last spring", first_day="2025-03-01")
    term = make.term(study["group"], name="This spring", first_day="2026-03-01")
    make.session(term)
    make.term(study["group"], name="Secret plans", first_day="2027-03-01", published=False)
    page = sign_in(study["alice"]).get("/g/study/schedule/").content.decode()
    assert "<h1>This spring</h1>" in page and "Last spring" in page and "Secret plans" not in page
    assert "Secret plans" in sign_in(study["olivia"]).get("/g/study/schedule/").content.decode()


def test_the_term_shows_who_presents_what_and_the_balance(sign_in, study):
    term = term_with(study["group"], [study["alice"], study["bob"]])
    page = sign_in(study["bob"]).get(term.get_absolute_url()).content.decode()
    for said in ("Paper 0", "Paper 2", "Alice", "Bob", "1st", "2nd"):
        assert said in page
    assert page.count('<td class="on">') == 3


def test_the_line_of_the_term_counts_the_papers_that_were_presented_and_not_the_turns(sign_in, study):
    term = make.term(study["group"])
    for shared in (2, 1, 0):
        session = make.session(term, now() - timedelta(weeks=shared + 1))
        for number, who in enumerate((study["alice"], study["bob"])):
            paper = make.paper(study["group"], f"Paper {shared}.{number}") if number < shared else None
            make.presentation(session, who, paper=paper, shared_at=paper and session.starts_at)
    page = html.fromstring(sign_in(study["alice"]).get(term.get_absolute_url()).content)
    timeline_items = [stop.text_content().strip() for stop in page.xpath("//ol[contains(@class, 'track')]/li/span")]
    assert timeline_items == ["2 papers presented", "1 paper presented", "met"]


def test_who_left_keeps_a_place_in_the_past_and_their_open_turns_are_offered(sign_in, study):
    term = term_with(study["group"], [study["alice"], study["bob"]])
    Membership.objects.filter(pk=study["bob"].pk).update(state=Membership.LEFT)
    page = sign_in(study["olivia"]).get(term.get_absolute_url()).content.decode()
    assert "1 turn is open." in page and "Bob" in page
    assert "turn is open" not in sign_in(study["alice"]).get(term.get_absolute_url()).content.decode()
    Term.objects.update(presenters=1)
    replanned(sign_in(study["olivia"]), term, how="open")
    assert [str(s.presentations.get().presenter) for s in term.sessions.all()] == ["Alice", "Olivia", "Alice"]


def replanned(client, term, **asked):
    """Look at the difference, then press the button."""
    address = f"{term.get_absolute_url()}replan/"
    seen = client.get(address, asked).context["found"].fingerprint
    return client.post(address, asked | {"seen": seen}, follow=True)


def test_a_draft_is_published_with_one_press_and_once(sign_in, study):
    term = make.term(study["group"], published=False)
    client = sign_in(study["olivia"])
    client.post(f"{term.get_absolute_url()}publish/")
    first = Term.objects.get().published_at
    client.post(f"{term.get_absolute_url()}publish/")
    assert Term.objects.get().published_at == first is not None


def test_a_draft_is_deleted_but_a_published_term_is_not(sign_in, study):
    draft, term = make.term(study["group"], published=False), make.term(study["group"])
    client = sign_in(study["olivia"])
    assert client.post(f"{draft.get_absolute_url()}delete/").status_code == 302
    assert client.post(f"{term.get_absolute_url()}delete/").status_code == 404
    assert list(Term.objects.all()) == [term]


def test_planning_the_rest_again_says_how_many_turns_changed(sign_in, study):
    term = term_with(study["group"], [study["alice"]], sessions=4)
    Term.objects.update(presenters=1)
    for session in term.sessions.all():
        session.presentations.update(paper=None)
    page = replanned(sign_in(study["olivia"]), term).content.decode()
    assert "2 turns changed." in page or "3 turns changed." in page
    assert {str(s.presentations.get().presenter) for s in term.sessions.all()} == {"Olivia", "Alice", "Bob"}


@pytest.mark.parametrize(("who", "queries"), [("olivia", 14), ("alice", 13)])
def test_the_term_page_takes_the_same_few_queries_for_one_session_and_for_thirty(
    sign_in, study, django_assert_num_queries, who, queries
):
    client = sign_in(study[who])
    term = term_with(study["group"], [study["alice"]], sessions=1)
    client.get(term.get_absolute_url())  # the first visit remembers the group in the session
    with django_assert_num_queries(queries):
        client.get(term.get_absolute_url())
    members = [make.member(study["group"], f"Member {n}") for n in range(27)]
    for n in range(29):
        session = make.session(term, starts_at=now() + timedelta(days=30 + n), state=Session.PLANNED)
        make.presentation(session, members[n % 27], paper=make.paper(study["group"], f"More {n}"))
    make.term(study["group"], name="Another", first_day="2020-01-01")
    with django_assert_num_queries(queries):
        client.get(term.get_absolute_url())


# ── planning the rest again: the difference first ────────────────────────────────────────────────
def four_of_alice(study):
    term = term_with(study["group"], [study["alice"]], sessions=4)
    Term.objects.update(presenters=1)
    Presentation.objects.update(paper=None)
    Membership.objects.update(joined_at=now() - timedelta(days=300))
    return term


def presenters(term):
    return [str(session.presentations.get().presenter) for session in term.sessions.order_by("starts_at")]


def test_the_difference_is_shown_and_nothing_is_written(sign_in, study):
    term = four_of_alice(study)
    page = sign_in(study["olivia"]).get(f"{term.get_absolute_url()}replan/")
    found = page.context["found"]
    assert (found.turns, [str(p) for p in found.affected]) == (2, ["Olivia", "Alice", "Bob"])
    assert "2 turns change" in page.content.decode()
    assert "A notification goes only to those affected: Olivia, Alice, Bob." in page.content.decode()
    assert presenters(term) == ["Alice"] * 4


def test_the_difference_alone_is_what_a_script_gets(sign_in, study):
    term = four_of_alice(study)
    page = sign_in(study["olivia"]).get(f"{term.get_absolute_url()}replan/?how=anew", headers={"HX-Request": "true"})
    assert "<html" not in page.content.decode() and "HX-Request" in page.headers["Vary"]


def test_replanning_writes_to_those_affected_only_and_is_undone(sign_in, study):
    term, client = four_of_alice(study), sign_in(study["olivia"])
    charlie = make.member(study["group"], "Charlie", state=Membership.PAUSED)
    answer = replanned(client, term)
    assert Counter(presenters(term)) == {"Alice": 2, "Olivia": 1, "Bob": 1}
    notifications = Notification.objects.exclude(state=Notification.SKIPPED)
    assert sorted({(x.kind, str(x.recipient)) for x in notifications}) == [("assigned", "Bob"), ("relieved", "Alice")]
    assert not notifications.filter(recipient=charlie).exists()
    (message,) = answer.context["messages"]
    client.post(message.extra_tags)
    assert presenters(term) == ["Alice"] * 4


def test_a_difference_that_is_no_longer_true_is_shown_anew(sign_in, study):
    term, client = four_of_alice(study), sign_in(study["olivia"])
    address = f"{term.get_absolute_url()}replan/"
    seen = client.get(address).context["found"].fingerprint
    Membership.objects.filter(pk=study["bob"].pk).update(state=Membership.PAUSED)
    answer = client.post(address, {"how": "few", "seen": seen})
    assert (answer.status_code, "Somebody changed this meanwhile." in answer.content.decode()) == (409, True)
    assert presenters(term) == ["Alice"] * 4


def test_sessions_before_the_chosen_one_stay(sign_in, study):
    term = four_of_alice(study)
    last = term.sessions.order_by("starts_at").last()
    replanned(sign_in(study["olivia"]), term, since=last.pk)
    assert presenters(term) == ["Alice"] * 3 + ["Olivia"]


def test_who_joins_in_mid_term_is_not_made_to_catch_up(sign_in, study):
    """Three shared six sessions; Charlie comes for the last four and gets one of them, not three."""
    term = make.term(study["group"], presenters=1)
    Membership.objects.update(joined_at=now() - timedelta(days=300))
    cast = [study["olivia"], study["alice"], study["bob"]]
    for n in range(6):
        session = make.session(term, starts_at=now() + timedelta(days=7 * (n - 6), hours=1))
        make.presentation(session, cast[n % 3])
    ahead = [make.session(term, starts_at=now() + timedelta(days=7 * n + 7)) for n in range(4)]
    for n, session in enumerate(ahead):
        make.presentation(session, cast[n % 3])
    make.member(study["group"], "Charlie", joined_at=now())
    replanned(sign_in(study["olivia"]), term)
    assert Counter(presenters(term)[6:]) == {"Olivia": 1, "Alice": 1, "Bob": 1, "Charlie": 1}


def test_what_keeps_the_rest_uneven_is_said(sign_in, study):
    term, client = four_of_alice(study), sign_in(study["olivia"])
    address = f"{term.get_absolute_url()}replan/"
    days = [session.local_start.date() for session in term.sessions.order_by("starts_at")]
    for name in ("olivia", "bob"):
        Absence.objects.create(membership=study[name], first_day=days[0], last_day=days[2])
    page = client.get(address).content.decode()
    assert "The days away keep turns from being more even." in page
    assert "only these are free: Alice." in page
    Absence.objects.all().delete()
    Presentation.objects.update(pinned=True)
    page = client.get(address).content.decode()
    assert "Turns that stay, with a paper or set by hand, keep the others from being more even." in page


def test_a_turn_of_somebody_who_is_away_is_open(sign_in, study):
    term, client = four_of_alice(study), sign_in(study["olivia"])
    day = term.sessions.order_by("starts_at").first().local_start.date()
    Absence.objects.create(membership=study["alice"], first_day=day, last_day=day)
    page = client.get(term.get_absolute_url())
    assert [str(turn.presenter) for turn in page.context["page"].orphans] == ["Alice"]
    assert "Their presenters no longer take turns, or are away:" in page.content.decode()
    replanned(client, term, how="open")
    assert presenters(term) == ["Olivia", "Alice", "Alice", "Alice"]


def test_the_difference_takes_the_same_queries_for_one_session_and_for_thirty(
    sign_in, study, django_assert_max_num_queries
):
    client, term = sign_in(study["olivia"]), four_of_alice(study)
    address = f"{term.get_absolute_url()}replan/"
    client.get(address)
    for _round in range(2):
        with django_assert_max_num_queries(18):
            client.get(address)
        for n in range(26):
            session = make.session(term, starts_at=now() + timedelta(days=40 + n))
            make.presentation(session, make.member(study["group"], f"Member {n}"))


def test_a_newcomer_never_shifts_turns_when_only_open_ones_are_filled(sign_in, study):
    term = four_of_alice(study)
    make.member(study["group"], "Charlie", joined_at=now())
    found = sign_in(study["olivia"]).get(f"{term.get_absolute_url()}replan/?how=open").context["found"]
    assert found.changes == []


# ── the balance and what is behind it ────────────────────────────────────────────────────────────
def test_the_balance_shows_turns_above_ones_share_and_the_ledger(sign_in, study):
    Membership.objects.update(joined_at=now() - timedelta(days=300))
    old = make.term(study["group"], name="Autumn", first_day="2025-09-02")
    for week in range(3):
        session = make.session(old, starts_at=now() - timedelta(days=100 - 7 * week))
        make.presentation(session, study["alice"])
    term = term_with(study["group"], [study["alice"]])
    page = sign_in(study["bob"]).get(term.get_absolute_url())
    lines = [
        (str(x.membership), x.above, [(a.turns, a.share) for a in x.accounts if a])
        for x in page.context["page"].book.lines
    ]
    assert lines == [("Olivia", -1, [(0, 1)]), ("Alice", 2, [(3, 1)]), ("Bob", -1, [(0, 1)])]
    assert "3 of 1" in page.content.decode() and "+2" in page.content.decode()


def test_a_term_that_is_over_offers_the_next_one_with_its_rhythm(sign_in, study):
    term = make.term(study["group"], place="Room 7", every_weeks=3, presenters=2)
    make.session(term, starts_at=now() - timedelta(days=3))
    page = sign_in(study["olivia"]).get(term.get_absolute_url()).content.decode()
    assert f"/g/study/schedule/plan/?from={term.pk}" in page and "Roll over into a new term" in page
    plan = sign_in(study["olivia"]).get(f"/g/study/schedule/plan/?from={term.pk}").content.decode()
    assert 'value="Room 7"' in plan and "Rolled over from Spring" in plan
    assert Term.objects.count() == 1
