"""How near a text comes to what somebody types: any piece of any word, also while a Korean syllable is unfinished.

Plain Python. Words are compared as the keys that one presses for them, so that 논무 and 논ㅁ, on the way to 논문, find it.
"""

import re
import unicodedata
from functools import lru_cache

from papers.search.bigrams import QUERY_WORDS, WORD, fold

BEGINS, BEGINS_WORDS, INSIDE, BESIDE = 3, 2, 1, 0  # of nearness(), nearest first
QUERY_LENGTH = 200
BEGUN = re.compile(r"[ㄱ-ㅣ]+$")
LAST_SYLLABLE = re.compile(r"[가-힣]$")

INITIALS = "ㄱ ㄲ ㄴ ㄷ ㄸ ㄹ ㅁ ㅂ ㅃ ㅅ ㅆ ㅇ ㅈ ㅉ ㅊ ㅋ ㅌ ㅍ ㅎ".split()
VOWELS = "ㅏ ㅐ ㅑ ㅒ ㅓ ㅔ ㅕ ㅖ ㅗ ㅗㅏ ㅗㅐ ㅗㅣ ㅛ ㅜ ㅜㅓ ㅜㅔ ㅜㅣ ㅠ ㅡ ㅡㅣ ㅣ".split()
FINALS = (
    "ㄱ ㄲ ㄱㅅ ㄴ ㄴㅈ ㄴㅎ ㄷ ㄹ ㄹㄱ ㄹㅁ ㄹㅂ ㄹㅅ ㄹㅌ ㄹㅍ ㄹㅎ ㅁ ㅂ ㅂㅅ ㅅ ㅆ ㅇ ㅈ ㅊ ㅋ ㅌ ㅍ ㅎ".split()
)
KEYS = {
    first + number: keys
    for first, letters in ((0x1100, INITIALS), (0x1161, VOWELS), (0x11A8, FINALS))
    for number, keys in enumerate(letters)
}


@lru_cache(maxsize=8192)
def keys(text: str) -> str:
    """The words of `text` as pressed on a keyboard, folded as in papers/search/bigrams.py: 'Grad 값을' -> 'grad ㄱㅏㅂㅅㅇㅡㄹ'."""
    return unicodedata.normalize("NFD", " ".join(WORD.findall(fold(text)))).translate(KEYS)


def asked(query: str) -> list[str]:
    """The words somebody looks for, as keys(); each must be found somewhere."""
    return list(dict.fromkeys(keys(query[:QUERY_LENGTH]).split()))[:QUERY_WORDS]


def whole(query: str) -> str:
    """What a search that knows whole syllables only can look for: 설명 ㄱ -> 설명."""
    return BEGUN.sub("", query).strip()


def before_last(query: str) -> str:
    """And while the last one may still change, 설며 on the way to 설명: what stands before it; "" when it is no Korean."""
    return LAST_SYLLABLE.sub("", query).strip() if LAST_SYLLABLE.search(query) else ""


def nearness(words: list[str], titles: list[str], beside: str = "") -> int | None:
    """The nearest of a thing's `titles`, with what is written `beside` them; None when a word is in neither.

    Spaces are no hurdle: 다음모임 finds 다음 모임.
    """
    more = keys(beside)
    found = [_one(words, f" {keys(title)}", more) for title in titles]
    return max((near for near in found if near is not None), default=None)


def _one(words: list[str], title: str, more: str) -> int | None:
    if any(word not in title and word not in more and word not in title.replace(" ", "") for word in words):
        return None
    if title.startswith(f" {' '.join(words)}"):
        return BEGINS
    if all(f" {word}" in title for word in words):
        return BEGINS_WORDS
    return INSIDE if all(word in title for word in words) else BESIDE
