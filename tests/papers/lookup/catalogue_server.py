"""A catalogue of our own on this machine that speaks the formats of arXiv, Crossref and OpenAlex, and misbehaves when told.

What it knows are papers of our own making.
"""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.papers import pdfs

PAPER = {
    "title": pdfs.GIRAFFE.title,
    "authors": list(pdfs.GIRAFFE.authors),
    "abstract": pdfs.GIRAFFE.abstract,
    "year": 2020,
    "venue": "Proceedings of an invented conference",
    "doi": "10.5555/giraffe.2021",
    "arxiv_id": "2011.12100",
}


def atom(paper: dict, number: str) -> bytes:
    """A feed with one entry, as arXiv's query API writes it: hard-wrapped, names in elements of their own."""
    people = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper["authors"])
    more = "".join(
        f'<arxiv:{tag} xmlns:arxiv="http://arxiv.org/schemas/atom">{escape(paper[key])}</arxiv:{tag}>'
        for key, tag in (("venue", "journal_ref"), ("doi", "doi"))
        if paper.get(key)
    )
    title = escape(paper["title"].replace(": ", ":\n  "))
    entry = (
        f"<entry><id>http://arxiv.org/abs/{number}v2</id><published>{paper['year']}-11-24T14:14:15Z</published>"
        f"<title>{title}</title><summary>  {escape(paper['abstract'])}\n</summary>{people}{more}</entry>"
    )
    return feed(entry)


def feed(inside: str) -> bytes:
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>ArXiv Query</title>'
    )
    return f"{head}{inside}</feed>".encode()


def work(paper: dict) -> bytes:
    """As Crossref answers: family names apart, titles in lists, dates in parts, markup in the abstract."""
    people = [{"given": " ".join(name.split()[:-1]), "family": name.split()[-1]} for name in paper["authors"]]
    message = {
        "DOI": paper["doi"].upper(),
        "title": [paper["title"]],
        "author": people,
        "container-title": [paper["venue"]],
        "issued": {"date-parts": [[paper["year"], 6]]},
        "abstract": f"<jats:title>Abstract</jats:title><jats:p>{escape(paper['abstract'])}</jats:p>",
    }
    return json.dumps({"status": "ok", "message-type": "work", "message": message}).encode()


def openalex_work(paper: dict) -> bytes:
    """As OpenAlex answers: the abstract as an index from words to places."""
    index: dict[str, list[int]] = {}
    for place, word in enumerate(paper["abstract"].split()):
        index.setdefault(word, []).append(place)
    return json.dumps(
        {
            "doi": f"https://doi.org/{paper['doi']}",
            "title": paper["title"],
            "publication_year": paper["year"],
            "authorships": [{"raw_author_name": name, "author": {"display_name": "x"}} for name in paper["authors"]],
            "primary_location": {"source": {"display_name": paper["venue"]}},
            "abstract_inverted_index": index,
        }
    ).encode()


class Answer:
    """What the server says: a status, headers, and a body that may be a function that writes it."""

    def __init__(self, body=b"", status=200, **headers):
        self.body, self.status = body, status
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


class Sources:
    """A running server: `asked` is what came, as (source, path); `answers` overrides by source: arxiv, pdf, crossref, openalex."""

    def __init__(self, url: str):
        self.url = url
        self.asked: list[tuple[str, str]] = []
        self.agents: set[str] = set()
        self.moments: list[float] = []  # when each question came
        self.arxiv = {PAPER["arxiv_id"]: PAPER}
        self.dois = {PAPER["doi"]: PAPER}
        self.known_to_openalex = dict(self.dois)
        self.pdfs = {PAPER["arxiv_id"]: pdfs.giraffe()}
        self.answers: dict[str, Answer] = {}

    def to(self, source: str) -> list[str]:
        return [path for where, path in self.asked if where == source]

    def answer(self, source: str, path: str, query: dict) -> Answer:
        if source in self.answers:
            return self.answers[source]
        if source == "pdf":
            number = path.removeprefix("/pdf/").partition("v")[0]
            return Answer(self.pdfs[number]) if number in self.pdfs else Answer(b"no", 404)
        if source == "arxiv":
            number = query["id_list"][0].partition("v")[0]
            return Answer(atom(self.arxiv[number], number) if number in self.arxiv else feed(""))
        doi = path.rpartition("doi:")[2] if source == "openalex" else path.removeprefix("/works/")
        known = self.known_to_openalex if source == "openalex" else self.dois
        paper = known.get(doi.lower())
        if not paper:
            return Answer(b"Resource not found.", 404)
        return Answer(openalex_work(paper) if source == "openalex" else work(paper))


def _handler(sources: Sources):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            parts = urlsplit(self.path)
            path = unquote(parts.path)
            house, _, rest = path.lstrip("/").partition("/")
            source = "pdf" if house == "arxiv" and rest.startswith("pdf/") else house
            sources.asked.append((source, rest and f"/{rest}"))
            sources.moments.append(time.monotonic())
            sources.agents.add(self.headers["User-Agent"])
            answer = sources.answer(source, f"/{rest}", parse_qs(parts.query))
            try:
                self._send(answer)
            except OSError:  # the caller has hung up, which is what some stories are about
                self.close_connection = True

        def _send(self, answer: Answer):
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if not callable(answer.body) and "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if callable(answer.body):
                answer.body(self.wfile, self)
            else:
                self.wfile.write(answer.body)

        def log_message(self, *words):
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass


@contextmanager
def running():
    server = _Server(("127.0.0.1", 0), None)
    sources = Sources(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = _handler(sources)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield sources
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def settle(settings, sources: Sources, **changes) -> None:
    """Send the questions of this test there, without pauses in between."""
    settings.LOOK_UP = True
    settings.SOURCES = {name: f"{sources.url}/{name}" for name in ("arxiv", "crossref", "openalex")}
    settings.SOURCE_PAUSES = dict.fromkeys(settings.SOURCES, 0)
    settings.LOOK_UP_SECONDS = settings.LOOK_UP_PDF_SECONDS = 2
    for name, value in changes.items():
        setattr(settings, name, value)


# ── bad manners ──────────────────────────────────────────────────────────────────────────────────
def silence(wfile, handler):
    time.sleep(6)


def trickle(wfile, handler):
    """A byte now and then, for much longer than anybody should wait."""
    for _ in range(120):
        wfile.write(b" ")
        wfile.flush()
        time.sleep(0.05)


def hang_up(wfile, handler):
    handler.connection.close()


def flood(wfile, handler):
    """A hundred megabytes without saying so before."""
    for _ in range(1600):
        wfile.write(b" " * 65536)
