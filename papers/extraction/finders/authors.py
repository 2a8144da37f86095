"""The authors: the names between title and abstract, in the order of print.

Names share a look (size, weight, slope); what has another look, or speaks of institutions, places and mail, is none.
Rows are read from left to right; where names are stacked in one cell above their own affiliation, cell by cell.
"""

import re

from papers.extraction.finders import abstract
from papers.extraction.finders.entries import AuthorEntry, entries_of
from papers.extraction.finders.front import Found, Front
from papers.extraction.finders.names import (
    MARK,
    bare,
    cjk_name,
    cut_short,
    ends_in_capitals,
    full_name,
    part_of_name,
    strange,
)
from papers.extraction.finders.title import title, title_block
from papers.extraction.finders.words import AFTER_ABSTRACT, INTRODUCTION, NOT_NAMES
from papers.extraction.layout import Line

FAR = 7  # lines of the block do not stand further apart, in em
OPEN_END = re.compile(r"(?:[,;，、·&]|\band)\s*$", re.I)
JOINED = re.compile(r"\b(?:and|und|et|with|by)\b")


def authors(front: Front) -> Found | None:
    """Names below the title; where there are none, names above it."""
    for zone, sure in ((below_title(front), 0.9), (above_title(front), 0.5)):
        entries = entries_of(zone, max((line.width for line in front.page.lines), default=0.0))
        chosen = _chosen(entries)
        names = _one_script(_spelled(_ordered(chosen, entries)))
        if names:
            unsure = (found := title(front)) is None or found.confidence < 0.6
            doubts = _doubtful(chosen, entries) + 2 * _lost(chosen, names) + 2 * unsure
            return Found(tuple(names), max(0.3, sure - 0.2 * doubts))
    return None


def _lost(chosen: list[AuthorEntry], names: list[str]) -> bool:
    """Is there a piece, in the lines of names, that no name took up?"""
    told = " ".join(names)
    return any(piece not in told and not cjk_name(piece) for entry in chosen for piece in entry.pieces)


def _doubtful(chosen: list[AuthorEntry], entries: list[AuthorEntry]) -> bool:
    """Are there lines that look like the names' lines, speak of nothing strange, and were left out?"""
    looks = {entry.look for entry in chosen}
    return any(entry.look in looks and not entry.strange and entry not in chosen for entry in entries)


def below_title(front: Front) -> list[Line]:
    """Lines between the title and the abstract or body."""
    block = title_block(front)
    if not block:
        return []
    floor, end = min(line.y for line in block), abstract.start(front)
    zone: list[Line] = []
    for line in front.page.lines:
        if line.y >= floor or line in block:
            continue
        if end is not None and line.y <= end.y and (line is end or _shares(line, end) or line.y < end.y - 3 * end.size):
            break
        if (
            INTRODUCTION.match(line.text)
            or AFTER_ABSTRACT.match(line.text)
            or (end is None and floor - line.y > 0.45 * front.page.height)
        ):
            break
        zone.append(line)
    return zone


def above_title(front: Front) -> list[Line]:
    block = title_block(front)
    top = max((line.y for line in block), default=0.0)
    return [line for line in front.page.lines if line.y > top and block]


def _shares(line: Line, other: Line) -> bool:
    return min(line.x1, other.x1) > max(line.x0, other.x0)


def _chosen(entries: list[AuthorEntry]) -> list[AuthorEntry]:
    """The lines of names: the first, and those that look alike and stand where names stand."""
    first = next((entry for entry in entries if entry.names), None)
    lead = next((entry for entry in entries if _leading(entry)), None)
    if lead is not None and (first is None or lead.row < first.row):
        return _with_affiliations(entries, lead)
    if first is None:
        return []
    alike = any(_alike(entry, first) for entry in entries if entry.strange)
    chosen = [first]
    for above, entry in zip(entries[entries.index(first) :], entries[entries.index(first) + 1 :], strict=False):
        if above.line.y - entry.line.y > FAR * first.line.size:
            break  # a figure stands between
        if not _alike(entry, first) or entry.strange or _in_a_row_of_places(entries, entry, first):
            continue
        if (
            entry.row == first.row
            and entry.names
            or (_goes_on(chosen, entry))
            or (entry.names and (not alike or _starts_anew(entries, entry, chosen)))
        ):
            chosen.append(entry)
    return chosen


def _in_a_row_of_places(entries: list[AuthorEntry], entry: AuthorEntry, first: AuthorEntry) -> bool:
    """A row of a grid is of one kind: beside places that look like the names stand places."""
    row = [other for other in entries if other.row == entry.row and other is not entry]
    acronym = any(map(ends_in_capitals, entry.names)) and not any(map(ends_in_capitals, first.names))
    return acronym or (entry.row != first.row and any(other.strange and _alike(other, first) for other in row))


def _alike(entry: AuthorEntry, first: AuthorEntry) -> bool:
    """The same size, weight, slope and case."""
    line, other = entry.line, first.line
    near = abs(line.size - other.size) <= 0.08 * other.size
    same_case = not _capitals(other) or _capitals(line) or not re.search("[A-Z]{3}", other.text)
    return near and entry.sample.style[:2] == first.sample.style[:2] and same_case


def _capitals(line: Line) -> bool:
    letters = [sign for sign in JOINED.sub("", line.text) if sign.isalpha()]
    return sum(map(str.isupper, letters)) > 0.9 * len(letters)


def _goes_on(chosen: list[AuthorEntry], entry: AuthorEntry) -> bool:
    """Is this line the next of a list of names, or the rest of a name?"""
    above = _above(chosen, entry)
    if above is None or not entry.pieces or above.line.y - entry.line.y > 3 * entry.line.size:
        return False
    if cut_short(above.pieces[-1]) or OPEN_END.search(above.line.plain) or _did_not_fit(above, entry):
        return bool(entry.names) or part_of_name(entry.pieces[0])
    return bool(entry.names)


def _did_not_fit(above: AuthorEntry, entry: AuthorEntry) -> bool:
    """A list of names ran to its line's end: the next word would have stuck out."""
    next_word = entry.line.words[0].x1 - entry.line.x0
    return len(above.pieces) > 1 and above.line.width + 0.25 * entry.line.size + next_word > above.room


def _starts_anew(entries: list[AuthorEntry], entry: AuthorEntry, chosen: list[AuthorEntry]) -> bool:
    """Where names look like their affiliations, a new name stands apart, or follows a mail address."""
    above = _above(entries, entry)
    if above is None or _row_is_chosen(chosen, entry):
        return True
    if above in chosen or "@" in above.line.text:
        return True
    steps = [one.line.y - two.line.y for one, two in zip(entries, entries[1:], strict=False) if one.row != two.row]
    usual = min((step for step in steps if step > 0.5 * entry.line.size), default=entry.line.size)
    return above.line.y - entry.line.y > 1.3 * usual or above.line.plain.strip().lower() in ("and", "&")


def _row_is_chosen(chosen: list[AuthorEntry], entry: AuthorEntry) -> bool:
    return any(other.row == entry.row for other in chosen)


def _above(entries: list[AuthorEntry], entry: AuthorEntry) -> AuthorEntry | None:
    """The nearest line above that overlaps."""
    higher = [other for other in entries if other.row < entry.row and _shares(other.line, entry.line)]
    return max(higher, key=lambda other: other.row, default=None)


def _leading(entry: AuthorEntry) -> list[str]:
    """Names at the start of a line that goes on with an affiliation: "John McCarthy, Massachusetts Institute of …"."""
    if not entry.strange or "@" in entry.line.text or len(entry.pieces) < 2 or NOT_NAMES.search(entry.pieces[0]):
        return []
    names = []
    for piece in entry.pieces:
        if strange(piece) or not full_name(piece):
            break
        names.append(piece)
    return names if any(map(strange, entry.pieces[len(names) :])) else []


def _listed(entries: list[AuthorEntry], lead: AuthorEntry) -> list[str]:
    """ "Alice Carroll, Leeds; Bob Marley, Tuff Gong": the names before the commas, if all of them are names."""
    text = " ".join(bare(entry.line.plain) for entry in entries if entry.row >= lead.row and _alike(entry, lead))
    names = [MARK.sub("", part.split(",")[0]).strip() for part in text.split(";") if part.strip()]
    return names if all(map(full_name, names)) and not any(map(strange, names)) else []


def _with_affiliations(entries: list[AuthorEntry], lead: AuthorEntry) -> list[AuthorEntry]:
    """Lines each of which starts with names and goes on with their affiliation; where some have one name, all have."""
    listed = _listed(entries, lead) if ";" in lead.line.text else []
    if listed:
        return [AuthorEntry(lead.line, listed, listed, False, lead.row)]
    alike = [(entry, _leading(entry)) for entry in entries if _alike(entry, lead)]
    fewest = min(len(names) for _, names in alike if names)
    chosen = []
    for entry, names in alike:
        kept = names if fewest > 1 or JOINED.search(entry.line.text) else names[:1]
        if kept:
            chosen.append(AuthorEntry(entry.line, kept, kept, False, entry.row))
    return chosen


def _ordered(chosen: list[AuthorEntry], entries: list[AuthorEntry]) -> list[AuthorEntry]:
    """Row by row; cell by cell where cells hold stacked names with something of their own below."""
    stacks: list[list[AuthorEntry]] = []
    for entry in chosen:
        for stack in stacks:
            if _stacked(stack[-1], entry):
                stack.append(entry)
                break
        else:
            stacks.append([entry])
    grid = [stack for stack in stacks if len(stack) > 1]
    side_by_side = any(one[0].row == two[0].row for one in stacks for two in stacks if one is not two)
    if grid and side_by_side and all(_has_own_foot(stack, stacks, entries) for stack in stacks):
        return [entry for stack in stacks for entry in stack]
    return chosen


def _stacked(above: AuthorEntry, entry: AuthorEntry) -> bool:
    aligned = abs(above.line.center - entry.line.center) < entry.line.size or abs(above.line.x0 - entry.line.x0) < 3
    return aligned and entry.row == above.row + 1 and above.line.y - entry.line.y < 1.7 * entry.line.size


def _has_own_foot(stack: list[AuthorEntry], stacks: list[list[AuthorEntry]], entries: list[AuthorEntry]) -> bool:
    """Does a line stand below this cell's names that reaches under no other cell?"""
    below = [entry for entry in entries if entry.row > stack[-1].row and _shares(entry.line, stack[-1].line)]
    foot = min(below, key=lambda entry: entry.row, default=None)
    others = [other[-1] for other in stacks if other is not stack and other[0].row == stack[0].row]
    return foot is not None and not any(_shares(foot.line, other.line) for other in others)


def _spelled(chosen: list[AuthorEntry]) -> list[str]:
    """The names; one that a line's end cut is joined with its rest."""
    out: list[str] = []
    open_ended = False
    for entry in chosen:
        for place, piece in enumerate(entry.pieces):
            cut = out and place == 0 and open_ended and (cut_short(out[-1]) or not full_name(piece))
            if cut and part_of_name(f"{out[-1]} {piece}"):
                out[-1] = f"{out[-1]} {piece}"
            elif piece not in out:
                out.append(piece)
        open_ended = not OPEN_END.search(entry.line.plain)
    return [name for name in out if full_name(name)]


def _one_script(names: list[str]) -> list[str]:
    """Names printed twice, in Hangul or Han and in Latin letters, count once: as they were printed first."""
    if not names:
        return []
    cjk = [cjk_name(name) for name in names]
    if any(cjk) and not all(cjk):
        return [name for name, is_cjk in zip(names, cjk, strict=True) if is_cjk == cjk[0]]
    return names
