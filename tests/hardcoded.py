"""Words that a reader would see untranslated: literal text in templates, in Python where people are spoken to, in JavaScript."""

import ast
import re
from html.parser import HTMLParser

SPOKEN = {"title", "aria-label", "aria-description", "placeholder", "alt", "label"}
SILENT = {"script", "style", "code", "kbd"}
LETTERS = re.compile(r"[^\W\d_]{2,}")
# names, and words that are the same in every language
SAME = re.compile(
    r"\b(?:arXiv|Crossref|OpenAlex|DOI|PDFs?|BibTeX|RIS|CSL|JSON|CSV|iCalendar|ics|zip|Google|Apple|Outlook|한국어|English|https?|www|px|min)\b",
    re.IGNORECASE,
)

# a comment; a translated passage; the class of a page
BLOCKS = re.compile(
    r"\{%\s*block main_class\s*%\}.*?\{%\s*endblock\s*%\}|\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|\{%\s*blocktrans.*?endblocktrans(?:late)?\s*%\}",
    re.DOTALL,
)
TAGS = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)

# Python: whose first argument a person reads, whose second, and which keywords
TOLD = {"ValidationError", "NotPossible", "Refused", "NotABibFile"}
FLASHED = {"success", "error", "info", "warning"}
KEYWORDS = {"label", "verbose_name", "verbose_name_plural", "empty_label", "error_message"}

# JavaScript: what puts text before people
JS_SPOKEN = re.compile(
    r"""(?:textContent|innerText|title|placeholder|ariaLabel)\s*=\s*(["'`])(?P<a>(?:(?!\1).)*)\1"""
    r"""|(?:alert|confirm|prompt)\(\s*(["'`])(?P<b>(?:(?!\3).)*)\3"""
    r"""|setAttribute\(\s*["'](?:title|aria-label|alt|placeholder)["']\s*,\s*(["'`])(?P<c>(?:(?!\5).)*)\5"""
)


def said(text: str) -> bool:
    """Would somebody read a word here?"""
    return bool(LETTERS.search(SAME.sub("", re.sub(r"&\w+;", "", text))))


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        self.silent += tag in SILENT
        self.found += [f"{name}={value}" for name, value in attrs if name in SPOKEN and value and said(value)]

    def handle_endtag(self, tag):
        self.silent -= tag in SILENT and self.silent > 0

    def handle_data(self, data):
        if not self.silent and said(data):
            self.found.append(" ".join(data.split()))


def in_template(source: str, *, plain: bool = False) -> list[str]:
    """Literal words of a template: its text, and the attributes that are read out or shown."""
    source = TAGS.sub(" ", BLOCKS.sub(" ", source))
    if plain:
        return [line.strip() for line in source.splitlines() if said(line)]
    page = _Page()
    page.feed(source)
    page.close()
    return page.found


def in_python(source: str, *, form: bool = False) -> list[str]:
    """Literal strings given to what speaks to people, without gettext around them. A model's help_text is a note for us."""
    found, keywords = [], KEYWORDS | ({"help_text"} if form else set())
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        on = getattr(getattr(node.func, "value", None), "id", "")
        spoken = [keyword.value for keyword in node.keywords if keyword.arg in keywords]
        if name in TOLD:
            spoken += node.args[:1]
        if name in FLASHED and on == "messages":
            spoken += node.args[1:2]
        found += [one for value in spoken for one in _literal(value) if said(one) and " " in one.strip()]
    return found


def _literal(node) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return [part.value for part in node.values if isinstance(part, ast.Constant)]
    return []


def in_javascript(source: str) -> list[str]:
    source = re.sub(r"/\*.*?\*/|^\s*//.*?$", "", source, flags=re.DOTALL | re.MULTILINE)
    texts = [m["a"] or m["b"] or m["c"] or "" for m in JS_SPOKEN.finditer(source)]
    return [text for text in texts if said(re.sub(r"\$\{.*?\}", "", text))]
