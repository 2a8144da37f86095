"""Runs of glyphs become words, words become lines: pure geometry, whichever library read the page.

Lengths are points with y upwards, as in the file. An em is the size of the letters at hand.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

from papers.extraction.runs import Run, Style, compose_accents, without_doubles, without_line_numbers

WORD_GAP = 0.13  # em: a wider gap separates words
SPACED_GAP = -0.1  # em: enough where the file has a space as well (scanned letters are boxed too wide)
GUTTER_GAP = 0.6  # em: splits a row where the page's gutter runs
WIDE_GAP = 1.8  # em: splits a row anywhere
RAISED = 0.85  # a mark is smaller than this share of the line it hangs on

HAN = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


@dataclass(slots=True)
class Word:
    text: str
    x0: float
    x1: float
    y: float
    size: float
    style: Style
    raised: bool = False  # a footnote mark or exponent: smaller and off the baseline


@dataclass(eq=False)
class Line:
    """Words on one baseline in one column."""

    words: list[Word]
    y: float
    size: float
    page: int = 0

    @cached_property
    def x0(self) -> float:
        return min(word.x0 for word in self.words)

    @cached_property
    def x1(self) -> float:
        return max(word.x1 for word in self.words)

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def center(self) -> float:
        return (self.x0 + self.x1) / 2

    @cached_property
    def text(self) -> str:
        return join(self.words)

    @cached_property
    def plain(self) -> str:
        """The text without raised marks."""
        return join([word for word in self.words if not word.raised])

    @cached_property
    def style(self) -> Style:
        """The style of most of its letters."""
        count: Counter = Counter()
        for word in self.words:
            if not word.raised:
                count[word.style] += len(word.text)
        return count.most_common(1)[0][0] if count else self.words[0].style

    @cached_property
    def bold(self) -> bool:
        return self._share("bold") > 0.6

    @cached_property
    def italic(self) -> bool:
        return self._share("italic") > 0.6

    def _share(self, trait: str) -> float:
        letters = sum(len(word.text) for word in self.words) or 1
        return sum(len(word.text) for word in self.words if getattr(word.style, trait)) / letters


@dataclass(eq=False)
class Page:
    width: float
    height: float
    lines: list[Line]  # upright, from top to bottom
    margin: list[str]  # rotated text: stamps
    number: int = 0

    def __post_init__(self) -> None:
        for line in self.lines:
            line.page = self.number

    @cached_property
    def body_size(self) -> float:
        """The size most letters are set in."""
        count: Counter = Counter()
        for line in self.lines:
            count[round(line.size * 2) / 2] += len(line.text)
        return count.most_common(1)[0][0] if count else 10.0

    @cached_property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


class LazyPages:
    """The first pages of a paper, each read when it is first asked for."""

    def __init__(self, read: Callable[[int], Page], count: int):
        self.read, self.count = read, count
        self.done: dict[int, Page] = {}

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, number: int) -> Page:
        if not 0 <= number < self.count:
            raise IndexError(number)
        if number not in self.done:
            self.done[number] = self.read(number)
        return self.done[number]

    def __iter__(self) -> Iterator[Page]:
        return map(self.__getitem__, range(self.count))


def join(words: list[Word]) -> str:
    """Words with spaces between; none between Chinese or Japanese signs, nor between a word and its raised mark."""
    out = ""
    before = None
    for word in words:
        if before is not None and not _glued(before, word):
            out += " "
        out += word.text
        before = word
    return out


def _glued(before: Word, word: Word) -> bool:
    gap = word.x0 - before.x1
    em = min(before.size, word.size)
    if HAN.match(before.text[-1:]) and HAN.match(word.text[:1]):
        return gap < 0.5 * em
    return (before.raised or word.raised) and gap < WORD_GAP * em


def lines_of(runs: list[Run], width: float) -> list[Line]:
    """The page's lines, top to bottom, left to right."""
    runs = without_line_numbers(without_doubles(compose_accents([run for run in runs if run.text])))
    rows = _with_marks(_rows(runs))
    words = [_words(row) for row in rows]
    gutter = _gutter(words, width)
    lines = [_line(part) for row in words for part in _split(row, gutter)]
    return sorted(lines, key=lambda line: (-round(line.y), line.x0))


def _rows(runs: list[Run]) -> list[list[Run]]:
    """Runs that share a baseline with the nearest run of the row: scanned lines climb or fall a little on their way."""
    rows: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: -run.y):
        row = next((row for row in reversed(rows[-4:]) if _on_baseline(row, run)), None)
        if row is None:
            rows.append([run])
        else:
            row.append(run)
    return rows


def _on_baseline(row: list[Run], run: Run) -> bool:
    if row[0].y - run.y > 0.5 * run.size + 0.5:
        return False
    near = min(row, key=lambda other: max(other.x0 - run.x1, run.x0 - other.x1))
    return abs(near.y - run.y) <= 0.12 * min(near.size, run.size) + 0.5


def _with_marks(rows: list[list[Run]]) -> list[list[tuple[Run, bool]]]:
    """Small runs just above or below a line, and touching it or another mark of it, join it as raised marks."""
    out: list[list[tuple[Run, bool]]] = [[] for _ in rows]
    for index, row in enumerate(rows):
        before, host = None, None
        for run in sorted(row, key=lambda run: run.x0):
            chained = (
                host is not None
                and before is not None
                and abs(before.size - run.size) < 0.25 * run.size
                and -0.3 < (run.x0 - before.x1) / run.size < 0.3
            )
            host, raised = (host, True) if chained else _host(rows, index, run)
            before = run
            out[index if host is None else host].append((run, raised and host is not None))
    return [row for row in out if row]


def _host(rows: list[list[Run]], index: int, run: Run) -> tuple[int | None, bool]:
    """The row near `rows[index]` on which the small `run` hangs; or in which it fills a gap, lowered (as TeX's own name)."""
    for step in (1, -1, 2, -2, 3, -3):
        other = index + step
        if not 0 <= other < len(rows):
            continue
        for big in rows[other]:
            if _hangs_on(run, big):
                return other, True
        if len(run.text) == 1 and _fills_a_gap(run, rows[other]):
            return other, False
    return None, False


def _hangs_on(run: Run, big: Run) -> bool:
    if run.size >= RAISED * big.size:
        return False
    off = run.y - big.y
    behind = -0.35 * big.size < off < 0.8 * big.size and -0.7 * big.size < run.x0 - big.x1 < 0.7 * big.size
    before = 0 < off < 0.8 * big.size and len(run.text) <= 3 and abs(run.x1 - big.x0) < 0.3 * big.size
    return behind or before


def _fills_a_gap(run: Run, row: list[Run]) -> bool:
    """Does a letter of a row's size, a little lower, close the gap between two of its runs?"""
    low = 0.05 < (row[0].y - run.y) / run.size < 0.35 and abs(row[0].size - run.size) < 0.1 * run.size
    near = 0.3 * run.size
    return low and any(abs(run.x0 - big.x1) < near for big in row) and any(abs(big.x0 - run.x1) < near for big in row)


def _words(row: list[tuple[Run, bool]]) -> list[Word]:
    """Runs closer than a word gap are one word."""
    words: list[Word] = []
    for run, raised in sorted(row, key=lambda pair: pair[0].x0):
        last = words[-1] if words else None
        em = max(last.size, run.size) if last else run.size
        if last and last.raised == raised and run.x0 - last.x1 < (SPACED_GAP if run.spaced else WORD_GAP) * em:
            if last.style == run.style or len(last.text) < len(run.text):
                last.style = run.style if len(run.text) > len(last.text) else last.style
            last.text += run.text
            last.x1 = max(last.x1, run.x1)
            last.size = max(last.size, run.size)
        else:
            words.append(Word(run.text, run.x0, run.x1, run.y, run.size, run.style, raised))
    return words


def _gutter(rows: list[list[Word]], width: float) -> float | None:
    """The x of an empty strip near the middle that most rows leave free, text standing on both sides."""
    step = width / 400 or 1.0
    cover = [0] * 401
    for row in rows:
        for word in row:
            for cell in range(max(0, int(word.x0 / step)), min(400, int(word.x1 / step)) + 1):
                cover[cell] += 1
    middle = range(140, 261)
    best = min(middle, key=lambda cell: (sum(cover[cell - 1 : cell + 2]), abs(cell - 200)))
    typical = sorted(cover[60:340])[140] or 1
    return best * step if typical >= 8 and sum(cover[best - 1 : best + 2]) / 3 < 0.3 * typical else None


def _split(row: list[Word], gutter: float | None) -> list[list[Word]]:
    """A row breaks at wide gaps, and at smaller ones where the gutter runs."""
    parts = [[row[0]]]
    reach = row[0].x1
    for word in row[1:]:
        gap, em = word.x0 - reach, max(word.size, parts[-1][-1].size)
        at_gutter = gutter is not None and reach - 0.2 * em <= gutter <= word.x0 + 0.2 * em
        if gap > WIDE_GAP * em or (at_gutter and gap > GUTTER_GAP * em):
            parts.append([word])
        else:
            parts[-1].append(word)
        reach = max(reach, word.x1)
    return parts


def _line(words: list[Word]) -> Line:
    sizes: Counter = Counter()
    for word in words:
        if not word.raised:
            sizes[round(word.size, 1)] += len(word.text)
    size = sizes.most_common(1)[0][0] if sizes else words[0].size
    base = [word.y for word in words if not word.raised] or [words[0].y]
    return Line(words, sorted(base)[len(base) // 2], size)
