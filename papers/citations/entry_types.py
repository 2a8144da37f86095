"""What citing needs to know beyond the card: the parts of a name, and what kind of thing a paper is.

The rule for names: the last word is the family name, with the small words before it (van der Maaten, de la Cruz) and
without Jr. or III behind it. Names in Hangul, Chinese or Japanese letters, names with a comma, an "and" or digits, and
names of one word are kept whole.
"""

import re
from dataclasses import dataclass

from papers.models import Paper

CONFERENCE, JOURNAL, PREPRINT, OTHER = "conference", "journal", "preprint", "other"
EAST_ASIAN = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3\u3400-\u9fff\u3040-\u30ff]")
WHOLE = re.compile(r",|\band\b|\d", re.IGNORECASE)
SUFFIX = re.compile(r"(?:Jr|Sr)\.?|II|III|IV", re.IGNORECASE)
SMALL = set("van von der den de la le du da dos das del della di ten ter zu zur al el bin ibn af av".split())
CONFERENCES = re.compile(
    r"\b(?:proceedings|proc|conference|conf|workshop|symposium|cvpr|iccv|eccv|wacv|neurips|nips|icml|iclr|acl|emnlp|naacl|"
    r"coling|aaai|ijcai|kdd|sigir|chi|uist|usenix|interspeech|icassp|miccai)\b|학술대회|학술발표",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Name:
    """Either `literal`, or a family name with what stands before and behind it."""

    family: str = ""
    given: str = ""
    suffix: str = ""
    literal: str = ""


def split(name: str) -> Name:
    """A printed name taken apart. A whole one has the same words as `family` and `literal`."""
    words = name.split()
    whole = " ".join(words)
    if len(words) < 2 or EAST_ASIAN.search(name) or WHOLE.search(name):
        return Name(family=whole, literal=whole)
    suffix = words.pop() if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else ""
    first = len(words) - 1
    while first > 1 and words[first - 1] in SMALL:
        first -= 1
    return Name(" ".join(words[first:]), " ".join(words[:first]), suffix)


def kind_of(paper: Paper) -> str:
    """Conference, journal, preprint or other: only what the card says, nothing guessed from the year."""
    if paper.venue and not re.match(r"arxiv\b", paper.venue, re.IGNORECASE):
        return CONFERENCE if CONFERENCES.search(paper.venue) else JOURNAL
    return PREPRINT if paper.arxiv_id else OTHER


def address(paper: Paper) -> str:
    """Where the world finds it."""
    if paper.doi:
        return f"https://doi.org/{paper.doi}"
    return f"https://arxiv.org/abs/{paper.arxiv_id}" if paper.arxiv_id else ""
