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

SOURCES = {
    "page": gettext_lazy("from the page"),
    "stamp": gettext_lazy("from the stamp in the margin"),
    "info": gettext_lazy("from the file's info"),
    "xmp": gettext_lazy("from the file's info"),
}
REASONS = {
    "password": gettext_lazy("It opens only with a password. Save it without one and add it as a new version."),
    "not_pdf": gettext_lazy("There is no PDF inside. Download the paper again and add it as a new version."),
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


def field_name(field: str) -> str:
    """As the beginning of a line."""
    return "arXiv" if field == "arxiv_id" else capfirst(str(FIELDS[field]))


def source(code: str, names: dict[int, str]) -> str:
    """'page' -> 'from the page'; 'typed:5' -> 'typed by 김민규'."""
    if code.startswith("typed:"):
        who = names.get(int(code.partition(":")[2]))
        return _("typed by %(who)s") % {"who": who} if who else _("typed by a former member")
    return str(SOURCES.get(code, SOURCES["page"]))


def reason(code: str) -> str:
    """Why a file could not be read, with the way out."""
    return str(REASONS.get(code, REASONS["broken"]))


def active(codes: list[str]) -> str:
    """What a PDF can do by itself, in words."""
    return ", ".join(str(ACTIVE.get(code, code)) for code in codes)
