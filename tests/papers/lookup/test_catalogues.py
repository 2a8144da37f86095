"""What is an identifier, what do catalogues mean, and how is one asked: against a server of ours, however it behaves."""

import json
import socket
import threading
import time

import pytest

from papers.lookup.catalogues import arxiv, crossref, openalex, transport
from papers.lookup.catalogues.identifiers import Identifier, recognise
from papers.lookup.catalogues.record import CatalogueRecord, from_json
from papers.lookup.catalogues.transport import Catalogue, CatalogueError, get
from tests.papers.lookup import catalogue_server as sources_server
from tests.papers.lookup.catalogue_server import (
    PAPER,
    Answer,
    atom,
    feed,
    flood,
    hang_up,
    openalex_work,
    silence,
    trickle,
    work,
)

PREPRINT = Identifier("arxiv", "2011.12100")
DOI = Identifier("doi", PAPER["doi"])
BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
<!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><feed xmlns="http://www.w3.org/2005/Atom">&lol3;</feed>"""
INSIDE = b"""<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]><feed>&x;</feed>"""


@pytest.fixture
def server():
    with sources_server.running() as running:
        yield running


def ask(server, answer=None, path="/works/10.5555%2Fgiraffe.2021", source="crossref", **limits):
    if answer:
        server.answers[source] = answer
    return get(Catalogue(source, f"{server.url}/{source}", "tests/1", **{"seconds": 2} | limits), path)


def trouble(function, *words, **more):
    """(state, wait) of the CatalogueError that it ends in."""
    with pytest.raises(CatalogueError) as caught:
        function(*words, **more)
    return caught.value.state, caught.value.wait


# ── identifiers ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("arXiv:2011.12100", ["arXiv:2011.12100"]),
        ("2011.12100v3", ["arXiv:2011.12100v3"]),
        ("0704.0001", ["arXiv:0704.0001"]),
        ("hep-th/9901001", ["arXiv:hep-th/9901001"]),
        ("arXiv:math.GT/0309136v1", ["arXiv:math/0309136v1"]),
        ("https://arxiv.org/abs/2011.12100", ["arXiv:2011.12100"]),
        ("http://www.arxiv.org/pdf/2011.12100v2.pdf", ["arXiv:2011.12100v2"]),
        ("https://arxiv.org/html/2011.12100v3#S1.p2", ["arXiv:2011.12100v3"]),
        ("arXiv:2011.12100v2 [cs.CV] 29 Apr 2021", ["arXiv:2011.12100v2"]),
        ("https://doi.org/10.48550/arXiv.2011.12100", ["arXiv:2011.12100"]),
        ("https://doi.org/10.1109/5.771073", ["10.1109/5.771073"]),
        ("https://dx.doi.org/10.1000%2Fxyz?utm_source=mail", ["10.1000/xyz"]),
        ("doi: 10.1016/0022-2496(77)90033-5).", ["10.1016/0022-2496(77)90033-5"]),
        ("(see 10.1109/CVPR46437.2021.01129)", ["10.1109/CVPR46437.2021.01129"]),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330701?download=true", ["10.1145/3292500.3330701"]),
        ("https://onlinelibrary.wiley.com/doi/10.1002/abc.123/full", ["10.1002/abc.123"]),
        ("이 논문(2011.12100)을 같이 읽어요", ["arXiv:2011.12100"]),
        ("10.1109/5.771073입니다", ["10.1109/5.771073"]),
        ("ａｒＸｉｖ：２０１１．１２１００", ["arXiv:2011.12100"]),
        ("arXiv:2011.\u200b12100", ["arXiv:2011.12100"]),
        ("2011.12100, arXiv:2011.12100v2 and 10.1109/5.771073", ["arXiv:2011.12100", "10.1109/5.771073"]),
        ("", []),
        ("Attention is all you need", []),
        ("2013.12345 is no month, 2011.123 too short, 10.1109 no suffix", []),
        ("1.2011.12100", []),
        ("https://www.nature.com/articles/s41586-021-03819-2", []),
        ("javascript:alert(1) file:///etc/passwd http://169.254.169.254/latest", []),
    ],
)
def test_what_people_paste_is_understood_with_rubbish_around_it(pasted, meant):
    assert [str(one) for one in recognise(pasted)] == meant


def test_a_thousand_numbers_are_ten_questions():
    text = " ".join(f"2011.{number:05}" for number in range(1000))
    assert [one.value for one in recognise(text)] == [f"2011.{number:05}" for number in range(10)]


def test_rubbish_takes_no_time():
    began = time.process_time()
    for rubbish in ("10.1234/" * 600, "https://" * 600, "a.b/" * 1200, "hep-th/" * 700, "9" * 5000, "10.1/(((((" * 500):
        recognise(rubbish)
    assert time.process_time() - began < 1


# ── what catalogues say ──────────────────────────────────────────────────────────────────────────
def test_three_catalogues_say_the_same_of_one_paper():
    known = {"title": PAPER["title"], "authors": tuple(PAPER["authors"]), "abstract": PAPER["abstract"], "year": 2020}
    known |= {"venue": PAPER["venue"]}
    assert arxiv.parse(atom(PAPER, "2011.12100"), PREPRINT) == CatalogueRecord(
        "arxiv", **known, doi=PAPER["doi"], arxiv_id="2011.12100"
    )
    assert crossref.parse(work(PAPER), DOI) == CatalogueRecord("crossref", **known, doi=PAPER["doi"].upper())
    assert openalex.parse(openalex_work(PAPER), DOI) == CatalogueRecord("openalex", **known, doi=PAPER["doi"])


def test_the_first_of_several_dois_that_an_author_gave_arxiv_counts():
    given = atom(PAPER | {"doi": "see https://doi.org/10.5555/first; 10.5555/second"}, "2011.12100")
    assert arxiv.parse(given, PREPRINT).doi == "10.5555/first"
    assert arxiv.parse(atom(PAPER | {"doi": "in print"}, "2011.12100"), PREPRINT).doi == ""


def test_a_record_survives_being_kept():
    record = CatalogueRecord("arxiv", "Title", ("Alice", "Bob"), year=2020)
    assert from_json(json.loads(json.dumps(record.as_json() | {"shelf_mark": "of a later version"}))) == record


def test_what_publishers_deposit_is_read_as_plain_text():
    message = {
        "DOI": "10.5555/x",
        "title": ["On H<sub>2</sub>O &amp;amp; <i>life</i> where p &lt; 0.05"],
        "subtitle": ["A \u202esecond\u202c look"],
        "author": [{"name": "The Consortium"}, {"given": "Ada", "family": "Lovelace", "suffix": "Jr."}, "?", {}],
        "issued": {"date-parts": [[None]]},
        "published-online": {"date-parts": [[2019, 12, 31]]},
        "abstract": "<jats:title>Abstract</jats:title><jats:sec><jats:p>One.</jats:p><jats:p>Two\x00.</jats:p></jats:sec>",
    }
    found = crossref.parse(json.dumps({"message": message}).encode(), Identifier("doi", "10.5555/X"))
    assert found == CatalogueRecord(
        "crossref",
        title="On H2O & life where p < 0.05: A second look",
        authors=("The Consortium", "Ada Lovelace Jr."),
        abstract="One. Two.",
        year=2019,
        doi="10.5555/x",
    )


@pytest.mark.parametrize(
    ("speaks", "answer", "state"),
    [
        (arxiv, feed(""), "nothing"),
        (
            arxiv,
            feed("<entry><id>http://arxiv.org/api/errors#incorrect_id</id><title>Error</title></entry>"),
            "nothing",
        ),
        (arxiv, b"Rate exceeded.", "limited"),
        (arxiv, b"<!DOCTYPE html><html><body>Robot?</body></html>", "garbled"),
        (arxiv, b"<html><body>Robot?</body></html>", "garbled"),
        (arxiv, BOMB, "garbled"),
        (arxiv, INSIDE, "garbled"),
        (arxiv, b"<a>" * 100_000, "garbled"),
        (arxiv, b"", "garbled"),
        (arxiv, atom(PAPER, "2011.99999"), "garbled"),
        (arxiv, atom(PAPER | {"title": " "}, "2011.12100"), "garbled"),
        (arxiv, atom(PAPER, "2011.12100")[:-20], "garbled"),
        (crossref, b"<html>", "garbled"),
        (crossref, b"[]", "garbled"),
        (crossref, b'{"message": 7}', "garbled"),
        (crossref, b"[" * 200_000, "garbled"),
        (crossref, work(PAPER | {"doi": "10.5555/another"}), "garbled"),
        (crossref, work(PAPER | {"title": "<b></b>"}), "garbled"),
        (openalex, b"null", "garbled"),
        (openalex, b'{"doi": ["10.5555/giraffe.2021"], "title": 5}', "garbled"),
        (openalex, openalex_work(PAPER | {"doi": "10.5555/another"}), "garbled"),
    ],
)
def test_an_answer_that_is_no_record_of_this_paper_is_named(speaks, answer, state):
    assert trouble(speaks.parse, answer, PREPRINT if speaks is arxiv else DOI)[0] == state


def test_entries_of_any_shape_never_break_the_reader():
    odd = [None, 7, "x", [], {}, [None], [[None]], {"a": 1}, True, -1.5]
    keys = ("author", "title", "issued", "container-title", "abstract", "aliases", "event", "subtitle", "published")
    for key in keys:
        for value in odd:
            message = {"DOI": DOI.value, "title": ["T"], key: value}
            try:
                crossref.parse(json.dumps({"message": message}).encode(), DOI)
            except CatalogueError as caught:
                assert (key, caught.state) == ("title", "garbled")
    for key in (
        "authorships",
        "title",
        "publication_year",
        "primary_location",
        "abstract_inverted_index",
        "display_name",
    ):
        for value in odd:
            sent = {"doi": DOI.value, "title": "T", key: value}
            try:
                openalex.parse(json.dumps(sent).encode(), DOI)
            except CatalogueError as caught:
                assert (key, caught.state) == ("title", "garbled")


# ── how one is asked ─────────────────────────────────────────────────────────────────────────────
def test_a_body_comes_whole_and_we_say_who_we_are(server):
    assert json.loads(ask(server, Answer(work(PAPER) + b" " * 300_000)))["status"] == "ok"
    assert (server.to("crossref"), server.agents) == (["/works/10.5555/giraffe.2021"], {"tests/1"})


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(status=404), ("nothing", None)),
        (Answer(status=410), ("nothing", None)),
        (Answer(status=429, Retry_After="120"), ("limited", 120)),
        (Answer(status=429), ("limited", None)),
        (Answer(status=429, Retry_After="-5"), ("limited", 1)),
        (Answer(status=429, Retry_After="99999999"), ("limited", 86400)),
        (Answer(status=429, Retry_After="Mon, 01 Jan 2001 00:00:00 GMT"), ("limited", 1)),
        (Answer(status=429, Retry_After="soon"), ("limited", None)),
        (Answer(status=503, Retry_After="30"), ("limited", 30)),
        (Answer(status=403), ("limited", None)),
        (Answer(status=503), ("slow", None)),
        (Answer(status=500), ("slow", None)),
        (Answer(status=400), ("garbled", None)),
        (Answer(status=204), ("garbled", None)),
        (Answer(b"x", Content_Encoding="gzip"), ("garbled", None)),
        (Answer(status=302), ("garbled", None)),
        (Answer(status=302, Location="http://127.0.0.1:1/works"), ("garbled", None)),
        (Answer(status=302, Location="http://localhost/works"), ("garbled", None)),
        (Answer(status=302, Location="file:///etc/passwd"), ("garbled", None)),
        (Answer(status=302, Location="/crossref/works/round-and-round"), ("garbled", None)),
        (Answer(hang_up, Content_Length="1000"), ("slow", None)),
        (Answer(flood), ("too_large", None)),
        (Answer(b"x" * 500, status=200, X="y" * 70_000), ("slow", None)),
    ],
    ids=lambda value: (
        ""
        if isinstance(value, tuple)
        else f"{value.status} {value.headers or getattr(value.body, '__name__', value.body)}"[:40]
    ),
)
def test_every_refusal_has_a_state(server, answer, said):
    assert trouble(ask, server, answer, limit=1024 * 1024) == said


def test_a_redirect_within_the_house_is_followed(server):
    server.answers["first"] = Answer(status=301, Location="/second/works/1")
    server.answers["second"] = Answer(b"here")
    assert get(Catalogue("x", f"{server.url}/first", "tests/1"), "/works/1") == b"here"
    assert [source for source, _path in server.asked] == ["first", "second"]


def test_a_length_over_the_limit_is_not_even_begun(server):
    began = time.monotonic()
    assert trouble(ask, server, Answer(b" " * 2_000_000), limit=1_000_000) == ("too_large", None)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("manners", [silence, trickle])
def test_neither_silence_nor_a_trickle_holds_us_longer_than_the_limit(server, manners):
    began = time.monotonic()
    assert trouble(ask, server, Answer(manners), seconds=0.6) == ("slow", None)
    assert time.monotonic() - began < 1.5


def test_a_trickle_of_headers_does_not_either():
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip():
            plug, _address = listening.accept()
            with plug:
                plug.sendall(b"HTTP/1.1 200 OK\r\n")
                for _ in range(60):
                    try:
                        plug.sendall(b"X: y\r\n")
                    except OSError:
                        return
                    time.sleep(0.05)

        thread = threading.Thread(target=drip)
        thread.start()
        began = time.monotonic()
        where = Catalogue("x", f"http://127.0.0.1:{listening.getsockname()[1]}", "tests/1", seconds=0.6)
        assert trouble(get, where, "/") == ("slow", None)
        assert time.monotonic() - began < 1.5
        thread.join()


def test_a_body_that_breaks_off_is_no_body():
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def break_off():
            plug, _address = listening.accept()
            with plug:
                plug.recv(4096)
                plug.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nonly this")

        thread = threading.Thread(target=break_off)
        thread.start()
        where = Catalogue("x", f"http://127.0.0.1:{listening.getsockname()[1]}", "tests/1", seconds=2)
        assert trouble(get, where, "/") == ("slow", None)
        thread.join()


def test_nobody_there_is_slow_and_a_name_that_does_not_exist_too():
    for base in ("http://127.0.0.1:9", "http://catalogue.invalid"):
        assert trouble(get, Catalogue("x", base, "tests/1", seconds=2), "/")[0] == "slow"


# ── where we never go ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("address", "is_public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("64:ff9b::5db8:d70e", True),
        ("127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
    ],
)
def test_only_public_addresses_are_public(address, is_public):
    assert transport.is_public(address) == is_public


def test_a_public_catalogue_is_asked_over_https_only():
    assert trouble(get, Catalogue("arxiv", "http://export.arxiv.org", "tests/1", seconds=1), "/") == ("garbled", None)


def test_a_public_name_that_leads_home_is_refused_before_anything_is_sent(server, monkeypatch):
    """As when somebody owns the resolver: the name of a catalogue points at this machine."""
    port = int(server.url.rpartition(":")[2])
    home = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *words, **more: home)
    monkeypatch.setattr(socket, "create_connection", lambda *words, **more: pytest.fail("somebody was called"))
    where = Catalogue("crossref", "https://api.crossref.org", "tests/1", seconds=1)
    with pytest.raises(CatalogueError, match="resolves to an address that is not public") as caught:
        get(where, "/works/x")
    assert caught.value.state == "slow"
