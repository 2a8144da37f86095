"""Whatever stands in the fields of a request, no page breaks: nonsense is not found, or refused in words."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import get_resolver
from django.utils.timezone import now

from members.numbers import whole
from papers import library
from schedule.meetings import attendance
from schedule.models import Absence, Change, Photo
from schedule.planning.changes import changing
from schedule.planning.swaps import offers
from tests import make

pytestmark = pytest.mark.django_db
APPS = ("members", "papers", "schedule")
FIELD = re.compile(r"request\.(?:GET|POST)(?:\.get|\.getlist)?[(\[]\"(\w+)\"")
DECLARED = re.compile(r"^    (\w+) = forms\.", re.MULTILINE)
NAMES = sorted({"day", "time", "seen", "text"} | {
    name
    for app in APPS
    for path in Path(app).rglob("*.py")
    for name in (*FIELD.findall(path.read_text("utf8")), *DECLARED.findall(path.read_text("utf8")))
})  # fmt: skip
NONSENSE = ["x", "-1", "9" * 5000, "٣", "²", "\0", "", None, "1.5", " 7", "1" * 10]


@pytest.fixture
def world(study):
    """A session that runs, with everything that an address may name."""
    term = make.term(study["group"], count=2)
    session, ahead = make.session(term, now() - timedelta(minutes=5)), make.session(term)
    paper = make.paper(study["group"])
    turn = make.presentation(session, study["alice"], paper=paper, shared_at=now())
    offered = make.presentation(ahead, study["alice"])
    with changing(term, by=study["olivia"], kind=Change.PRESENTERS, now=now()) as change:
        make.presentation(ahead, study["bob"])
    photo = Photo(session=session, width=4, height=3, taken_at=now(), added_by=study["alice"])
    photo.file.save("photo.jpg", ContentFile(b"as kept"))
    photo.save()
    today = now().date()
    away = Absence.objects.create(membership=study["alice"], first_day=today, last_day=today)
    attendance.open_code(session, now=now())
    library.wish(paper, by=study["olivia"])
    swap = offers.ask(offered, by=study["alice"], now=now(), taker=study["olivia"])
    file = make.paper_file(paper)
    return {
        "slug": "study", "session": session.pk, "term": term.pk, "turn": turn.pk, "photo": photo.pk, "file_pk": file.pk,
        "filename": "paper.pdf", "swap": swap.pk, "change": change.pk, "absence": away.pk, "paper": paper.pk,
        "membership": study["bob"].pk, "ahead": ahead.pk,
    }  # fmt: skip


def addresses(world):
    """Every address of ours under a group, with things that are there where its name tells which."""
    found = []
    for pattern in _routes(get_resolver()):
        if not pattern.startswith("g/<slug:slug>/"):
            continue
        known = {"<slug:slug>": "study", "<int:photo>": world["photo"], "<int:file_pk>": world["file_pk"]}
        known |= {
            "<int:turn>": world["turn"],
            "<int:lookup_pk>": 1,
            "<str:filename>": "paper.pdf",
            "<str:verb>": "pause",
        }
        for part, value in known.items():
            pattern = pattern.replace(part, str(value))
        pk = next((world[name] for word, name in PLACES if word in pattern), world["session"])
        found.append("/" + re.sub(r"<int:\w+>", str(pk), re.sub(r"<(?:str|slug|uuid):\w+>", "bib", pattern)))
    return sorted(set(found))


NUMBERS = ("session", "term", "turn", "photo", "file_pk", "swap", "change", "absence", "paper", "membership")
PLACES = [
    ("/papers/", "paper"), ("/terms/", "term"), ("/turns/away/", "absence"), ("/turns/", "turn"), ("/swaps/", "swap"),
    ("/changes/", "change"), ("/wishes/", "paper"), ("/members/", "membership"), ("/notifications/times/", "term"),
]  # fmt: skip


def _routes(resolver, before=""):
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern, route)
        else:
            yield route


def _broken(client, address, fields):
    """The ways of asking that end in an error of ours."""
    found = []
    for how in ("get", "post"):
        answer = getattr(client, how)(address, fields)
        b"".join(answer)  # a file is closed once it was read
        found += [(how, address)] if answer.status_code >= 500 else []
    return found


@pytest.mark.parametrize(
    "nonsense",
    [
        pytest.param("9" * 5000, id="too many digits"),
        pytest.param("\0", id="NUL"),
        pytest.param("٣", id="another script", marks=pytest.mark.slow),
    ],
)
def test_no_field_of_any_request_breaks_a_page(world, study, sign_in, nonsense):
    client = sign_in(study["olivia"])
    client.raise_request_exception = False
    assert [
        one for address in addresses(world) for one in _broken(client, address, dict.fromkeys(NAMES, nonsense))
    ] == []


def test_no_number_in_an_address_breaks_a_page(study, sign_in):
    client, world = sign_in(study["olivia"]), dict.fromkeys(NUMBERS, "9" * 30)
    client.raise_request_exception = False
    assert [one for address in addresses(world) for one in _broken(client, address, {"seen": "0"})] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), ("007", 7), ("0", 0), *((one, None) for one in NONSENSE)],
)
def test_a_whole_number_is_read_or_there_is_none(text, number):
    assert whole(text) == number
