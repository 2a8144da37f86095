"""Every address of the schedule, asked by everybody: who may not, finds nothing there, and nothing changes."""

from datetime import timedelta

import pytest
from django.core import serializers
from django.core.files.base import ContentFile
from django.test import Client
from django.utils.timezone import localdate, now

from members.models import Membership
from papers import library
from papers.models import Wish
from schedule.models import (
    Absence,
    AttendanceRecord,
    Bundle,
    Change,
    Notification,
    Photo,
    Presentation,
    Session,
    Swap,
    Term,
)
from schedule.planning.changes import changing
from schedule.planning.swaps import offers
from schedule.transfer import bundles
from tests import make

MEMBERS, ORGANIZERS = "members", "organizers"
READ = [
    ("schedule/", MEMBERS),
    ("schedule/terms/{term}/", MEMBERS),
    ("schedule/{session}/", MEMBERS),
    ("schedule/{session}/report/", MEMBERS),
    ("schedule/{session}/report.pptx", MEMBERS),
    ("schedule/{session}/sheet/", MEMBERS),
    ("schedule/terms/{term}/attendance/", MEMBERS),
    ("schedule/terms/{term}/attendance.csv", MEMBERS),
    ("schedule/terms/{draft}/attendance/", ORGANIZERS),
    ("bundles/{bundle}/", ORGANIZERS),
    ("bundles/{bundle}/file/", ORGANIZERS),
    ("schedule/{session}/here/", MEMBERS),
    ("schedule/{session}/photos/{photo}/", MEMBERS),
    ("schedule/turns/", MEMBERS),
    ("schedule/turns/{turn}/share/", "presenter"),
    ("schedule/turns/{turn}/swap/", "presenter"),
    ("schedule/swaps/{swap}/", "concerned"),
    ("schedule/wishes/", MEMBERS),
    ("schedule/{session}/session.ics", MEMBERS),
    ("calendar/", MEMBERS),
    ("search/", MEMBERS),
    ("search/?q=e", MEMBERS),
    ("schedule/plan/", ORGANIZERS),
    ("notifications/times/", ORGANIZERS),
    ("notifications/times/{term}/", ORGANIZERS),
    ("schedule/plan/{draft}/", ORGANIZERS),
    ("schedule/terms/{draft}/", ORGANIZERS),
    ("schedule/{draft_session}/", ORGANIZERS),
    ("schedule/terms/{term}/replan/", ORGANIZERS),
]
WRITE = [
    ("bundle/", ORGANIZERS),
    ("schedule/terms/{term}/bundle/", ORGANIZERS),
    ("calendar/renew/", MEMBERS),
    ("schedule/terms/{draft}/publish/", ORGANIZERS),
    ("schedule/terms/{draft}/delete/", ORGANIZERS),
    ("schedule/terms/{term}/replan/", ORGANIZERS),
    ("schedule/terms/{term}/days-off/", ORGANIZERS),
    ("schedule/{session}/move/", ORGANIZERS),
    ("schedule/{session}/cancel/", ORGANIZERS),
    ("schedule/{session}/restore/", ORGANIZERS),
    ("schedule/{session}/place/", ORGANIZERS),
    ("schedule/{session}/presenters/", ORGANIZERS),
    ("schedule/changes/{change}/undo/", ORGANIZERS),
    ("schedule/{session}/minutes/", MEMBERS),
    ("schedule/{session}/minutes/{turn}/", MEMBERS),
    ("schedule/{session}/attendance/", ORGANIZERS),
    ("schedule/{session}/here/", MEMBERS),
    ("schedule/{session}/code/open/", ORGANIZERS),
    ("schedule/{session}/code/close/", ORGANIZERS),
    ("schedule/{session}/photos/", MEMBERS),
    ("schedule/{session}/photos/{photo}/remove/", "photographer"),
    ("schedule/{session}/close/", ORGANIZERS),
    ("schedule/{session}/reopen/", ORGANIZERS),
    ("schedule/turns/away/", MEMBERS),
    ("schedule/terms/{term}/tap/", MEMBERS),
    ("schedule/turns/away/{absence}/back/", "presenter"),
    ("schedule/turns/{turn}/withdraw/", "presenter"),
    ("schedule/turns/{turn}/share/", "presenter"),
    ("schedule/turns/{turn}/swap/", "presenter"),
    ("schedule/swaps/{swap}/", "concerned"),
    ("schedule/wishes/{paper}/", MEMBERS),
    ("schedule/plan/", ORGANIZERS),
]
MAY = {
    MEMBERS: {"olivia", "alice", "bob", "carol"},
    "presenter": {"olivia", "alice"},
    "photographer": {"olivia", "alice"},
    "concerned": {"olivia", "alice", "carol"},
    ORGANIZERS: {"olivia"},
}
EVERYBODY = ["anonymous", "stranger", "mallory", "removed", "staff", "bob", "carol", "alice", "olivia"]


@pytest.fixture
def world(study):
    """A term with Alice's turn, a draft, a wish, an absence; and people who have no business here."""
    term = make.term(study["group"])
    draft = make.term(study["group"], name="Draft", published=False)
    session, draft_session = make.session(term), make.session(draft)
    paper = make.paper(study["group"])
    turn = make.presentation(session, study["alice"], paper=paper, shared_at=now())
    library.wish(paper, by=study["olivia"])
    tomorrow = localdate() + timedelta(days=1)
    absence = Absence.objects.create(membership=study["alice"], first_day=tomorrow, last_day=tomorrow)
    study["stranger"] = make.person("Stranger")
    study["removed"] = make.member(study["group"], "Removed", state=Membership.REMOVED)
    study["staff"] = make.person("Staff", is_staff=True, is_superuser=True)
    things = {"term": term, "draft": draft, "session": session, "draft_session": draft_session}
    with changing(term, by=study["olivia"], kind=Change.PRESENTERS, now=now()) as change:
        make.presentation(session, study["bob"])
    study["carol"] = make.member(study["group"], "Carol")
    swap = offers.ask(turn, by=study["alice"], now=now(), taker=study["carol"])
    photo = Photo(session=session, width=4, height=3, taken_at=now(), added_by=study["alice"])
    photo.file.save("photo.jpg", ContentFile(b"as kept"))
    photo.save()
    bundle = bundles.ask(Bundle.TERM, group=study["group"], by=study["olivia"], language="en", term=term)
    bundles.make(bundle.pk)
    things["bundle"] = bundle
    things |= {"photo": photo, "turn": turn, "paper": paper, "absence": absence, "change": change, "swap": swap}
    return study, {name: thing.pk for name, thing in things.items()}


def client_of(study, who, sign_in):
    return Client() if who == "anonymous" else sign_in(study[who])


def everything():
    """All rows of the schedule, as text."""
    models = (Term, Session, Presentation, Absence, Wish, Notification, Swap, Change, AttendanceRecord, Photo, Bundle)
    return [serializers.serialize("json", model.objects.order_by("pk")) for model in models]


@pytest.mark.parametrize("who", EVERYBODY)
def test_reading(sign_in, world, who):
    study, ids = world
    client, before = client_of(study, who, sign_in), everything()
    for path, may in READ:
        answer = client.get("/g/study/" + path.format(**ids))
        b"".join(answer)
        expected = 302 if who == "anonymous" else 200 if who in MAY[may] else 404
        assert (path, answer.status_code) == (path, expected)
    assert everything() == before


@pytest.mark.parametrize("who", EVERYBODY)
def test_writing_is_refused_to_those_who_may_not_and_leaves_no_trace(sign_in, world, who):
    study, ids = world
    client, before = client_of(study, who, sign_in), everything()
    for path, may in WRITE:
        if who in MAY[may]:
            continue
        answer = client.post("/g/study/" + path.format(**ids), {"do": "publish", "seen": "0"})
        assert (path, answer.status_code) == (path, 302 if who == "anonymous" else 404)
        if who == "anonymous":
            assert answer.headers["Location"].startswith("/accounts/login/")
    assert everything() == before


def test_what_writes_does_not_answer_to_get(sign_in, world):
    study, ids = world
    client, before = sign_in(study["olivia"]), everything()
    readable = {path for path, _may in READ}
    for path, _may in WRITE:
        if path not in readable:
            assert (path, client.get("/g/study/" + path.format(**ids)).status_code) == (path, 302)
    assert everything() == before


def test_ids_of_one_group_are_not_found_in_another(sign_in, world):
    study, ids = world
    client, before = sign_in(study["mallory"]), everything()
    for path, _may in [*READ, *WRITE]:
        if "{" in path:
            address = "/g/another/" + path.format(**ids)
            assert (path, client.get(address).status_code in {302, 404}) == (path, True)
            assert (path, client.post(address, {"seen": "0"}).status_code) == (path, 404)
    assert everything() == before
