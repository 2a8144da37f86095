"""The title: the largest text-like block near the top of the title page; not a masthead, a logo or a running head."""

import re

from papers.extraction.finders.front import Found, Front
from papers.extraction.finders.words import ABSTRACT, AFFILIATION, EMAIL, INTRODUCTION
from papers.extraction.layout import Line, Page

MASTHEAD = re.compile(
    r"contents lists available|sciencedirect|journal homepage|www\.|https?:|issn|\bvol(?:ume)?\b\.?\s*\d|\bno\.\s*\d|"
    r"^proceedings of|^journal of|transactions on|^international journal|conference paper|published (?:as|in|online|by)|"
    r"accepted (?:for|to|at|by)|to appear|under review|preprint|technical report|tech\. rep|working paper|"
    r"research article|original (?:article|paper|research)|review article|letter to|open access|special issue|"
    r"©|copyright|doi:|arxiv|pages? \d|^\d+$|^page\b|논문집|논문지|학술대회|학술발표|학회지|학위논문|vol\.|"
    r"^article$|^research$|^paper$|^report$|^thesis$|^letter$|^original$|^review$|rapport|workshop on|symposium on|"
    r"\bpp\.|downloaded|received|submitted|^\W*\w+ \d{4}\W*$|^elsevier|^springer|^ieee\b|^acm\b",
    re.I,
)
MARKS = re.compile(r"[\s*∗†‡§¶⋆★☆♯♠♣]+$")


def title(front: Front) -> Found | None:
    """Lines of the best block, joined, without footnote marks."""
    block = title_block(front)
    if not block:
        return None
    text = MARKS.sub("", joined(block))
    return Found(text, _confidence(front.page, block)) if text else None


def joined(block: list[Line]) -> str:
    """The lines as one text; a word broken by a hyphen at a line's end keeps its hyphen."""
    out = ""
    for line in block:
        text = line.plain.strip()
        out += text if not out or re.search(r"[\w]-$", out) and text[:1].islower() else " " + text
    return out


def _confidence(page: Page, block: list[Line]) -> float:
    size = block[0].size / page.body_size
    return min(0.98, 0.5 + 0.8 * (size - 1)) if size > 1 else 0.5


def title_block(front: Front) -> list[Line]:
    """The block of lines that is the title; empty when the page has none."""
    return front.once("title", lambda: _best_block(front.page))


def _best_block(page: Page) -> list[Line]:
    blocks = [block for block in _blocks(_candidates(page)) if _text_like(block)]
    return max(blocks, key=lambda block: _score(page, block), default=[])


def _candidates(page: Page) -> list[Line]:
    """Lines above the abstract, in the upper two thirds."""
    out = []
    for line in page.lines:
        if line.y < 0.3 * page.height or (ABSTRACT.match(line.text) and line.size < 1.6 * page.body_size):
            break
        if INTRODUCTION.match(line.text):
            break
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
    same_size = abs(above.size - line.size) < 0.08 * above.size
    close = 0.3 * line.size < above.y - line.y < 1.75 * line.size
    overlap = min(above.x1, line.x1) - max(above.x0, line.x0) > 0.3 * min(above.width, line.width)
    return same_size and close and overlap and above.bold == line.bold


def _text_like(block: list[Line]) -> bool:
    text = joined(block)
    letters = sum(sign.isalpha() for sign in text)
    return letters >= 4 and letters > 0.5 * len(text.replace(" ", "")) and len(text) <= 400


def _score(page: Page, block: list[Line]) -> float:
    text = joined(block)
    score = block[0].size / page.body_size
    score += 0.2 * block[0].bold + 0.1 * text.isupper()
    score += 0.15 * block[0].y / page.height
    if len(text.split()) < 2 and not re.search(r"[가-힣\u3040-\u9fff]{4}", text):
        score -= 0.4
    if MASTHEAD.search(text):
        score -= 0.8
    if AFFILIATION.search(text) and len(text.split()) < 8:
        score -= 0.15
    if EMAIL.search(text):
        score -= 1
    if block[0].y > 0.95 * page.height:
        score -= 0.3
    return score
