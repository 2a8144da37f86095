"""The author block, line by line: each taken apart into pieces, and what of them are names."""

import re
from dataclasses import dataclass

from papers.extraction.finders.names import bare, full_name, part_of_name, pieces, strange
from papers.extraction.finders.words import HONOURS
from papers.extraction.layout import Line, Word


@dataclass(eq=False)
class AuthorEntry:
    """A line of the author block, taken apart."""

    line: Line
    pieces: list[str]
    names: list[str]
    strange: bool
    row: int = 0
    room: float = 0.0  # how wide the page's text is

    @property
    def sample(self) -> Word:
        """A word that shows how the line's first piece is set: between names stand memberships in another slope."""
        first = self.pieces[0].split()[0] if self.pieces else ""
        return next((word for word in self.line.words if first and word.text.startswith(first)), self.line.words[0])

    @property
    def look(self) -> tuple:
        return (round(self.line.size), self.sample.style.bold, self.sample.style.italic)


def entries_of(zone: list[Line], room: float) -> list[AuthorEntry]:
    """The zone row by row, each row from left to right."""
    entries: list[AuthorEntry] = []
    row, top = -1, float("inf")
    for line in sorted(zone, key=lambda line: -line.y):
        if top - line.y > 0.4 * line.size:
            row, top = row + 1, line.y
        line = _in_one_look(line)
        found = pieces(line)
        odd = strange(HONOURS.sub("", bare(line.plain)))
        names = found if found and not odd and _all_names(found) else []
        entries.append(AuthorEntry(line, found, names, odd, row, room))
    entries.sort(key=lambda entry: (entry.row, entry.line.x0))
    return entries


def _in_one_look(line: Line) -> Line:
    """Names, then an affiliation in another size or slope behind a comma: the names alone."""
    plain = [word for word in line.words if re.search(r"\w", word.text) and not word.raised]
    change = next((word for word in plain if not _alike_words(word, plain[0])), None)
    if change is None or not all(_alike_words(word, change) for word in plain[plain.index(change) :]):
        return line
    cut = line.words.index(change)
    head = Line(line.words[:cut], line.y, plain[0].size, line.page)
    return head if head.plain.rstrip().endswith(",") and _all_names(pieces(head)) else line


def _alike_words(word: Word, other: Word) -> bool:
    return word.style[:2] == other.style[:2] and abs(word.size - other.size) < 0.1 * other.size


def _all_names(found: list[str]) -> bool:
    """Full names; the first and last of several may be cut by the line's end."""
    if len(found) < 2:
        return bool(found) and full_name(found[0])
    inner = found[1:-1]
    ends = [piece for piece in (found[0], found[-1]) if not full_name(piece)]
    return all(full_name(piece) for piece in inner) and len(ends) < 2 + bool(inner) and all(map(part_of_name, ends))
