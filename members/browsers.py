"""Browsers in words: "Firefox, Linux" instead of a line of numbers. Plain Python."""

import re

# the first that is found counts: most say of themselves that they are Safari, many that they are Chrome
BROWSERS = {
    "Edge": r"Edg(e|A|iOS)?/",
    "Opera": r"OPR/|Opera",
    "Samsung Internet": r"SamsungBrowser/",
    "Whale": r"Whale/",
    "KakaoTalk": r"KAKAOTALK",
    "Firefox": r"Firefox/|FxiOS/",
    "Chrome": r"Chrome/|CriOS/",
    "Safari": r"Version/[\d.]+.* Safari/",
}
SYSTEMS = {
    "Android": r"Android",
    "iPhone": r"iPhone",
    "iPad": r"iPad",
    "ChromeOS": r"CrOS",
    "Windows": r"Windows",
    "macOS": r"Mac OS X|Macintosh",
    "Linux": r"Linux",
}


def in_words(user_agent: str) -> str:
    """Return browser and system as far as they are known; "" where neither is."""
    found = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(filter(None, found))


def _first(names: dict[str, str], text: str) -> str:
    return next((name for name, sign in names.items() if re.search(sign, text)), "")
