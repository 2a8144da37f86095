"""What a name looks like, and how a line of names comes apart. Pure text rules, no geometry but gaps and raised marks."""

import re

from papers.extraction.finders.words import (
    AFFILIATION,
    AFFILIATION_CJK,
    DATED,
    DEGREES,
    EMAIL,
    HONOURS,
    MEMBERSHIP,
    NOT_NAMES,
    ON_BEHALF,
    ORCID,
    PARTICLES,
)
from papers.extraction.layout import Line, Word, join

JOINING = ("and", "&", "with", "by")  # alone on a line between names
GAP = 0.9  # em: names in one row may stand apart with no other sign between
BREAK = "\x1f"  # stands for a mark or a gap while a line is taken apart
MAIL = re.compile(r"[<({\[]*[^\s<>(){}\[\],;]+@[^\s<>(){}\[\],;]+\.\w+[>)}\]]*")
BRACKETED = re.compile(r"[(\[]([^()\[\]]{2,})[)\]]")
BEHIND_A_NAME = re.compile(r"(?<=[^\W\d_])\s*\([^()]{2,}\)(?=\s*(?:[,;&\x1f]|and\b|$))")
MARK = re.compile(r"[\d*∗⁎＊†‡§¶⋆★☆♯♠♣♦♥✉✝⊥∥‖#^°¹²³⁴⁵⁶⁷⁸⁹⁰ª©®♭♮◦⋄]+(?:\s*,\s*[\d*∗†‡§¶#]+)*")
BRACKETED_MARK = re.compile(r"[(\[]\s*[\d*∗†‡§¶,\s]+[)\]]")
SEPARATOR = re.compile(
    r"\s*(?:[;，；、·・•∙⋅|/\x1f]|,(?!\s*(?:jr|sr|ii|iii|iv)\b)|(?:(?<=\s)|^|(?<=\x1f))(?:and|und|et|with|＆|&|及|和)(?=\s|\x1f|$))\s*",
    re.I,
)
LETTER_MARK = re.compile(r"(?<=\w\w)\s+[a-e]$|(?<=[.\w])\s+[a-e](?=\x1f|$)")
SURNAMES_KO = set(
    "김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반왕금옥육인맹제모탁국어은편용예봉사부경계피두감음빈동온호범좌태목형"
)
HANGUL = re.compile(r"^[가-힣]{2,5}$")
HAN = re.compile(r"^[\u3005\u3400-\u9fff]{2,6}$")
KANA = re.compile(r"^[\u3040-\u30ff\u3400-\u9fffー]{2,10}$")


def strange(text: str) -> bool:
    """Does the text speak of places, mail or work rather than people?"""
    if text.strip().lower() in JOINING:
        return False
    text = MEMBERSHIP.sub(" ", text)
    return bool(
        EMAIL.search(text)
        or AFFILIATION.search(text)
        or AFFILIATION_CJK.search(text)
        or NOT_NAMES.search(text)
        or DATED.search(text)
    )


def pieces(line: Line) -> list[str]:
    """What stands between separators, marks and wide gaps; without degrees and honours."""
    text = HONOURS.sub("", bare(line_text(line)))
    text = MEMBERSHIP.sub(BREAK, text)
    text = MARK.sub(BREAK, BRACKETED_MARK.sub(BREAK, text))
    found: list[str] = []
    for piece in SEPARATOR.split(text):
        piece = HONOURS.sub("", DEGREES.sub("", LETTER_MARK.sub("", " ".join(piece.split()))))
        piece = piece.strip(" ,:;-–—_~`'\"\x1f").lstrip(".")
        if piece and re.search(r"\w", piece):
            piece = closed(_without_other_script(piece))
            two = TWO_NAMES.match(piece)  # set closely: nobody has an initial behind a surname
            found += two.groups() if two else [piece.replace(" ", "") if cjk_name(piece) else piece]
    return found


def bare(text: str) -> str:
    """Without mail addresses, ORCIDs, a collaboration, and brackets that speak of places or stand behind a name."""
    text = ON_BEHALF.sub(BREAK, ORCID.sub(BREAK, MAIL.sub(BREAK, text)))
    text = BEHIND_A_NAME.sub(BREAK, text)
    return BRACKETED.sub(lambda match: BREAK if strange(match[1]) else match[0], text)


def _without_other_script(piece: str) -> str:
    """황가은 (Ga-Eun Hwang) -> 황가은."""
    match = re.fullmatch(r"([가-힣\u3040-\u9fff][가-힣\u3040-\u9fff ]*)\s*[(（][A-Za-z ,.'-]+[)）]?", piece)
    return match[1].strip() if match else piece


def closed(piece: str) -> str:
    """Without a point at its end, unless an initial or a suffix stands there."""
    return piece if re.search(r"(?:\b\w|[Jj][Rr]|[Ss][Rr])\.$", piece) else piece.rstrip(". ")


def line_text(line: Line) -> str:
    """The line's text with BREAK for raised marks and for gaps between pieces that are names by themselves."""
    for limit in (GAP, _uneven(line)):
        texts, gaps = _parted(line, limit)
        ends = [
            text for text in (texts[0], texts[-1]) if len(texts) > 2 and part_of_name(text)
        ]  # cut by the line's ends
        if any(gaps) and all(_stands_alone(text) for text in texts if text and text not in ends):
            return BREAK.join(texts)
    texts, gaps = _parted(line, GAP)
    return _without_gaps(texts, gaps)


def _uneven(line: Line) -> float:
    """A gap that is much wider than the line's usual ones may separate names as well."""
    words = [word for word in line.words if not word.raised]
    gaps = sorted((after.x0 - word.x1) / word.size for word, after in zip(words, words[1:], strict=False))
    return max(0.45, 1.7 * gaps[len(gaps) // 2]) if len(gaps) > 2 else GAP


def _parted(line: Line, limit: float) -> tuple[list[str], list[bool]]:
    """The pieces between raised marks and gaps wider than `limit` em; for each break, whether a gap made it."""
    parts: list[list[Word]] = [[]]
    gaps: list[bool] = []
    for word in line.words:
        last = parts[-1][-1] if parts[-1] else None
        if word.raised:
            parts.append([])
            gaps.append(False)
            continue
        if last and word.x0 - last.x1 > limit * word.size:
            parts.append([])
            gaps.append(True)
        parts[-1].append(word)
    return [join(part) for part in parts], gaps


def _without_gaps(texts: list[str], gaps: list[bool]) -> str:
    out = texts[0]
    for gap, text in zip(gaps, texts[1:], strict=True):
        out += (" " if gap else BREAK) + text
    return out


def _stands_alone(text: str) -> bool:
    """May a gap end here? Yes, when every piece on this side of it is a name or something known to be none."""
    found = [piece for piece in SEPARATOR.split(MARK.sub(BREAK, text)) if piece.strip()]
    return all(full_name(piece.strip(" .,")) or strange(piece) or not re.search(r"\w", piece) for piece in found)


TWO_NAMES = re.compile(r"^(\S+(?: [A-Z]\.)+ \S+) (\S+(?: [A-Z]\.)+ \S+)$")


def full_name(piece: str) -> bool:
    """Two to six words with capitals, the last more than an initial; or two to four syllables of Hangul or Han."""
    if cjk_name(piece):
        return True
    words = piece.split()
    article = bool(words) and words[0] in ("A", "An") and len(words) > 2
    return len(words) >= 2 and not article and part_of_name(piece) and _long_enough(words)


def _long_enough(words: list[str]) -> bool:
    long = [word for word in words if len(word.strip(".")) > 1 and not _particle(word)]
    last = words[-1]
    ends_well = len(last.strip(".")) > 1 or (len(words) == 2 and last.endswith("."))
    return bool(long) and ends_well


def cut_short(piece: str) -> bool:
    """Does it end like a name that goes on: in an initial, a particle, or after one word only?"""
    words = piece.split()
    if cjk_name(piece):
        return False
    return (
        len(words) < 2
        or bool(re.fullmatch(r"[A-Z]\.?", words[-1]))
        or _particle(words[-1].lower() if piece.isupper() else words[-1])
    )


def part_of_name(piece: str) -> bool:
    """Could this be a name, or a piece of one that a line's end cut?"""
    words = piece.split()
    if not 1 <= len(words) <= 6 or len(piece) > 60 or NOT_NAMES.search(piece):
        return cjk_name(piece)
    strong = [word for word in words if not _particle(word)]
    return bool(strong) and all(_name_word(word) for word in strong)


def _particle(word: str) -> bool:
    return word.replace("’", "'").replace("‘", "'") in PARTICLES


def ends_in_capitals(name: str) -> bool:
    """ "Jean DUPONT", but also "Fraunhofer IAIS" and "Zalando SE"."""
    first, *rest = name.split()
    last = rest[-1] if rest else ""
    return (
        len(last) > 1 and last.isupper() and last.isalpha() and first[1:2].islower() and last not in ("II", "III", "IV")
    )


def _name_word(word: str) -> bool:
    core = word.strip("()“”‘’\"'.,")
    if not core or not all(sign.isalpha() or sign in "-.'’‘‐‑–`´" for sign in core):
        return False
    if re.match(r"(?:d|l|dell|al|el)['’-][A-Z]", core):
        return True
    return core[0].isupper() and not re.search("[가-힣\u3040-\u9fff]", core)


def cjk_name(piece: str) -> bool:
    solid = piece.replace(" ", "")
    if AFFILIATION_CJK.search(solid) or NOT_NAMES.search(solid):
        return False
    if HANGUL.match(solid):
        return solid[0] in SURNAMES_KO and (len(solid) <= 4)
    if HAN.match(solid):
        return len(solid) <= 5 or " " in piece
    return bool(KANA.match(solid)) and " " in piece
