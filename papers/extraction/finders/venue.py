"""Where it appeared, as the title page's head, foot or small print says: a meeting or a journal, without volume and year."""

import re

from papers.extraction.finders.front import Found, Front
from papers.extraction.finders.year import places

YEAR = r"(?:19|20)\d\d"
MEETING = r"(?:conference|symposium|workshop|congress|meeting)"
RULES = (
    # "Published as a conference paper at ICLR 2022"
    (
        re.compile(
            rf"published (?:as an? .{{0,20}}?paper (?:at|in)|in(?: the)?)\s+(?P<name>[^,.;(\d]{{3,90}}?)\s*(?:\(|{YEAR}|\d|,|$)",
            re.I,
        ),
        0.9,
    ),
    # "Proceedings of the 58th Annual Meeting of the …, pages 4969–4983"
    (re.compile(r"(?P<name>proceedings of (?:the )?[^,.;:(]{8,140})", re.I), 0.85),
    # "33rd Conference on Neural Information Processing Systems (NeurIPS 2019)"
    (
        re.compile(
            rf"(?P<name>\d+(?:st|nd|rd|th)\s(?:[A-Z][\w/&-]*\s)*?(?i:{MEETING})(?:\s(?:on|of|for|in|and|the|[A-Z][\w&/-]*))*)"
        ),
        0.8,
    ),
    # "Journal of Group Studies 61 (2017) 101–119"; "Group Sci (2011) 23:361"
    (re.compile(rf"^\W*(?P<name>[A-Z][^\d()]{{3,90}}?),?\s+(?:\d+(?:\(\d+\))?\s*)?\({YEAR}\)"), 0.85),
    # "IEEE TRANSACTIONS ON GROUP SYSTEMS, VOL. 12, NO. 3"; "Acta Lectorum, Volume 30, Number 2"
    (re.compile(r"^\W*(?P<name>[A-Z][^\d()|]{3,90}?)[,.]?\s+vol(?:ume|\.)\s*\d", re.I), 0.85),
    # "독서학회논문지 제45권 제3호", "2021년 한국독서공학회 학술발표논문집"
    (
        re.compile(
            r"(?P<name>[가-힣 ]{0,20}학회\s?논문지)|(?:\d{4}\s*년?도?\s*)(?P<other>[가-힣 ]{2,30}(?:학술\S*|논문집))"
        ),
        0.8,
    ),
)
PUBLISHER = re.compile(r"publishing$|press$|^elsevier|^springer|^science ?direct", re.I)
EMPTY = re.compile(r"^(?:the|in|a|an|pages?|vol\.?|this|we)?$", re.I)


def venue(front: Front) -> Found | None:
    texts = places(front)
    for rule, sure in RULES:
        for text in texts:
            match = rule.search(text)
            name = _tidy(next((group for group in match.groupdict().values() if group), "")) if match else ""
            if name and not EMPTY.match(name):
                return Found(name, sure)
    return None


def _tidy(name: str) -> str:
    name = re.sub(r"^(?:appear(?:s|ed)|published|presented) (?:in|at)(?: the)? ", "", name.strip(), flags=re.I)
    name = re.sub(rf"(?:\s+(?:in|since|as|and|of))?[\s,:–—-]*(?:{YEAR})?\s*$", "", name)
    return "" if PUBLISHER.search(name) else name.strip(" ,.;:-–—|")
