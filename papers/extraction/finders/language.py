"""The language, from the letters and the commonest small words of the front page."""

import re
from collections import Counter

from papers.extraction.finders.front import Found, Front

SMALL_WORDS = {
    "en": "the of and to in is that for we with".split(),
    "de": "der die und das ist von zu mit wir eine".split(),
    "fr": "le les des et une est dans pour nous sur".split(),
    "es": "el los las que una en por con para es".split(),
    "pt": "os das uma que não com para em são do".split(),
}


def language(front: Front) -> Found | None:
    """Hangul, kana and Han by count; else by small words."""
    text = front.page.text
    hangul, kana = len(re.findall("[가-힣]", text)), len(re.findall("[\u3040-\u30ff]", text))
    han = len(re.findall("[\u3400-\u9fff]", text))
    latin = len(re.findall("[A-Za-z]", text)) / 4  # a sign of Hangul or Han says as much as several letters
    if max(hangul, kana * 2, han) > 0.5 * latin and hangul + kana + han > 30:
        return Found("ko" if hangul >= max(kana, han) else "ja" if kana > 0.1 * han else "zh", 0.95)
    count = Counter(text.lower().split())
    best = max(SMALL_WORDS, key=lambda code: sum(count[word] for word in SMALL_WORDS[code]))
    hits = sum(count[word] for word in SMALL_WORDS[best])
    return Found(best, min(0.95, 0.4 + hits / 100)) if hits >= 3 else None
