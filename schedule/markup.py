"""Markdown as HTML for pages, and as plain lines for mail and slides."""

import re
from importlib import import_module

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "hr",
    "a",
    "h3",
    "h4",
    "h5",
    "h6",
}


# cells that a row leaves out are drawn all the same: with the library's 65,536 a text of 20 KB becomes a page of 700 KB
import_module("markdown_it.rules_block.table").MAX_AUTOCOMPLETED_CELLS = 1000  # type: ignore[attr-defined]
# pages have two levels of headings of their own above these
reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")


RULE = re.compile(r"[-*_=|:`~\s]+")  # a line across, under a heading or in a table, or around code


def plain_lines(text: str) -> list[str]:
    """The lines of Markdown without its signs, for a mail or a slide."""
    lines = (line for line in map(str.strip, text.splitlines()) if not RULE.fullmatch(line))
    bare = (re.sub(r"^(?:#{1,6}|[-*+>]|\d+[.)])\s+", "", line) for line in lines)
    return [re.sub(r"\*\*|__|`|~~", "", line) for line in bare if line]


def html(text: str) -> SafeString:
    """Markdown as HTML: no pictures, no HTML of the writer's own, links that tell nothing about the reader."""
    drawn = reader.render(text)
    for level in (4, 3, 2, 1):
        drawn = drawn.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    clean = nh3.clean(drawn, tags=TAGS, attributes={"a": {"href"}}, url_schemes={"http", "https", "mailto"})
    return mark_safe(clean)  # nh3 keeps only what is named here
