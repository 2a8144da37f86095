"""The title: the largest text-like block near the top of the title page; not a masthead, a logo or a running head."""

import re

from papers.extraction.finders.front import Found, Front
from papers.extraction.finders.names import JOINING, full_name, part_of_name, pieces, strange
from papers.extraction.finders.words import ABSTRACT, AFFILIATION, DATED, EMAIL, INTRODUCTION
from papers.extraction.layout import HAN, Line, Page, join

# What stands above titles in larger letters, or beside them: names of journals and series, kinds of article, notes.
MASTHEAD = re.compile(
    r"^(?:the )?(?:international |european |american |british |asian |korean )?(?:journal|transactions|annals|archives|bulletin|"
    r"proceedings|letters|communications|advances|acta|lecture notes|reports|memoirs) (?:of|on|in)\b|contents lists available|"
    r"sciencedirect|journal homepage|issn|\bvol(?:ume|\.)\s*\d|\bno\.\s*\d|ieee transactions|ieee (?:access|journal)|acm transactions|"
    r"^conference paper|published (?:as|in|online|by)|accepted (?:for|to|at|by)|to appear in|under review|"
    r"(?:technical|research|progress) (?:report|memorandum)\b|tech\. rep|working paper|discussion paper|(?:master|ph\.?d\.?|doctoral).{0,3}s? thesis|"
    r"^(?:\w+ )?(?:research |original |review |short |full |regular )?(?:article|paper|communication|letter|report|thesis|editorial)s?$|"
    r"^(?:research|original|review|letter|open access|perspective|survey|preprint)$|open access$|special issue|"
    r"©|copyright (?:\(c\)|\d|by|held)|doi:|arxiv|^\W*\d+\W*$|^page\b|논문집|논문지|학술대회|학술발표|학회지|학위\s*논문|vol\.|学报|学術|論文誌|"
    r"\bpp\.|^downloaded|^received|^submitted|^elsevier|^springer|^ieee$|^acm$|^science china|^frontiers in|^plos |^pnas$|^nature\b.{0,20}$|"
    r"^the (?:\w+ ){0,4}(?:review|reports)$|^(?:\w+ ){1,4}(?:journal|letters|magazine|bulletin|newsletter|quarterly|gazette)$|"
    r"^[A-Z]+[A-Z/-]*\d[\w./-]*\d[\w./-]*$",  # the number of a report
    re.I,
)
NOTE = re.compile(
    r"^\W*(?:(?:an? |this )?(?:extended|expanded|revised|full|long|short|preliminary|draft|working|submitted|technical|invited|demo|"
    r"vision|position|conference|journal|supplement\w*|preprint|version|appendix|dedicated|in memory|to appear|report|lecture notes)\b|\w+ \d{4}\W*$)",
    re.I,
)
MARKS = re.compile(r"[\s*∗†‡§¶⋆★☆♯♠♣✩?]*(?<![\w)”?!’])[*∗†‡§¶⋆★☆♯♠♣✩]+$|(?<=[\w)])[*∗†‡§¶⋆★☆✩]+$")


OPEN_END = re.compile(r"\b(?:of|for|and|the|a|an|in|on|to|with|by|from|via|using|at|or|its|their)$|[,:–—-]$", re.I)
CJK = re.compile("[가-힣\u3040-\u30ff\u3400-\u9fff]")


def title(front: Front) -> Found | None:
    """Lines of the best block, joined, without footnote marks."""
    block = title_block(front)
    if not block:
        return None
    text = MARKS.sub("", joined(block, front.page.text))
    return Found(text, _confidence(front.page, block)) if text else None


def joined(block: list[Line], page: str = "") -> str:
    """The lines as one text; a subtitle in another size follows a colon.

    A hyphen at a line's end stays, unless the page spells the word without it elsewhere.
    """
    out = ""
    for place, line in enumerate(block):
        text = _without_marks(line)
        if not out or (re.search(r"\w[-‐]$", out) and text[:1].isalpha()):
            word = re.escape(_found(r"\w*$", out[:-1]) + _found(r"^\w*", text))
            cut = bool(out) and re.search(rf"\b{word}\b", page, re.I)
            out = (out[:-1] if cut else out) + text
        elif (
            line.size < 0.85 * block[place - 1].size
            and not re.search(r"[:?!.–—-]$", out)
            and not OPEN_END.search(out)
            and not re.match(r"[(\[–—-]", text)
        ):
            out += ": " + text
        elif (HAN.match(out[-1]) and HAN.match(text[:1])) or _one_korean_word(out, text, page):
            out += text
        else:
            out += " " + text
    return out


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    return found[0] if found else ""


def _one_korean_word(above: str, below: str, page: str) -> bool:
    """Korean lines may break inside a word: it is one where the page spells it so elsewhere."""
    word = _found(r"[가-힣]*$", above) + _found(r"^[가-힣]*", below)
    return bool(re.search(r"[가-힣]$", above) and re.match(r"[가-힣]", below)) and word in page


def _without_marks(line: Line) -> str:
    """The line's text without footnote marks: raised signs, and raised digits or letters at its end; exponents stay."""
    words = [word for word in line.words if not (word.raised and not re.search(r"\w", word.text))]
    while words and words[-1].raised:
        words.pop()
    return join(words).strip()


def _confidence(page: Page, block: list[Line]) -> float:
    """Large letters make it sure, and names below; what looks like names, or stops in mid-sentence, leaves doubt."""
    size = block[0].size / page.body_size
    sure = 0.5 + 0.8 * (size - 1) if size > 1 else 0.5
    if _is_followed_by_names(page, block):
        sure = max(sure, 0.65)
    if OPEN_END.search(block[-1].text) or (size < 1.15 and all(map(_names, block))):
        sure = 0.4
    return min(0.98, sure)


def title_block(front: Front) -> list[Line]:
    """The block of lines that is the title; empty when the page has none."""
    return front.once("title", lambda: _best_block(front.page))


def _best_block(page: Page) -> list[Line]:
    blocks = [block for block in _blocks(_candidates(page)) if _text_like(block)]
    best = max(blocks, key=lambda block: _score(page, block), default=[])
    if best and all(map(_names, best)):
        best = _above_names(page, blocks, best)
    return _with_subtitle(page, _without_names(page, best))


def _above_names(page: Page, blocks: list[list[Line]], names: list[Line]) -> list[Line]:
    """Names are the title only if no other text of nearly their size stands above them."""
    above = [
        block
        for block in blocks
        if block[-1].y > names[0].y
        and block[0].size > 0.9 * names[0].size
        and not all(map(_names, block))
        and _score(page, block) > 1.2
        and _is_followed_by_names(page, block)
    ]
    return max(above, key=lambda block: _score(page, block), default=names)


def _without_names(page: Page, block: list[Line]) -> list[Line]:
    """Names set like the title and right below it are not its last lines."""
    keep = len(block)
    while (
        keep > 1
        and not OPEN_END.search(block[keep - 2].text)
        and (NOTE.search(block[keep - 1].text) or DATED.search(block[keep - 1].text))
    ):
        keep -= 1
    while keep > 1 and not OPEN_END.search(block[keep - 2].text) and _names(block[keep - 1]):
        keep -= 1
    if keep == len(block) or any(_begins_with_a_name(line) for line in _right_below(page, block, 6)):
        return block
    return block[:keep]


def _with_subtitle(page: Page, block: list[Line]) -> list[Line]:
    """A line right below, smaller than the title, goes on with it if it is larger than what follows, or names follow."""
    below = _right_below(page, block, 2.3) if block else []
    if not below:
        return block
    line, follow = below[0], [other for other in page.lines if other.y < below[0].y - 3][:1]
    above_names = bool(follow) and line.size > 0.95 * page.body_size and _begins_with_a_name(follow[0])
    larger = line.size > 1.12 * page.body_size and bool(follow) and line.size > 1.05 * follow[0].size
    fits = line.size < 0.92 * block[-1].size and _aligned(block[-1], line) and len(line.text) > 6
    plain = (
        not _begins_with_a_name(line)
        and not _translates(block[-1], line)
        and not strange_place(line.plain)
        and not MASTHEAD.search(line.text)
        and not NOTE.search(line.text)
    )
    return [*block, line] if (larger or above_names) and fits and plain else block


def strange_place(text: str) -> bool:
    return bool(EMAIL.search(text) or AFFILIATION.search(text) or re.search(r"\b(?:19|20)\d\d\b", text))


def _right_below(page: Page, block: list[Line], reach: float) -> list[Line]:
    last = block[-1]
    return [
        line
        for line in page.lines
        if last.y - reach * last.size < line.y < last.y - 0.3 * line.size and line not in block
    ]


def _begins_with_a_name(line: Line) -> bool:
    return any(full_name(piece) for piece in pieces(line)[:2])


def _names(line: Line) -> bool:
    """Nothing but names; the last of several may be cut by the line's end."""
    found = pieces(line)
    whole = found[:-1] if len(found) > 2 and part_of_name(found[-1]) else found
    return bool(found) and all(map(full_name, whole)) and not strange(line.plain)


def _candidates(page: Page) -> list[Line]:
    """Lines above the abstract, in the upper two thirds. On top of the page a heading is a running head."""
    out: list[Line] = []
    for line in page.lines:
        ends = (ABSTRACT.match(line.text) and line.size < 1.6 * page.body_size) or INTRODUCTION.match(line.text)
        if line.y < 0.3 * page.height or (ends and page.lines[0].y - line.y > 2.5 * line.size):
            break
        if not ends:
            out.append(line)
    return out


def _blocks(lines: list[Line]) -> list[list[Line]]:
    """Lines of one size that follow each other closely."""
    blocks: list[list[Line]] = []
    for line in lines:
        for block in reversed(blocks):
            if _continues(block[-1], line):
                block.append(line)
                break
        else:
            blocks.append([line])
    return blocks


def _continues(above: Line, line: Line) -> bool:
    """Same size and weight, close below; further below (typescripts) only if it stands on the same axis."""
    off, step = abs(above.size - line.size) / above.size, (above.y - line.y) / line.size
    capitals = 0.25 if above.text.isupper() and line.text.isupper() else 0.15  # a line all in small capitals
    same = above.bold == line.bold and (off < 0.08 or (off < capitals and step < 1.6 and _in_one_sentence(above, line)))
    overlap = min(above.x1, line.x1) - max(above.x0, line.x0) > 0.3 * min(above.width, line.width)
    return bool(
        same
        and overlap
        and not _translates(above, line)
        and not (line.text.isupper() and not above.text.isupper() and len(line.text.split()) > 2)  # names in capitals
        and line.text.strip().lower() not in JOINING
        and (
            0.3 < step < 1.75
            or (step < 2.6 and _aligned(above, line) and (OPEN_END.search(above.text) or not _names(line)))
        )
    )


def _translates(above: Line, line: Line) -> bool:
    """A line of several Latin words under a Korean, Chinese or Japanese one says the same in another language."""
    return bool(CJK.search(above.text)) and not CJK.search(line.text) and len(line.text.split()) > 2


def _in_one_sentence(above: Line, line: Line) -> bool:
    """Scans guess every line's size anew: an open end, or a small letter, ties lines of nearly the same size."""
    return bool(OPEN_END.search(above.text)) or line.text[:1].islower()


def _aligned(above: Line, line: Line) -> bool:
    return abs(above.center - line.center) < 0.7 * line.size or abs(above.x0 - line.x0) < 2


def _text_like(block: list[Line]) -> bool:
    text = joined(block)
    letters = sum(sign.isalpha() for sign in text)
    return letters >= 4 and letters > 0.5 * len(text.replace(" ", "")) and len(text) <= 400


def _score(page: Page, block: list[Line]) -> float:
    """Size counts most; then names right below, weight, capitals, height on the page; mastheads and mail count against."""
    text = joined(block)
    score = min(block[0].size / page.body_size, 2.4)
    score += 0.2 * block[0].bold + 0.1 * text.isupper() + 0.15 * block[0].y / page.height
    score += 0.45 * _is_followed_by_names(page, block)
    if len(text.split()) < 2 and not re.search(r"[가-힣\u3040-\u9fff]{4}", text):
        score -= 0.4
    if block[0].size < 1.15 * page.body_size:
        score -= 0.6 * bool(re.match(r"[a-z]+[ ,;]", text))  # the middle of a sentence
        score -= 0.5 * (len(text) > 250)  # a paragraph
    if re.match(r"\d(?:\.\d)*\.? +[A-Z]", text):  # a numbered heading
        score -= 0.5
    if MASTHEAD.search(text):
        score -= 1.2
    if _is_journal(page, block, text):
        score -= 1.2
    if AFFILIATION.search(text) and len(text.split()) < 8:
        score -= 0.15
    if EMAIL.search(text) or DATED.search(text):
        score -= 1
    if block[0].y > 0.95 * page.height:
        score -= 0.3
    return score


def _is_followed_by_names(page: Page, block: list[Line]) -> bool:
    """Do names come next, before anything as large?"""
    for line in _right_below(page, block, 7)[:5]:
        if _begins_with_a_name(line):
            return True
        if line.size > 0.95 * block[-1].size and line.text.strip().lower() not in JOINING:
            return False
    return False


def _is_journal(page: Page, block: list[Line], text: str) -> bool:
    """A journal's name stands once more on the page, with volume and year behind it."""
    name = re.escape(text.strip()).replace(r"\ ", r"\s+")
    number = r"\W+.{0,30}(?:vol|(?:19|20)\d\d|\d+\s*[(:–-]\s*\d)"
    return any(line not in block and re.match(rf"\W*{name}{number}", line.text, re.I) for line in page.lines)
