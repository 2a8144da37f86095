"""Requests that carry the hostile files, and forms that are hostile by what is typed into them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.hostile import citations, decks, pictures

SESSION, PAPER, TURN = "{session}", "{paper}", "{turn}"
LONG = 1_000_000  # letters; a form of much more is refused whole


@dataclass(frozen=True)
class Request:
    """One form as it is sent: `files` are (field, name, bytes), and `then` the pages that are looked at afterwards."""

    name: str
    address: str
    fields: dict = field(default_factory=dict)
    files: Callable[[], list[tuple[str, str, bytes]]] = list
    then: tuple[str, ...] = ()


def one_file(kind: str, address: str, name: str, files: dict, **fields) -> list[Request]:
    where = "photos" if kind == "photo" else "file"
    return [
        Request(f"{kind}: {called}", address, fields, lambda make=make: [(where, name, make())])
        for called, make in files.items()
    ]


def text(name: str, address: str, where: str, piece: str, length: int = LONG, **fields) -> Request:
    return Request(f"form: {name}", address, {**fields, where: piece * (length // len(piece))})


def pdf(junk: bytes) -> bytes:
    return b"%PDF-1.7\n" + junk


PHOTOS, BIB, SLIDES = f"schedule/{SESSION}/photos/", "papers/bib/", "slides/"
EDIT, MINUTES = f"papers/{PAPER}/edit/", f"schedule/{SESSION}/minutes/{TURN}/"
UPLOAD = "papers/upload/"
TABLE = "|" + "a|" * 90 + "\n|" + "-|" * 90 + "\n"

REQUESTS = [
    *one_file("photo", PHOTOS, "IMG_0001.HEIC", pictures.FILES),
    *one_file("bib", BIB, "library.bib", citations.FILES),
    *one_file("slides", SLIDES, "club.pptx", decks.FILES, do="keep"),
    Request(
        "photos: twelve progressive JPEGs of 14000x14000 in one form",
        PHOTOS,
        files=lambda: [("photos", "a.jpg", pictures.jpeg_of(14000, 14000, progressive=True))] * 12,
    ),
    Request(
        "photos: twenty WebPs of 7000x7000 in one form",
        PHOTOS,
        files=lambda: [("photos", "a.webp", pictures.one_colour(7000, 7000))] * 20,
    ),
    Request("pdf: 40 MB of nothing", UPLOAD, files=lambda: [("files", "a.pdf", pdf(bytes(40_000_000)))]),
    Request("pdf: 60 MB of nothing", UPLOAD, files=lambda: [("files", "a.pdf", pdf(bytes(60_000_000)))]),
    Request("pdf: 99 small ones of chance", UPLOAD, files=lambda: [("files", f"{n}.pdf", pdf(b"%d" % n * 9000)) for n in range(99)]),
    Request("pdf: 101 in one form", UPLOAD, files=lambda: [("files", f"{n}.pdf", pdf(b"%d" % n)) for n in range(101)]),
    Request("pdf: a name of 100,000 letters", UPLOAD, files=lambda: [("files", "a/" * 50_000 + ".pdf", pdf(b"1"))]),
    Request("form: 10,000 fields", EDIT, {f"f{number}": "x" for number in range(10_000)}),
    Request("form: 10,000 values of one field", f"papers/{PAPER}/tags/", {"tags": ["x"] * 10_000}),
    text("numbers of 1 MB", "papers/paste/", "what", "http://"),
    text("numbers that unfold", "papers/paste/", "what", "http://\ufdfa", 400_000),
    text("DOIs of brackets", "papers/paste/", "what", "10.1234/" + ")" * 4000),
    text("a title of 5 MB", EDIT, "title", "a ", 4_800_000),
    text("a title of 1 MB", EDIT, "title", "a "),
    text("authors of 1 MB", EDIT, "authors", "A\n", title="T"),
    text("an abstract of 1 MB", EDIT, "abstract", "\u200b", 340_000, title="T"),
    text("what was seen, as lists in one another", EDIT, "seen", "[", title="T"),
    text("what was seen, as a crowd of lists", EDIT, "seen", "[],", title="T"),
    Request("form: what was seen, as 330,000 empty lists", EDIT, {"title": "T", "seen": "[" + "[]," * 330_000 + "[]]"}),
    Request("form: what was seen, as 90,000 names", EDIT, {"title": "T", "seen": '{"a":{' + ",".join(f'"{n}":{{}}' for n in range(90_000)) + "}}"}),
    text("tags of 1 MB", f"papers/{PAPER}/tags/", "tags", "a,", shown=""),
    text("minutes of 1 MB", MINUTES, "text", "[a]("),
    text("minutes of brackets", MINUTES, "text", "[", 19_999),
    Request("form: minutes of a wide table", MINUTES, {"text": TABLE + "|\n" * 9000, "seen": "{seen}"}, then=(f"schedule/{SESSION}/",)),
    text("days off of 1 MB", "schedule/plan/", "days_off", "2026-1-1 - \n", do="save"),
    text("days off of spaces", "schedule/plan/", "days_off", "2026 ", 4999, do="save"),
    text("addresses of 1 MB", "invitations/mail/", "addresses", "<'", language="en", role="member"),
    text("addresses of quotes", "invitations/mail/", "addresses", '"a<', 19_999, language="en", role="member"),
    text("the name of a group of 1 MB", "settings/", "name", "a "),
    text("a place of 1 MB", f"schedule/{SESSION}/place/", "place", "'"),
    text("a wish of 1 MB", f"papers/{PAPER}/wish/", "note", "a\n"),
    text("a shared text of 1 MB", "/share/arrive/", "text", "http://"),
    Request("form: minutes of 20,000 letters", f"schedule/{SESSION}/minutes/", {"text": "Read it again. " * 1333, "seen": "{seen}"}),
    Request(
        "slides: boxes that a letter fills, and the report on them",
        SLIDES,
        {"do": "keep"},
        lambda: [("file", "club.pptx", decks.tiny_boxes())],
        then=(f"schedule/{SESSION}/report.pptx",),
    ),
    text("a password of 1 MB", "/accounts/login/", "password", "p", login="a@example.org"),
]  # fmt: skip
SAMPLE = (
    "photo: WebP of 7000x7000 in a few bytes", "photo: SVG of a billion words", "bib: 5 MB of entries that begin",
    "slides: entities that grow", "form: 10,000 fields",
    "form: what was seen, as 330,000 empty lists",
)  # fmt: skip
