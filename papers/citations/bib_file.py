"""Reading a .bib file: its entries as cards for the library, and the broken ones by line, with the reason.

The grammar is bibtexparser's; here is what its fields mean to us. LaTeX's accents become letters, braces go. Plain Python,
which runs in the limited child (members.sandbox); bib_import.py has the words for what is refused.
"""

import codecs
import logging
import re

import bibtexparser
from bibtexparser.model import Block, DuplicateBlockKeyBlock, DuplicateFieldKeyBlock, Entry

from members.sandbox import Unreadable
from papers.citations.latex import plain
from papers.clean_text import clean_text
from papers.lookup.catalogues.identifiers import recognise

MOST_ENTRIES = 5000
LONGEST_KEY = 200
ENCODINGS = ("utf-8-sig", "cp949", "latin-1")
for _name in ENCODINGS:
    codecs.lookup(_name)  # later no file can be opened
NO_PAPER = {"proceedings", "comment", "preamble", "string"}
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what is broken, its reader hears
DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?((?!10\.48550/arxiv)10\.\d{4,9}/\S+)", re.IGNORECASE)
OTHERS = {"others", "et al", "et al."}


def read(data: bytes) -> dict:
    """Return every entry of the file, in order.

    "cards" are [line, fields of a Paper]; "broken" are entries left out, [line, key, why]: "no_title" or "unclear"; "encoding"
    names the letters. Raises Unreadable: "no_text", "no_entries", "too_many".
    """
    text, encoding = _text(data)
    library = bibtexparser.parse_string(text)
    entries = [(block, "") for block in library.entries] + [_mended(block) for block in library.failed_blocks]
    if not entries:
        raise Unreadable("no_entries")
    if len(entries) > MOST_ENTRIES:
        raise Unreadable("too_many")
    cards: list[tuple[int, dict]] = []
    broken: list[tuple[int, str, str]] = []
    by_key = {block.key: block for block, _reason in entries if isinstance(block, Entry)}
    for block, reason in sorted(entries, key=lambda pair: pair[0].start_line or 0):
        if isinstance(block, Entry) and block.entry_type.lower() in NO_PAPER:
            continue
        line = (block.start_line or 0) + 1
        card = _card(block, by_key) if isinstance(block, Entry) else {}
        if card.get("title"):
            cards.append((line, card))
        else:
            key = getattr(block, "key", "") or _key(block)
            broken.append((line, key[:LONGEST_KEY], reason or "no_title"))
    return {"encoding": encoding, "cards": cards, "broken": broken}


def _text(data: bytes) -> tuple[str, str]:
    """(text, encoding): the first of ENCODINGS in which every byte has a letter."""
    for encoding in ENCODINGS:
        try:
            text = data.decode(encoding).replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
            return text, encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise Unreadable("no_text")


def _mended(block: Block) -> tuple[Block, str]:
    """A key or field given twice is no reason to leave an entry out; what cannot be read is."""
    if isinstance(block, DuplicateBlockKeyBlock | DuplicateFieldKeyBlock) and isinstance(
        block.ignore_error_block, Entry
    ):
        return block.ignore_error_block, ""
    return block, "unclear"


def _key(block: Block) -> str:
    found = re.match(r"\s*@\w+\s*[{(]\s*([^\s,{}()]+)", block.raw or "")
    return found[1] if found else ""


def _card(entry: Entry, by_key: dict) -> dict:
    """The fields of a Paper that the entry gives; what it does not say it takes from its crossref."""
    own = {name.lower(): str(one.value) for name, one in entry.fields_dict.items()}
    parent = by_key.get(own.get("crossref", ""))
    if parent is not None and parent is not entry:
        inherited = {name.lower(): str(one.value) for name, one in parent.fields_dict.items()}
        own = (
            {"booktitle": inherited.get("title", ""), "year": inherited.get("year", "")}
            | inherited
            | own
            | {"title": own.get("title", "")}
        )
    said = {name: plain(value) for name, value in own.items()}
    arxiv_id, doi = _numbers(said, re.sub(r"\\([_&%#$])|[{}]", r"\1", own.get("doi", "")))
    venue = said.get("booktitle") or said.get("journal") or said.get("journaltitle") or said.get("school") or ""
    card = {
        "title": clean_text(said.get("title", ""), 500),
        "authors": _authors(own.get("author", "")),
        "year": _year(said),
        "venue": "" if re.match(r"(?:arxiv|corr)\b", venue, re.IGNORECASE) else clean_text(venue, 300),
        "doi": doi[:200],
        "arxiv_id": arxiv_id[:40],
        "abstract": said.get("abstract", "")[:10_000],
    }
    return {name: value for name, value in card.items() if value}


def _authors(value: str) -> list[str]:
    """Full names in order, given name first; a name in braces is kept whole."""
    names = []
    for name in _apart(" ".join(value.split())):
        whole = name.startswith("{") and name.endswith("}") and name.count("{") == 1
        parts = [part.strip() for part in plain(name).split(",")]
        if not whole and len(parts) == 2:
            parts = [parts[1], parts[0]]
        elif not whole and len(parts) == 3:
            parts = [parts[2], parts[0], parts[1]]
        said = clean_text(" ".join(parts) if not whole else ", ".join(parts), 200)
        if said and said.lower() not in OTHERS:
            names.append(said)
    return names[:200]


def _apart(value: str) -> list[str]:
    """Split at each "and" that stands outside of braces."""
    names: list[str] = []
    words: list[str] = []
    depth = 0
    for word in value.split(" "):
        if word.lower() == "and" and depth == 0:
            names.append(" ".join(words))
            words = []
            continue
        words.append(word)
        depth += word.count("{") - word.count("}")
    return [*names, " ".join(words)]


def _year(said: dict) -> int | None:
    found = re.search(r"\b(1[5-9]\d\d|20\d\d)\b", said.get("year", "") or said.get("date", ""))
    return int(found[1]) if found else None


def _numbers(said: dict, its_doi: str) -> tuple[str, str]:
    """(arXiv id, DOI): from the fields that are theirs, an address, or a journal called arXiv."""
    whole = DOI.fullmatch(its_doi.strip())
    arxiv_id, doi = "", whole[1] if whole else ""
    is_arxiv = "arxiv" in (said.get("archiveprefix", "") + said.get("eprinttype", "")).lower()
    places = [its_doi, said.get("url", ""), said.get("journal", ""), said.get("note", "")]
    if is_arxiv and said.get("eprint"):
        places.insert(0, f"arXiv:{said['eprint'].removeprefix('arXiv:')}")
    for place in places:
        for one in recognise(place[:500]):
            if one.kind == "arxiv":
                arxiv_id = arxiv_id or one.value
            elif one.kind == "doi":
                doi = doi or one.value
    return arxiv_id, doi
