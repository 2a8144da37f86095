"""How a paper is cited: BibTeX for LaTeX, with keys that stay. Plain text in, plain text out."""

import re
import unicodedata

from papers.models import Paper

SPECIAL = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}",
}  # fmt: skip
LETTERS = re.compile(r"[a-z0-9]+")
SMALL_WORDS = {
    "a",
    "an",
    "the",
    "on",
    "of",
    "in",
    "to",
    "for",
    "and",
    "with",
    "from",
    "at",
    "by",
    "is",
    "are",
    "towards",
}
# a capital inside a word, or a digit in it: BibTeX styles would make it small
KEEPS_CASE = re.compile(r"\w[^\W\d_]*[A-Z]|\d")
HANGUL_OR_HAN = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3\u3400-\u9fff\u3040-\u30ff]")
BOOK = re.compile(
    r"\b(proceedings|conference|workshop|symposium|cvpr|iccv|eccv|neurips|nips|icml|iclr|acl|emnlp|aaai|학술대회)\b",
    re.IGNORECASE,
)


def key(paper: Paper) -> str:
    """'niemeyer2021giraffe': last name, year, first word that says something; 'paper12' where Latin letters are missing."""
    last_name = _plain(paper.authors[0].split()[-1]) if paper.authors and paper.authors[0].split() else ""
    words = [word for word in map(_plain, re.split(r"[\s:–—-]+", paper.title)) if word and word not in SMALL_WORDS]
    if not last_name or not words:
        return f"paper{paper.pk}"
    return f"{last_name}{paper.year or ''}{words[0]}"


def bibtex(paper: Paper, its_key: str | None = None) -> str:
    """One entry. LaTeX's own signs are escaped; other letters stay as they are, in UTF-8."""
    booktitle = paper.venue and bool(BOOK.search(paper.venue))
    kind = "inproceedings" if booktitle else "article" if paper.venue else "misc"
    fields = {
        "title": _title(paper.title or str(paper)),
        "author": " and ".join(map(_author, paper.authors)),
        ("booktitle" if booktitle else "journal"): _escape(paper.venue),
        "year": str(paper.year or ""),
        "doi": _escape(paper.doi),
        "eprint": _escape(paper.arxiv_id),
        "archiveprefix": "arXiv" if paper.arxiv_id else "",
    }
    width = max(len(name) for name, value in fields.items() if value)
    lines = [f"  {name:<{width}} = {{{value}}}" for name, value in fields.items() if value]
    return f"@{kind}{{{its_key or key(paper)},\n" + ",\n".join(lines) + "\n}\n"


def bibliography(papers) -> str:
    """All entries in the order they came to the shelf; a key that is taken gets a letter, and the first keeps its own."""
    taken: dict[str, int] = {}
    entries = []
    for paper in sorted(papers, key=lambda paper: paper.pk):
        its_key = key(paper)
        taken[its_key] = taken.get(its_key, 0) + 1
        nth = taken[its_key]
        entries.append(bibtex(paper, its_key if nth == 1 else f"{its_key}-{nth}"))
    return "\n".join(entries)


def _plain(word: str) -> str:
    folded = unicodedata.normalize("NFKD", word).casefold()
    return "".join(LETTERS.findall(folded))


def _escape(text: str) -> str:
    return "".join(SPECIAL.get(letter, letter) for letter in text)


def _title(title: str) -> str:
    return " ".join(f"{{{_escape(word)}}}" if KEEPS_CASE.search(word) else _escape(word) for word in title.split())


def _author(name: str) -> str:
    """As printed. In braces where BibTeX would take it apart: Korean names, commas, an 'and' inside."""
    whole = HANGUL_OR_HAN.search(name) or "," in name or re.search(r"\band\b", name)
    return f"{{{_escape(name)}}}" if whole else _escape(name)
