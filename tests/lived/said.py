"""What pages say in words, in either language, as values: how a turn stands, how far away a day is."""

import re

from tests.lived.page import Page, has

NUMBERS = dict(zip("one two three four five six seven eight nine ten".split(), range(1, 11), strict=True))
KOREAN = {"하루": 1, "이틀": 2, "사흘": 3, "나흘": 4, "닷새": 5, "엿새": 6, "일주일": 7, "열흘": 10}
DAYS = rf"(?P<days>(?:{'|'.join([*NUMBERS, 'a'])}|\d+) days?|{'|'.join(KOREAN)}|\d+일)"
# how a turn stands: the pattern of its chip in English and Korean
TURN = [
    ("cancelled", r"Cancelled|취소됨?|취소됐어요"),
    ("presented", r"Presented|발표함"),
    ("left", r"The presenter left|발표자 나감"),
    ("none", r"No paper was shared|논문이 공유되지 않음"),
    ("early", rf"Shared {DAYS} early"),
    ("early", rf"{DAYS} 일찍 공유"),
    ("early", r"Shared on the day|마감일에 공유"),
    ("late", rf"Shared {DAYS} late"),
    ("late", rf"{DAYS} 늦게 공유"),
    ("due", rf"Due in {DAYS}"),
    ("due", rf"{DAYS} 남음"),
    ("due 1", r"Due tomorrow|내일 마감"),
    ("due 0", r"Due today|오늘 마감"),
    ("due far", r"Due \d.*|\d+월 \d+일 마감"),
    ("soon", r"Due as soon as you can|되는 대로 빨리"),
    ("missing", rf"{DAYS} late"),
    ("missing", rf"{DAYS} 지남"),
]
NOW = "now"
WHEN = [
    (NOW, r"now|지금"),
    (0, r"today|오늘"),
    (1, r"tomorrow|내일"),
    (-1, r"yesterday|어제"),
    (1, r"in (?P<n>\d+) days?"),
    (1, r"(?P<n>\d+)일 남음"),
    (-1, r"(?P<n>\d+) days? ago"),
    (-1, r"(?P<n>\d+)일 (?:전|지남)"),
]
TODO = [
    ("today", r"Please share your paper today|오늘까지 논문을 공유해 주세요"),
    ("tomorrow", r"Please share your paper by tomorrow|내일까지 논문을 공유해 주세요"),
    ("by", r"Please share your paper by .+|.+까지 논문을 공유해 주세요"),
    ("late", r"The others wait for your paper|모두 논문을 기다리고 있어요"),
]


def chip(words: str) -> str:
    """'missing 3', 'early 0', 'due 5', 'presented'; the words themselves where they mean something else."""
    for meaning, pattern in TURN:
        if found := re.fullmatch(pattern, words, re.IGNORECASE):
            if "days" in found.re.groupindex:
                return f"{meaning} {_number(found['days'])}"
            return f"{meaning} 0" if meaning == "early" else meaning
    return words


def _number(words):
    if words in KOREAN:
        return KOREAN[words]
    first = words.split()[0].lower()
    return NUMBERS.get(first) or int(re.match(r"\d+", first)[0])


def days(words: str) -> int | str | None:
    """How many days away, or NOW, as the words have it; None where they say no such thing."""
    for value, pattern in WHEN:
        if found := re.fullmatch(pattern, words.strip()):
            return value * int(found["n"]) if "n" in found.re.groupindex else value
    return None


def todo(words: str) -> str:
    return next((meaning for meaning, pattern in TODO if re.fullmatch(pattern, words)), words)


def turns(page: Page, within=None) -> list[tuple[str, str, str]]:
    """(who, the paper's title or "", how it stands) of every turn there, in order."""
    found = []
    for turn in page.find(f"{'.' if within is not None else ''}//article[{has('turn')}][./*[{has('chip')}]]", within):
        missing = page.first(f".//h3[{has('missing')}]", turn) is not None
        title = "" if missing else page.words(".//h3", turn)
        presenter = who(page, turn) or page.words(f".//*[{has('meta')}]", turn).split(" ")[0]
        found.append((presenter, title, chip(page.words(f"./*[{has('chip')}]", turn))))
    return found


def who(page: Page, within) -> str:
    """The first person named there, without "(me)"."""
    return re.sub(r" \((?:me|나)\)$", "", page.words(f".//*[{has('who')}]", within))


def numbers(words: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", words)]


def instants(page: Page, xpath: str, within=None) -> list[str]:
    return [time.get("datetime") for time in page.find(xpath, within)]
