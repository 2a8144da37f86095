"""Finding papers by any piece of any word: SQLite's FTS5 and PostgreSQL's GIN behind one face.

Both match the same pieces (see papers/search/bigrams.py) exactly or by prefix, so both give the same papers in the same order:
first those with the words in the title, then on the card, then anywhere in the text; newest first within each.
No phrase search: a PostgreSQL tsvector forgets positions after the 16,383rd, and a paper is longer than that.
"""

import unicodedata

from django.db import connections
from django.db.models import Case, IntegerField, Value, When
from django.db.models.expressions import RawSQL
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from papers.models import Paper, PaperText
from papers.search.bigrams import grams, query_grams, query_words, spans

AROUND = 70  # letters shown on each side of a hit
PAGE_BREAK = "\f"


def body_fields(text: str) -> dict[str, str]:
    """What index() keeps of the pages' text; made beforehand, because it takes its time."""
    return {"body": text, "body_tokens": grams(text)}


def index(paper: Paper, body: dict[str, str] | None = None) -> None:
    """Write down what search looks in: the card, and the pages' text (see body_fields) when it is given."""
    fields = _card_fields(paper, [tag.name for tag in paper.tags.all()])
    PaperText.objects.update_or_create(paper=paper, defaults=fields | (body or {}))


def index_new(papers: list[Paper]) -> None:
    """The same for cards that were just made, in one go: they have neither tags nor pages yet."""
    PaperText.objects.bulk_create([PaperText(paper=paper, **_card_fields(paper, [])) for paper in papers], 500)


def _card_fields(paper: Paper, tags: list[str]) -> dict[str, str]:
    about = [paper.title, *paper.authors, paper.abstract, paper.venue, paper.doi, paper.arxiv_id, str(paper.year or "")]
    return {"title_tokens": grams(paper.title), "card_tokens": grams("\n".join([*about, *tags]), limit=100_000)}


def search(papers, query: str):
    """The papers that hold every word of `query`, nearest first; all of them when nothing is asked."""
    words = query_words(query)
    if not words:
        return papers.none() if query.strip() else papers
    holds = {"sqlite": _sqlite, "postgresql": _postgresql}[connections[papers.db].vendor]
    nearness = Case(
        When(pk__in=holds("title", words), then=Value(2)),
        When(pk__in=holds("card", words), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    found = papers.filter(pk__in=holds("anywhere", words))
    return found.annotate(nearness=nearness).order_by("-nearness", "-added_at", "-pk")


def _sqlite(where: str, words: list[str]) -> RawSQL:
    columns = {"title": "title_tokens", "card": "card_tokens", "anywhere": "card_tokens body_tokens"}[where]
    pieces = [f'"{gram}"{"*" if begins else ""}' for word in words for gram, begins in query_grams(word)]
    match = f"{{{columns}}} : ({' AND '.join(pieces)})"
    return RawSQL("SELECT rowid FROM papers_search WHERE papers_search MATCH %s", [match])  # noqa: S611


def _postgresql(where: str, words: list[str]) -> RawSQL:
    pieces = [f"'{gram}'{':*' if begins else ''}" for word in words for gram, begins in query_grams(word)]
    return RawSQL(f"SELECT papers_search_{where}(%s::tsquery)", [" & ".join(pieces)])


def highlight(text: str, query: str) -> SafeString:
    """`text` as safe HTML with every piece that was looked for in <mark>."""
    text = unicodedata.normalize("NFC", text or "")
    parts, at = [], 0
    for start, end in spans(text, query_words(query)):
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return mark_safe("".join([*parts, escape(text[at:])]))  # every piece of the text is escaped; the rest is ours


def snippet(paper: Paper, query: str) -> tuple[str, SafeString] | None:
    """Where a hit stands that title and authors do not show: ("abstract" | "page 5", the words around it)."""
    words = query_words(query)
    hidden = [word for word in words if not spans(f"{paper.title}\n{', '.join(paper.authors)}", [word])]
    if not hidden:
        return None
    abstract = unicodedata.normalize("NFC", paper.abstract)
    if found := spans(abstract, hidden):
        return _("abstract"), _around(abstract, found[0], query)
    body = paper.text.body if hasattr(paper, "text") else ""
    pages = unicodedata.normalize("NFC", body).split(PAGE_BREAK)
    for number, page in enumerate(pages, start=1):
        if found := spans(page, hidden):
            return _("page %(n)s") % {"n": number}, _around(page, found[0], query)
    return None


def _around(text: str, hit: tuple[int, int], query: str) -> SafeString:
    start, end = max(0, hit[0] - AROUND), min(len(text), hit[1] + AROUND)
    if start:
        start = text.find(" ", start, hit[0]) + 1 or start
    if end < len(text):
        end = max(text.rfind(" ", hit[1], end), hit[1])
    return highlight(" ".join(text[start:end].split()), query)
