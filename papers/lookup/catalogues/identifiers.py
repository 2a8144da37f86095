"""What people paste: arXiv numbers, DOIs and the addresses of either, with anything around them."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

ARXIV, DOI = "arxiv", "doi"
AT_ONCE = 10
LONGEST = 200

ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs|dg-ga|"
    "econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex|nucl-th|patt-sol|physics|"
    "plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con"
)
MONTH = r"\d{2}(?:0[1-9]|1[0-2])"
NUMBER = rf"(?<![\w.])(?:arxiv[:.\s]\s*)?({MONTH}\.\d{{4,5}})(v\d{{1,3}})?(?![\d]|\.\d)"
OLD = rf"(?<![\w.-])(?:arxiv[:.\s]\s*)?((?:{ARCHIVES})(?:\.[a-z]{{2}})?/{MONTH}\d{{3}})(v\d{{1,3}})?(?!\d)"
PREPRINT = re.compile(rf"{NUMBER}|{OLD}", re.IGNORECASE)
A_DOI = re.compile(r"(https?://\S*?)?(10\.\d{4,9}/(?:(?![\"<>{}|\\^`])[!-~])+)", re.IGNORECASE)
DOI_OF_ARXIV = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
# what publishers hang behind a DOI in an address
HUNG_ON = re.compile(r"(?:/(?:full|abstract|summary|pdf|epdf|meta)|\.pdf)$", re.IGNORECASE)
SUBJECT = re.compile(r"\.[a-z]{2}(?=/)", re.IGNORECASE)
UNSEEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


@dataclass(frozen=True)
class Identifier:
    """`value` without version: 2011.12100, hep-th/9901001 or 10.1109/5.771073; `version` as asked for: "v3" or ""."""

    kind: str
    value: str
    version: str = ""

    def __str__(self) -> str:
        return f"arXiv:{self.value}{self.version}" if self.kind == ARXIV else self.value


def recognise(text: str) -> list[Identifier]:
    """The identifiers in `text`, each once, in order, at most AT_ONCE; empty when there is none."""
    text = UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    text = re.sub(r"%2f", "/", text, flags=re.IGNORECASE)
    found = [(match.start(), _doi(match)) for match in A_DOI.finditer(text)]
    rest = A_DOI.sub(lambda match: " " * len(match[0]), text)
    found += [(match.start(), _preprint(match)) for match in PREPRINT.finditer(rest)]
    found.sort(key=lambda one: one[0])
    first = {(one.kind, one.value.casefold()): one for _place, one in reversed(found) if one}
    ordered = dict.fromkeys((one.kind, one.value.casefold()) for _place, one in found if one)
    return [first[key] for key in ordered][:AT_ONCE]


def _preprint(match: re.Match) -> Identifier:
    new, version, old, old_version = match.groups()
    value = new or SUBJECT.sub("", old).lower()
    return Identifier(ARXIV, value, (version or old_version or "").lower())


def _doi(match: re.Match) -> Identifier | None:
    address, doi = match.groups()
    if address:
        doi = HUNG_ON.sub("", unquote(re.split(r"[?#]", doi)[0]).rstrip("/"))
    doi = _closed(doi)
    if preprint := DOI_OF_ARXIV.fullmatch(doi):
        number = PREPRINT.fullmatch(preprint[1])
        return _preprint(number) if number else None
    suffix = doi.partition("/")[2]
    return Identifier(DOI, doi) if suffix and len(doi) <= LONGEST else None


def _closed(doi: str) -> str:
    """Without the punctuation of the sentence around it: a bracket stays only where the DOI itself opened it."""
    while doi:
        last = doi[-1]
        opened = {")": "(", "]": "["}.get(last)
        if last in ".,;:'’”*" or (opened and doi.count(opened) < doi.count(last)):
            doi = doi[:-1]
        else:
            break
    return doi
