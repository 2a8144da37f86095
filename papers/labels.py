"""What codes in the database are called on a page: fields, where a value came from, why a file could not be read."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIELDS = {
    "title": gettext_lazy("title"),
    "authors": gettext_lazy("authors"),
    "abstract": gettext_lazy("abstract"),
    "year": gettext_lazy("year"),
    "venue": gettext_lazy("venue"),
    "doi": "DOI",
    "arxiv_id": "arXiv",
}

RECORDS = {"arxiv": "arXiv", "crossref": "Crossref", "openalex": "OpenAlex"}
SOURCES = {
    "arxiv": gettext_lazy("from arXiv"),
    "crossref": gettext_lazy("from Crossref"),
    "openalex": gettext_lazy("from OpenAlex"),
    "page": gettext_lazy("from the page"),
    "stamp": gettext_lazy("from the stamp in the margin"),
    "file": gettext_lazy("from the name of the file"),
    "info": gettext_lazy("from the file's info"),
    "xmp": gettext_lazy("from the file's info"),
    "ocr": gettext_lazy("recognised from the picture of the page"),
}
REASONS = {
    "password": gettext_lazy("It opens only with a password. Save it without one and add it as a new version."),
    "not_pdf": gettext_lazy(
        "There was no PDF inside, so the file was not kept. Download the paper again and add it as a new version."
    ),
    "broken": gettext_lazy("The file is damaged. Download it again and add it as a new version."),
    "no_pages": gettext_lazy("The file has no page. Add another copy as a new version."),
    "timeout": gettext_lazy("Reading it took too long. Have it read again, or type the card."),
    "memory": gettext_lazy("Reading it took too much memory. Look whether the PDF opens, and type the card."),
    "crashed": gettext_lazy("Reading it failed. Have it read again, or type the card."),
    "missing": gettext_lazy("The file is gone from the server. Add it once more as a new version."),
    "image_only": gettext_lazy("Its pages are pictures without letters, so there was nothing to read. Type the card."),
}
REASONS["empty"] = REASONS["no_pages"]
MAY_BE_READ_AGAIN = {"timeout", "memory", "crashed"}
ACTIVE = {
    "javascript": gettext_lazy("a script"),
    "launch": gettext_lazy("a command that starts programs"),
    "embedded": gettext_lazy("files packed inside"),
}

# {state of a Lookup: words}; %(where)s is a catalogue, %(what)s the number, %(title)s what the record is called
LOOKUPS = {
    "waiting": gettext_lazy("%(what)s is about to be looked up at %(where)s."),
    "asked": gettext_lazy("%(what)s is being looked up at %(where)s."),
    "found": gettext_lazy("%(what)s was found at %(where)s."),
    "nothing": gettext_lazy("Nothing is known about %(what)s at %(where)s. Compare the number with the paper."),
    "slow": gettext_lazy("There was no answer from %(where)s about %(what)s."),
    "limited": gettext_lazy("Too many questions for %(where)s just now, so %(what)s has to wait."),
    "garbled": gettext_lazy("The answer from %(where)s about %(what)s could not be understood."),
    "mismatch": gettext_lazy("At %(where)s, %(what)s is called ‘%(title)s’. Is that this paper?"),
    "off": gettext_lazy("Looking up is switched off on this server, so nobody is asked about %(what)s."),
}
PDFS = {
    "nothing": gettext_lazy("There is no PDF of %(what)s at %(where)s."),
    "slow": gettext_lazy("The PDF of %(what)s did not arrive from %(where)s."),
    "limited": gettext_lazy("Too many questions for %(where)s just now, so the PDF of %(what)s has to wait."),
    "garbled": gettext_lazy("What came from %(where)s in place of the PDF of %(what)s could not be understood."),
    "refused": gettext_lazy("What came from %(where)s in place of the PDF of %(what)s is no PDF."),
    "too_large": gettext_lazy("The PDF of %(what)s is larger than papers may be here."),
}


def field_name(field: str) -> str:
    """As the beginning of a line."""
    return "arXiv" if field == "arxiv_id" else capfirst(str(FIELDS[field]))


def source(code: str, names: dict[int, str]) -> str:
    """'page' -> 'from the page'; 'typed:5' -> 'typed by 김민규'."""
    if code.startswith("typed:"):
        who = names.get(int(code.partition(":")[2]))
        return _("typed by %(who)s") % {"who": who} if who else _("typed by a former member")
    return str(SOURCES.get(code, SOURCES["page"]))


def where(lookup) -> str:
    """Who answered; for a DOI that nobody answered, everybody who was asked."""
    if lookup.kind == "arxiv" or lookup.record:
        return RECORDS.get(lookup.source, "arXiv")
    return _("Crossref and OpenAlex")


def lookup_state(state: str, lookup) -> str:
    """How a look-up stands, as a sentence."""
    return _in(LOOKUPS[state], lookup)


def no_pdf(lookup) -> str:
    return _in(PDFS[lookup.pdf], lookup)


def _in(sentence, lookup) -> str:
    title = lookup.record.get("title", "")
    return str(sentence) % {"where": where(lookup), "what": str(lookup), "title": title}


def reason(code: str) -> str:
    """Why a file could not be read, with the way out."""
    return str(REASONS.get(code, REASONS["broken"]))


def active(codes: list[str]) -> str:
    """What a PDF can do by itself, in words."""
    return ", ".join(str(ACTIVE.get(code, code)) for code in codes)
