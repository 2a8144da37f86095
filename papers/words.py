"""What codes in the database are called on a page: fields, where a value came from, why a file could not be read."""

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
}
REASONS = {
    "encrypted": gettext_lazy(
        "It is locked with a password. Save it without one, then add it as a new version; or type the card."
    ),
    "broken": gettext_lazy("The file is damaged. Download it again and add it as a new version, or type the card."),
    "empty": gettext_lazy("The file holds no page. Add another copy as a new version, or type the card."),
    "timeout": gettext_lazy("Reading took too long. The PDF opens as it is; type the card by hand."),
    "crashed": gettext_lazy("Reading it failed several times. Look whether the PDF opens, and type the card by hand."),
    "missing": gettext_lazy("The file is gone from the server. Add it once more as a new version."),
}


def source(code: str, names: dict[int, str]) -> str:
    """'page' -> 'from the page'; 'typed:5' -> 'typed by 김민규'."""
    if code.startswith("typed:"):
        who = names.get(int(code.partition(":")[2]))
        return _("typed by %(who)s") % {"who": who} if who else _("typed by a former member")
    return str(SOURCES.get(code, SOURCES["page"]))


def reason(code: str) -> str:
    """Why a file could not be read, with the way out."""
    return str(REASONS.get(code, REASONS["broken"]))
