"""What a PDF may do by itself is told, wherever it hides; a damaged part hides nothing else."""

from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

from papers.extraction.active import active_content
from tests.papers import pdfs

SCRIPT = {"/S": "/JavaScript", "/JS": TextStringObject("app.alert('Hello');")}
LAUNCH = {"/S": "/Launch"}


def named(values: dict) -> DictionaryObject:
    return DictionaryObject(
        {NameObject(k): NameObject(v) if isinstance(v, str) and v[:1] == "/" else v for k, v in values.items()}
    )


def told(change) -> tuple[str, ...]:
    writer = PdfWriter(BytesIO(pdfs.sheet()))
    change(writer)
    out = BytesIO()
    writer.write(out)
    return active_content(PdfReader(BytesIO(out.getvalue())))


def put(holder, key, value):
    holder[NameObject(key)] = value


def annotation(**values) -> ArrayObject:
    return ArrayObject([named({"/Type": "/Annot", "/Rect": ArrayObject([NumberObject(0)] * 4), **values})])


@pytest.mark.parametrize(
    ("change", "wanted"),
    [
        (lambda w: None, ()),
        (lambda w: put(w.root_object, "/OpenAction", named(SCRIPT)), ("javascript",)),
        (lambda w: put(w.root_object, "/AA", named({"/WC": named(LAUNCH)})), ("launch",)),
        (lambda w: put(w.root_object, "/Names", named({"/JavaScript": named({"/Names": ArrayObject()})})), ("javascript",)),
        (lambda w: put(w.root_object, "/Names", named({"/EmbeddedFiles": named({"/Names": ArrayObject()})})), ("embedded",)),
        (lambda w: put(w.pages[0], "/AA", named({"/O": named(SCRIPT)})), ("javascript",)),
        (lambda w: put(w.pages[0], "/Annots", annotation(**{"/Subtype": "/FileAttachment"})), ("embedded",)),
        (lambda w: put(w.pages[0], "/Annots", annotation(**{"/Subtype": "/Link", "/A": named(LAUNCH)})), ("launch",)),
        (lambda w: put(w.root_object, "/OpenAction", named({"/S": "/GoTo", "/Next": ArrayObject([named(SCRIPT), named(LAUNCH)])})), ("javascript", "launch")),
        (lambda w: put(w.root_object, "/OpenAction", named({"/S": "/GoTo", "/Next": named({"/S": "/GoTo", "/Next": named(LAUNCH)})})), ("launch",)),
        (lambda w: put(w.root_object, "/OpenAction", NumberObject(7)), ()),
    ],
    ids="nothing opening closing script-name file-name page attachment link two chained number".split(),
)  # fmt: skip
def test_what_a_pdf_can_do_is_told(change, wanted):
    assert told(change) == wanted


def test_a_chain_of_actions_that_never_ends_is_left():
    def endless(writer):
        action = writer._add_object(named({"/S": "/GoTo"}))
        put(action.get_object(), "/Next", action)
        put(writer.root_object, "/OpenAction", action)

    assert told(endless) == ()


def test_a_catalog_that_cannot_be_read_says_nothing():
    class Broken:
        trailer = {}

    assert active_content(Broken()) == ()
