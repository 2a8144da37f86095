"""Is this paper here already? By DOI, arXiv id, title, or a title that is nearly the same."""

import re
import unicodedata
from difflib import SequenceMatcher
from os.path import commonprefix
from typing import Any

from papers.models import Paper

NEAR = 0.93  # of all letters of two titles
NEAR_WORD = 0.75  # of the letters of two words that differ
LONGEST, MOST_WORDS = 120, 30  # letters and words between the first difference of two titles and the last
MOST_EDITS = 24  # letters left out or put in: more are no slips
ARXIV_VERSION = re.compile(r"v\d+$")
TITLE_PART = re.compile(r"[^\W_]+\+*|\+")


def bare_arxiv_id(arxiv_id: str) -> str:
    """'2011.12100v2' -> '2011.12100': versions of one preprint are one paper."""
    return ARXIV_VERSION.sub("", arxiv_id.strip().removeprefix("arXiv:"))


def title_words(title: str) -> list[str]:
    """What counts in a title: its words without case and punctuation; a plus counts (Grad-CAM is not Grad-CAM++)."""
    return TITLE_PART.findall(unicodedata.normalize("NFKC", title).casefold())


def nearly(one: str, other: str) -> bool:
    """Two titles that differ at most by slips of the pen: no number, plus sign or whole word more or less.

    Slips stand near to each other: what lies between the first difference and the last is at most LONGEST letters. So any two
    titles are compared in a millisecond, whatever somebody made of them.
    """
    ours, theirs = title_words(one), title_words(other)
    letters, others = "".join(ours), "".join(theirs)
    if letters == others:
        return True
    if not _differ_by(letters, others, int((1 - NEAR) * (len(letters) + len(others)))):
        return False
    ours, theirs = _between(ours, theirs)
    if max(len(ours), len(theirs)) > MOST_WORDS:
        return False
    changes = [op for op in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes() if op[0] != "equal"]
    return all(_slip("".join(ours[a:b]), "".join(theirs[c:d])) for _, a, b, c, d in changes)


def _slip(ours: str, theirs: str) -> bool:
    """A misspelling of a long enough word: the same digits and signs, most of the same letters."""
    if min(len(ours), len(theirs)) < 4 or re.findall(r"[\d+]", ours) != re.findall(r"[\d+]", theirs):
        return False
    return _differ_by(ours, theirs, int((1 - NEAR_WORD) * (len(ours) + len(theirs))))


def _differ_by(one: str, other: str, most: int) -> bool:
    """Return whether so many letters, left out or put in, make one of the other: Myers, An O(ND) Difference Algorithm, 1986."""
    one, other = _between(one, other)
    if abs(len(one) - len(other)) > most or max(len(one), len(other)) > LONGEST:
        return False
    furthest = {1: 0}  # how far one gets in `one` on each diagonal
    for edits in range(min(most, MOST_EDITS) + 1):
        for diagonal in range(-edits, edits + 1, 2):
            down = diagonal == -edits or (diagonal != edits and furthest[diagonal - 1] < furthest[diagonal + 1])
            x = furthest[diagonal + 1] if down else furthest[diagonal - 1] + 1
            while x < len(one) and x - diagonal < len(other) and one[x] == other[x - diagonal]:
                x += 1
            furthest[diagonal] = x
            if x >= len(one) and x - diagonal >= len(other):
                return True
    return False


def _between(one: Any, other: Any) -> tuple[Any, Any]:
    """Return what stands between what both begin with and what both end with: of two texts, or of two lists."""
    start = len(commonprefix([one, other]))
    one, other = one[start:], other[start:]
    end = len(commonprefix([one[::-1], other[::-1]]))
    return one[: len(one) - end], other[: len(other) - end]


def same_paper(paper: Paper) -> Paper | None:
    """The paper on the group's shelf that `paper` seems to repeat; not one that somebody has said is another."""
    others = Paper.objects.kept().filter(group=paper.group_id).exclude(pk=paper.pk)
    if paper.pk:
        others = others.exclude(pk__in=paper.kept_apart.values("pk"))
    others = others.order_by("added_at", "pk")
    if paper.doi and (found := others.filter(doi__iexact=paper.doi).first()):
        return found
    if paper.arxiv_id and (found := others.filter(arxiv_id__iexact=bare_arxiv_id(paper.arxiv_id)).first()):
        return found
    wanted = "".join(title_words(paper.title))
    if not wanted:
        return None
    for pk, title, arxiv_id in others.values_list("pk", "title", "arxiv_id"):
        if abs(len(title) - len(paper.title)) > 40 or (arxiv_id and paper.arxiv_id):
            continue
        if nearly(paper.title, title):
            return others.get(pk=pk)
    return None
