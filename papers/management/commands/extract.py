"""Say what the front pages of PDFs say, read exactly as an upload is read; nothing is stored."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from papers.extraction import UnreadablePdf, sandbox

FIELDS = ("title", "authors", "year", "doi", "arxiv_id", "abstract")


class Command(BaseCommand):
    help = "Read the title, authors, year, DOI, arXiv number and abstract of PDFs. Takes files and folders."

    def add_arguments(self, parser):
        parser.add_argument("path", nargs="+", type=Path)
        parser.add_argument("--json", action="store_true", help="one object: {file name: what was read}")

    def handle(self, *, path, json: bool, **options):
        cards = {}
        for pdf, found in sandbox.read_many(pdfs_in(path), workers=2):
            name = pdf.name if pdf.name not in cards else str(pdf)
            cards[name] = card(found)
            if not json:
                self.stdout.write(line(name, cards[name]))
        if json:
            self.stdout.write(_json(cards))


def pdfs_in(paths: list[Path]) -> list[Path]:
    """The files named, and the PDFs of the folders named, in order."""
    found = []
    for path in paths:
        if not path.exists():
            raise CommandError(f"There is no {path}.")
        found += sorted(p for p in path.rglob("*") if p.suffix.lower() == ".pdf") if path.is_dir() else [path]
    if not found:
        raise CommandError("There is no PDF in there.")
    return found


def card(found) -> dict:
    if isinstance(found, UnreadablePdf):
        return dict.fromkeys(FIELDS) | {"authors": [], "error": found.reason, "seconds": None}
    read = found.metadata.as_dict()
    return {field: read[field] for field in FIELDS} | {"error": None, "seconds": round(found.seconds, 3)}


def line(name: str, card: dict) -> str:
    if card["error"]:
        return f"{name}: not read ({card['error']})"
    return f"{name}: {card['title'] or 'no title'} – {', '.join(card['authors']) or 'no authors'} ({card['year'] or 'no year'})"


def _json(cards: dict) -> str:
    return json.dumps(cards, ensure_ascii=False, indent=1)
