"""Is this paper here already? By DOI, arXiv id, title, or a title that is nearly the same."""

import re
import unicodedata
from difflib import SequenceMatcher

from papers.models import Paper

NEAR = 0.93  # of all letters of two titles
NEAR_WORD = 0.75  # of the letters of two words that differ
ARXIV_VERSION = re.compile(r"v\d+$")
TITLE_PART = re.compile(r"[^\W_]+\+*|\+")


def bare_arxiv_id(arxiv_id: str) -> str:
    """'2011.12100v2' -> '2011.12100': versions of one preprint are one paper."""
    return ARXIV_VERSION.sub("", arxiv_id.strip().removeprefix("arXiv:"))


def title_words(title: str) -> list[str]:
    """What counts in a title: its words without case and punctuation; a plus counts (Grad-CAM is not Grad-CAM++)."""
    return TITLE_PART.findall(unicodedata.normalize("NFKC", title).casefold())


def nearly(one: str, other: str) -> bool:
    """Two titles that differ at most by slips of the pen: no number, plus sign or whole word more or less."""
    ours, theirs = title_words(one), title_words(other)
    if "".join(ours) == "".join(theirs):
        return True
    matcher = SequenceMatcher(None, "".join(ours), "".join(theirs), autojunk=False)
    if matcher.real_quick_ratio() < NEAR or matcher.quick_ratio() < NEAR or matcher.ratio() < NEAR:
        return False
    changes = [op for op in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes() if op[0] != "equal"]
    return all(_slip("".join(ours[a:b]), "".join(theirs[c:d])) for _, a, b, c, d in changes)


def _slip(ours: str, theirs: str) -> bool:
    """A misspelling of a long enough word: the same digits and signs, most of the same letters."""
    if min(len(ours), len(theirs)) < 4 or re.findall(r"[\d+]", ours) != re.findall(r"[\d+]", theirs):
        return False
    return SequenceMatcher(None, ours, theirs, autojunk=False).ratio() >= NEAR_WORD


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
