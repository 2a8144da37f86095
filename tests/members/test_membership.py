"""Pausing, leaving, leading; and that somebody always leads."""

import os
import threading

import pytest
from django.db import connection
from django.utils.timezone import now

from members import invitations, membership
from members.membership import LastOrganizer
from members.models import Membership
from tests import make
from tests.servers import PATIENCE

PLACES = [
    ("organizer", "active"),
    ("member", "active"),
    ("member", "paused"),
    ("member", "left"),
    ("member", "removed"),
]


def state(place):
    place.refresh_from_db()
    return place.role, place.state


@pytest.mark.django_db
@pytest.mark.parametrize(
    "verb, becomes",
    [
        ("pause", [("organizer", "paused"), ("member", "paused"), None, None, None]),
        ("resume", [None, None, ("member", "active"), None, None]),
        ("leave", [("organizer", "left"), ("member", "left"), ("member", "left"), None, None]),
        ("remove", [("organizer", "removed"), ("member", "removed"), ("member", "removed"), None, None]),
        ("restore", [None, None, None, None, ("member", "active")]),
        ("restore-pausing", [None, None, None, None, ("member", "paused")]),
        ("promote", [None, ("organizer", "active"), ("organizer", "paused"), None, None]),
        ("demote", [("member", "active"), None, None, None, None]),
    ],
)
def test_each_verb_changes_what_it_may_and_nothing_else(verb, becomes):
    group = make.group()
    make.organizer(group, "Olivia")
    for (role, before), after in zip(PLACES, becomes, strict=True):
        place = make.member(group, role=role, state=before)
        assert membership.change(place, verb) == (after is not None)
        assert state(place) == (after or (role, before))


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["leave", "remove", "demote"])
def test_the_last_organizer_stays(study, verb):
    with pytest.raises(LastOrganizer):
        membership.change(study["olivia"], verb)
    assert state(study["olivia"]) == ("organizer", "active")
    membership.change(study["alice"], "promote")
    assert membership.change(study["olivia"], verb)


@pytest.mark.django_db
def test_an_organizer_whose_account_is_closed_leads_nobody(study):
    other = make.organizer(study["group"], "Oscar")
    other.member.is_active = False
    other.member.save()
    with pytest.raises(LastOrganizer):
        membership.change(study["olivia"], "demote")


@pytest.mark.django_db
def test_a_pausing_organizer_still_leads(study):
    membership.change(study["alice"], "promote")
    membership.change(study["alice"], "pause")
    assert membership.change(study["olivia"], "leave")


@pytest.mark.django_db
def test_remove_then_undo_is_the_identity(study):
    for before in ("active", "paused"):
        Membership.objects.filter(pk=study["bob"].pk).update(state=before)
        membership.change(study["bob"], "remove")
        membership.change(study["bob"], "restore" if before == "active" else "restore-pausing")
        assert state(study["bob"]) == ("member", before)


def at_once(*jobs):
    """Run all jobs at the same moment, each on a connection of its own; on SQLite in memory, one after the other."""
    results = [None] * len(jobs)
    start = threading.Barrier(len(jobs))

    def run(number, job):
        try:
            start.wait(PATIENCE)
            results[number] = job()
        except Exception as error:  # what the job raised is its result
            results[number] = type(error)
        finally:
            connection.close()

    if not os.environ.get("DATABASE_URL"):
        start = threading.Barrier(1)
        for number, job in enumerate(jobs):
            try:
                results[number] = job()
            except Exception as error:
                results[number] = type(error)
        return results
    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_eight_organizers_who_go_at_once_leave_one_behind(study):
    places = [study["olivia"], *[make.organizer(study["group"], f"O{number}") for number in range(7)]]
    verbs = ["leave", "demote", "remove", "leave"] * 2
    results = at_once(*[lambda pair=pair: membership.change(*pair) for pair in zip(places, verbs, strict=True)])
    assert (results.count(True), results.count(LastOrganizer)) == (7, 1)
    assert study["group"].memberships.organizers().count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_single_use_link_claimed_by_eight_people_at_once_lets_in_one(study):
    token = invitations.invite(study["group"], by=study["olivia"], at=now()).token
    people = [make.person(f"P{number}") for number in range(8)]
    results = at_once(*[lambda person=person: invitations.accept(token, person, at=now()).member for person in people])
    assert results.count(invitations.InvitationRefused) == 7
    assert study["group"].memberships.current().filter(member__in=people).count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_person_who_accepts_two_invitations_at_once_gets_one_place(study):
    tokens = [invitations.invite(study["group"], by=study["olivia"], at=now()).token for _ in range(4)]
    dora = make.person("Dora")
    places = at_once(*[lambda token=token: invitations.accept(token, dora, at=now()).pk for token in tokens])
    assert len(set(places)) == 1
    assert study["group"].memberships.filter(member=dora).count() == 1
