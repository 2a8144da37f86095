"""The front of a paper, as the finders see it: which page speaks for the paper, and where its parts begin."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from papers.extraction.layout import LazyPages, Page


class Found(NamedTuple):
    """What a finder answers: the value, how sure it is (0 … 1), and where it stood."""

    value: Any
    confidence: float
    source: str = "page"


@dataclass
class Front:
    """The pages read so far, the first one first, and what the file says about itself."""

    pages: Sequence[Page] | LazyPages
    info: dict[str, str] = field(default_factory=dict)
    known: dict = field(default_factory=dict, repr=False)

    def once(self, name: str, work: Callable[[], Any]) -> Any:
        """What `work` finds, worked out the first time only."""
        if name not in self.known:
            self.known[name] = work()
        return self.known[name]

    @cached_property
    def page(self) -> Page:
        """The page that bears the title: the first that is not a cover by a library, repository or publisher."""
        for page in self.pages:
            if page.lines and not is_cover(page):
                return page
        return self.pages[0]

    @cached_property
    def is_title_page(self) -> bool:
        """Has the title a page to itself, as in theses and reports?"""
        return sum(len(line.text) for line in self.page.lines) < 1500 and not BODY_WORD.search(self.page.text)

    @property
    def after(self) -> Iterator[Page]:
        """The pages that follow the title page."""
        return (self.pages[number] for number in range(self.page.number + 1, len(self.pages)))

    @cached_property
    def covers(self) -> list[Page]:
        return [self.pages[number] for number in range(self.page.number)]


# What covers say, and hardly a title page says
COVER = re.compile(
    r"see discussions, stats|author profiles for this publication|this (?:pdf|article|paper) (?:was|is) (?:downloaded|"
    r"included|accepted)|this content downloaded|terms (?:and conditions|& conditions)? ?of use|"
    r"your use of the jstor|stable url|core provided|hal is a multi|archive ouverte|to cite this (?:version|"
    r"article|paper)|cite this (?:article|paper)|citation for published version|publisher.s (?:pdf|version)|"
    r"this is (?:an|the) (?:electronic reprint|author|accepted|open access|post-?print|peer)|"
    r"the user has requested enhancement|deposited (?:in|at|by)|this paper is included in the proceedings|"
    r"open access to the proceedings|full terms (?:&|and) conditions|view (?:crossmark|related articles|citing)|"
    r"submit your article|article views|general rights|take down policy|copyright and moral rights|"
    r"document version|link to (?:published|publication)|research online|permalink|previously published works|peer reviewed$|"
    r"powered by|item type|publication date|recommended citation|follow this and additional works",
    re.I | re.M,
)
# What covers say, and title pages say as well
ALSO_COVER = re.compile(
    r"downloaded (?:from|by|on)|provided by|repository|published (?:in|version)|eprints?\b|all rights reserved|preprint|"
    r"(?:paper|article|pdf) (?:was|is) available",
    re.I,
)
BODY_WORD = re.compile(r"^\W*(?:(?:1|I|Ⅰ)?[.\s]*introduction|keywords?|index terms)\b", re.I | re.M)


def is_cover(page: Page) -> bool:
    """A cover says several things that only covers say, and neither an abstract nor an introduction follows there."""
    text = page.text
    signs = {match[0].lower() for match in COVER.finditer(text)}
    weak = {match[0].lower() for match in ALSO_COVER.finditer(text)}
    if not signs or len(signs) + len(weak) < 2 or BODY_WORD.search(text):
        return False
    letters = sum(len(line.text) for line in page.lines)
    return letters < 2500 or len(signs) >= 4
