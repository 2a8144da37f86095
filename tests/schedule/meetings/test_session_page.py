"""The session page: what it says, the organizer's tools in their places, and what happens when two people act at once."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members.models import Membership
from schedule.meetings.views.session import rearranged
from schedule.models import Absence, Change, Notification, Presentation, Session
from schedule.notifications.session_notifications import session_notifications
from tests import make
from tests.examples import examples

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.fixture
def session(study):
    """In ten days, 10:00 in Seoul, with Alice and Bob presenting."""
    start = (now().astimezone(SEOUL) + timedelta(days=10)).replace(hour=10, minute=0, second=0, microsecond=0)
    made = make.session(make.term(study["group"]), starts_at=start)
    make.presentation(made, study["alice"])
    make.presentation(made, study["bob"])
    return made


def names(session):
    return list(session.presentations.order_by("position").values_list("presenter__member__name", flat=True))


def day(moment):
    return f"{moment:%Y-%m-%d}"


def test_the_page_says_when_where_and_who(sign_in, study, session):
    Presentation.objects.filter(presenter=study["bob"]).update(
        paper=make.paper(study["group"], "GIRAFFE"), shared_at=now()
    )
    page = sign_in(study["alice"]).get(session.get_absolute_url()).content.decode()
    for said in (
        "10:00",
        "KST",
        "A café near Sangdo",
        "GIRAFFE",
        "No paper yet",
        "Due in three days",
        "Bob",
        "Alice&nbsp;(me)",
    ):
        assert said in page
    assert f"/turns/{session.presentations.get(presenter=study['alice']).pk}/share/" in page
    assert "/move/" not in page and "/cancel/" not in page and "/presenters/" not in page


def _undo_of_the_last_change():
    return f"/g/study/schedule/changes/{Change.objects.first().pk}/undo/"


def test_moving_a_session_and_undoing_it(sign_in, study, session):
    client, address, before = sign_in(study["olivia"]), session.get_absolute_url(), session.starts_at
    later = session.local_start + timedelta(days=2)
    answer = client.post(f"{address}move/", {"day": day(later), "time": "19:30", "seen": "0"}, follow=True)
    moved = Session.objects.get()
    assert (moved.local_start.strftime("%Y-%m-%d %H:%M"), moved.sequence) == (f"{day(later)} 19:30", 1)
    (message,) = answer.context["messages"]
    assert "Moved to" in str(message)
    client.post(message.extra_tags)
    assert (Session.objects.get().starts_at, Session.objects.get().sequence) == (before, 2)


@pytest.mark.parametrize("far", ["0001-01-01", "1999-12-31", "9999-12-31"])
def test_a_session_is_not_moved_to_where_calendars_end(sign_in, study, session, far):
    client, address = sign_in(study["olivia"]), session.get_absolute_url()
    before = session.starts_at
    answer = client.post(f"{address}move/", {"day": far, "time": "23:59", "seen": "0"})
    assert (answer.status_code, Session.objects.get().starts_at) == (422, before)
    assert "Choose a day of this century." in answer.text and "until which day" not in answer.text
    for page in (f"{address}session.ics", f"{address}sheet/", "/g/study/schedule/plan/"):
        assert client.get(page).status_code == 200


def test_moving_to_a_day_on_which_a_presenter_is_away_says_who(sign_in, study, session):
    later = session.local_start.date() + timedelta(days=3)
    Absence.objects.create(membership=study["bob"], first_day=later, last_day=later)
    form = {"day": day(later), "time": "10:00", "seen": "0"}
    page = sign_in(study["olivia"]).post(f"{session.get_absolute_url()}move/", form, follow=True).content.decode()
    assert "Away on that day: Bob." in page


def test_the_second_of_two_organizers_sees_both_values_and_can_go_on(sign_in, study, session):
    client, address = sign_in(study["olivia"]), session.get_absolute_url()
    first, second = (day(session.local_start + timedelta(days=n)) for n in (1, 2))
    client.post(f"{address}move/", {"day": first, "time": "10:00", "seen": "0"})
    answer = client.post(f"{address}move/", {"day": second, "time": "10:00", "seen": "0"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody changed this meanwhile." in page and f'value="{second}"' in page and "As it is now:" in page
    assert day(Session.objects.get().local_start) == first
    client.post(
        f"{address}move/", {"day": second, "time": "10:00", "seen": answer.context["move_form"]["seen"].value()}
    )
    assert day(Session.objects.get().local_start) == second


def test_a_move_sent_twice_moves_once(sign_in, study, session):
    form = {"day": day(session.local_start + timedelta(days=1)), "time": "10:00", "seen": "0"}
    answers = [sign_in(study["olivia"]).post(f"{session.get_absolute_url()}move/", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Session.objects.get().sequence == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"day": "2020-01-01", "time": "10:00", "seen": "0"}, "That moment has passed."),
        ({"day": "never", "time": "10:00", "seen": "0"}, "Check the date: it should look like 2026-03-29."),
        ({"day": "2040-01-01", "time": "25:00", "seen": "0"}, "Check the time: it should look like 19:00."),
    ],
)
def test_a_move_that_cannot_be_is_explained(sign_in, study, session, form, said):
    answer = sign_in(study["olivia"]).post(f"{session.get_absolute_url()}move/", form)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert Session.objects.get().sequence == 0


def test_cancelling_keeps_the_turns_and_undo_brings_the_session_back(sign_in, study, session):
    client, address = sign_in(study["olivia"]), session.get_absolute_url()
    for _ in range(2):
        client.post(f"{address}cancel/", {"seen": "0"})
    assert (Session.objects.get().state, Session.objects.get().sequence) == (Session.CANCELLED, 1)
    page = client.get(address)
    assert "This session is cancelled." in page.content.decode()
    assert f"{address}move/" not in page.content.decode()
    assert [message.extra_tags for message in page.context["messages"]] == [_undo_of_the_last_change()]
    client.post(f"{address}restore/")
    assert (Session.objects.get().state, names(session)) == (Session.PLANNED, ["Alice", "Bob"])


def test_changing_the_place_and_undoing_it(sign_in, study, session):
    client, address = sign_in(study["olivia"]), session.get_absolute_url()
    answer = client.post(f"{address}place/", {"place": "Library, room 3", "seen": "0"}, follow=True)
    assert Session.objects.get().place == "Library, room 3"
    (message,) = answer.context["messages"]
    assert message.extra_tags == _undo_of_the_last_change()
    client.post(message.extra_tags)
    assert Session.objects.get().place == "A café near Sangdo"


def test_presenters_are_added_removed_exchanged_and_reordered(sign_in, study, session):
    client, address = sign_in(study["olivia"]), f"{session.get_absolute_url()}presenters/"
    alice, bob, olivia = (study[name].pk for name in ("alice", "bob", "olivia"))
    story = [
        ({"do": "later", "presenter": alice}, ["Bob", "Alice"]),
        ({"do": "earlier", "presenter": alice}, ["Alice", "Bob"]),
        ({"do": "add", "presenter": olivia}, ["Alice", "Bob", "Olivia"]),
        ({"do": "remove", "presenter": bob}, ["Alice", "Olivia"]),
        ({"do": "change", "presenter": olivia, "other": bob}, ["Alice", "Bob"]),
    ]
    for sequence, (form, then) in enumerate(story):
        client.post(address, form | {"seen": sequence})
        assert (names(session), Session.objects.get().sequence) == (then, sequence + 1)
    assert set(session.presentations.values_list("pinned", flat=True)) == {True}


def test_pressing_add_twice_adds_once(sign_in, study, session):
    client, form = sign_in(study["olivia"]), {"do": "add", "presenter": study["olivia"].pk, "seen": 0}
    for _ in range(2):
        client.post(f"{session.get_absolute_url()}presenters/", form)
    assert names(session) == ["Alice", "Bob", "Olivia"]
    assert Session.objects.get().sequence == 1


def test_reordering_on_an_old_page_is_refused_in_words(sign_in, study, session):
    client, form = sign_in(study["olivia"]), {"do": "later", "presenter": study["alice"].pk, "seen": 0}
    client.post(f"{session.get_absolute_url()}presenters/", form)
    form["presenter"] = study["bob"].pk
    page = client.post(f"{session.get_absolute_url()}presenters/", form, follow=True).content.decode()
    assert "Somebody changed this meanwhile." in page
    assert names(session) == ["Bob", "Alice"]


def test_paused_people_and_strangers_are_not_seated(sign_in, study, session):
    Membership.objects.filter(pk=study["olivia"].pk).update(state=Membership.PAUSED)
    client = sign_in(study["olivia"])
    for who in (study["olivia"].pk, study["mallory"].pk, 10**9, "x"):
        answer = client.post(f"{session.get_absolute_url()}presenters/", {"do": "add", "presenter": who, "seen": 0})
        assert answer.status_code == 404
    assert names(session) == ["Alice", "Bob"]


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    presses=st.lists(
        st.tuples(
            st.sampled_from(["add", "remove", "change", "earlier", "later"]), st.integers(0, 3), st.integers(0, 3)
        )
    )
)
def test_whatever_is_pressed_nobody_ever_sits_on_two_seats(presses):
    people = [Membership(pk=n + 1) for n in range(4)]
    seated = people[:2]
    for do, who, other in presses:
        before = seated
        seated = rearranged(seated, {"do": do, "presenter": people[who], "other": people[other]})
        assert len(set(seated)) == len(seated)
        if do in {"earlier", "later"}:
            assert set(seated) == set(before)


def test_what_is_over_offers_no_tools(sign_in, study):
    session = make.session(make.term(study["group"]), starts_at=now() - timedelta(days=3))
    make.presentation(session, study["alice"])
    page = sign_in(study["olivia"]).get(session.get_absolute_url()).content.decode()
    assert "/move/" not in page and "/cancel/" not in page and "No paper was shared" in page
    answer = sign_in(study["olivia"]).post(f"{session.get_absolute_url()}cancel/", follow=True)
    assert "This session is over" in answer.content.decode()


def test_the_same_notification_to_each_presenter_is_one_line(study, session):
    lines = session_notifications(session, study["olivia"], now())
    said = [(line.when, line.label) for line in lines]
    assert len(said) == len(set(said))
    share = next(line for line in lines if line.label == "share your paper today")
    assert sorted(map(str, share.readers)) == ["Alice", "Bob"]


def test_hostile_words_are_shown_as_words(sign_in, study, session):
    nasty = '"><script>alert(1)</script>'
    Session.objects.update(place=nasty, notes=nasty)
    Presentation.objects.filter(presenter=study["alice"]).update(
        paper=make.paper(study["group"], nasty), shared_at=now()
    )
    page = sign_in(study["olivia"]).get(session.get_absolute_url()).content.decode()
    assert "<script>alert" not in page and page.count("&lt;script&gt;alert") >= 3


@pytest.mark.parametrize("who", ["olivia", "alice"])
def test_the_session_page_takes_the_same_few_queries_for_one_turn_and_for_thirty(
    sign_in, study, session, django_assert_num_queries, who
):
    Presentation.objects.update(paper=make.paper(study["group"]), shared_at=now())
    client, address = sign_in(study[who]), session.get_absolute_url()
    client.get(address)  # the first visit remembers the group in the session
    queries = {"olivia": 14, "alice": 13}[who]
    with django_assert_num_queries(queries):
        client.get(address)
    for n in range(30):
        presenter = make.member(study["group"], f"Member {n}")
        make.presentation(session, presenter, paper=make.paper(study["group"], f"Paper {n}"), shared_at=now())
        make.session(session.term, starts_at=session.starts_at + timedelta(days=7 + n))
        make.member(study["group"], f"Idle {n}")
    with django_assert_num_queries(queries):
        client.get(address)


# ── its turns go along, or return to the pool ────────────────────────────────────────────────────
def test_moving_with_its_turns_to_share_gives_them_to_those_free_that_day(sign_in, study, session):
    client, later = sign_in(study["olivia"]), session.local_start.date() + timedelta(days=3)
    Absence.objects.create(membership=study["bob"], first_day=later, last_day=later)
    session.term.presenters = 2
    session.term.save()
    answer = client.post(
        f"{session.get_absolute_url()}move/",
        {"day": later.isoformat(), "time": "10:00", "seen": "0", "turns": "pool"},
        follow=True,
    )
    assert sorted(names(session)) == ["Alice", "Olivia"]
    (message,) = answer.context["messages"]
    client.post(message.extra_tags)
    assert names(session) == ["Alice", "Bob"]
    assert Session.objects.get().local_start.date() == later - timedelta(days=3)


def test_cancelling_may_free_the_turns_and_undo_brings_them_back(sign_in, study, session):
    client, address = sign_in(study["olivia"]), session.get_absolute_url()
    answer = client.post(f"{address}cancel/", {"turns": "pool", "seen": "0"}, follow=True)
    assert (Session.objects.get().state, names(session)) == (Session.CANCELLED, [])
    (message,) = answer.context["messages"]
    client.post(message.extra_tags)
    assert (Session.objects.get().state, names(session)) == (Session.PLANNED, ["Alice", "Bob"])


def test_who_is_too_late_with_presenters_is_told_what_they_asked_for(sign_in, study, session):
    client, address = sign_in(study["olivia"]), f"{session.get_absolute_url()}presenters/"
    client.post(address, {"do": "remove", "presenter": study["bob"].pk, "seen": "0"})
    page = client.post(address, {"do": "add", "presenter": study["olivia"].pk, "seen": "0"}, follow=True)
    assert "Somebody changed this meanwhile." in page.content.decode()
    assert "You asked for: Alice, Olivia." in page.content.decode()
    assert names(session) == ["Alice"]


def test_a_session_that_moved_meanwhile_is_not_cancelled_from_an_old_page(sign_in, study, session):
    client, address = sign_in(study["olivia"]), session.get_absolute_url()
    client.post(f"{address}place/", {"place": "Library, room 3", "seen": "0"})
    page = client.post(f"{address}cancel/", {"seen": "0"}, follow=True).content.decode()
    assert "Somebody changed this meanwhile." in page and "You asked to cancel it." in page
    assert Session.objects.get().state == Session.PLANNED
    client.post(f"{address}cancel/", {"seen": "1"})
    assert Session.objects.get().state == Session.CANCELLED


@pytest.mark.parametrize("seen", ["99999999999", "x", "", "-1", "½", None])
@pytest.mark.parametrize(
    ("part", "form"),
    [
        ("cancel/", {}),
        ("place/", {"place": "Library, room 3"}),
        ("move/", {"day": "2040-01-01", "time": "10:00"}),
        ("presenters/", {"do": "later", "presenter": "alice"}),
    ],
)
def test_a_form_whose_page_cannot_be_told_is_refused_like_one_from_an_old_page(
    sign_in, study, session, part, form, seen
):
    form = {name: study[value].pk if value == "alice" else value for name, value in form.items()}
    form |= {} if seen is None else {"seen": seen}
    page = sign_in(study["olivia"]).post(f"{session.get_absolute_url()}{part}", form, follow=True)
    assert (page.status_code in {200, 409}, "Somebody changed this meanwhile." in page.text) == (True, True)
    assert (Session.objects.get().sequence, names(session)) == (0, ["Alice", "Bob"])


def test_every_turn_says_why(sign_in, study, session):
    turn = session.presentations.first()
    turn.why = {"for": turn.presenter_id, "because": "fewest", "free": 3, "since": 2}
    turn.save()
    Presentation.objects.filter(presenter=study["bob"]).update(pinned=True)
    page = sign_in(study["alice"]).get(session.get_absolute_url()).content.decode()
    assert "nobody had presented less; the turn before was 2 sessions earlier." in page
    assert "An organizer chose this by hand." in page
    Presentation.objects.filter(pk=turn.pk).update(presenter=study["olivia"])
    page = sign_in(study["alice"]).get(session.get_absolute_url()).content.decode()
    assert "it was passed on afterwards." in page and "nobody had presented less" not in page


@pytest.mark.parametrize("state", [Session.PLANNED, Session.HELD, Session.CANCELLED])
def test_a_session_that_has_begun_still_has_its_page_after_its_papers_went_out(sign_in, study, state):
    session = make.session(make.term(study["group"]), now() - timedelta(minutes=1), state=state)
    make.presentation(session, study["alice"], paper=make.paper(study["group"]), shared_at=now() - timedelta(days=8))
    make.notification(
        session, study["bob"], Notification.PAPERS, state=Notification.SENT, settled_at=now() - timedelta(days=7)
    )
    for who in (study["olivia"], study["bob"]):
        client = sign_in(who)
        assert client.get(session.get_absolute_url()).status_code == 200
        assert client.get("/g/study/notifications/").status_code == 200
