"""How words become findable pieces, the same on every database. Plain Python.

Each word is taken from each of its letters on, up to REACH letters far, and besides as its pairs and single letters:
논문을 -> 논문을 논문 논 문을 문 을. So 논문 is found inside 논문을 and "net" inside ResNet, by exact or prefix match alone.
"""

import re
import unicodedata
from functools import lru_cache

REACH = 8
SHORT = 2  # up to here a query is looked up as it is, longer ones by prefix
WORD = re.compile(r"[^\W_]+")
LINE_BREAK_IN_WORD = re.compile(r"(?<=\w)[-\u00ad]\n(?=\w)")
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
QUERY_WORDS = 12


@lru_cache(maxsize=70_000)
def _fold_letter(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", letter).casefold())
    return unicodedata.normalize("NFKC", "".join(c for c in plain if not "\u0300" <= c <= "\u036f"))


def fold(text: str) -> str:
    """Letters without case, width, ligature or Latin accent: 'Ｇómez ﬁnds' -> 'gomez finds'."""
    return NOT_ASCII.sub(lambda letter: _fold_letter(letter[0]), unicodedata.normalize("NFC", text).lower())


def grams(text: str, limit: int = 800_000) -> str:
    """Every piece of every word of `text`, each once, joined by spaces; at most `limit` bytes."""
    pieces: dict[str, None] = {}
    size = 0
    for word in dict.fromkeys(WORD.findall(fold(LINE_BREAK_IN_WORD.sub("", text)))):
        for start in range(len(word)):
            for reach in (REACH, SHORT, 1):
                piece = word[start : start + reach]
                if piece not in pieces:
                    size += len(piece.encode()) + 1
                    if size > limit:
                        return " ".join(pieces)
                    pieces[piece] = None
    return " ".join(pieces)


def query_words(query: str) -> list[str]:
    """The words somebody looks for, folded; each must be found somewhere."""
    return list(dict.fromkeys(WORD.findall(fold(query[:200]))))[:QUERY_WORDS]


def query_grams(word: str) -> list[tuple[str, bool]]:
    """The pieces a document must hold to hold `word`, each with "is only the beginning of a piece"."""
    if len(word) <= SHORT:
        return [(word, False)]
    if len(word) < REACH:
        return [(word, True)]
    return [(word[start : start + REACH], False) for start in range(len(word) - REACH + 1)]


def spans(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the words stand in `text` (in NFC form), in order, overlaps joined."""
    whole = fold(text)
    words = [word for word in words if word in whole]
    if not words:
        return []
    folded, origin = [], []
    for index, letter in enumerate(text):
        for piece in _fold_letter(letter):
            folded.append(piece)
            origin.append(index)
    joined = "".join(folded)
    found = sorted(
        (origin[match.start()], origin[match.end() - 1] + 1)
        for word in words
        for match in re.finditer(re.escape(word), joined)
    )
    merged: list[tuple[int, int]] = []
    for start, end in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
