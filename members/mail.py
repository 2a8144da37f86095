"""Build a mail: text and HTML, headers that cannot be broken, a name it keeps when sent twice."""

import json
import re
from email.generator import BytesGenerator
from email.policy import Compat32
from functools import lru_cache
from hashlib import sha256
from html import escape
from io import BytesIO
from urllib.parse import urlparse

import css_inline
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import get_language

from members.templatetags.formatting import MONTHS_EN, WEEKDAYS_EN

# dark mode lives in @media, which mail programs read from <style>
_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
_TOGETHER = re.compile(
    rf" (?=· )|(?<=\d월) (?=\d+일)|(?<=\d) (?={'|'.join(MONTHS_EN)})|(?<={'|'.join(WEEKDAYS_EN)}) (?=\d)"
)
ONE_CLICK = {"List-Unsubscribe": "One-Click"}  # what a mail program posts by itself (RFC 8058)
_SLOT = re.compile("\ue000([0-9]+)\ue001")  # signs that mean nothing in any script


def compose(*, to: str, subject: str, text: str, html: str, message_id: str, headers: dict | None = None):
    """The message; `html` as page() or inlined() made it."""
    headers = {name: one_line(value) for name, value in (headers or {}).items()}
    message = EmailMultiAlternatives(
        one_line(subject), text, to=[one_line(to)], headers=headers | {"Message-ID": message_id}
    )
    message.attach_alternative(html, "text/html")
    return message


def inlined(html: str) -> str:
    """The rules of its <style> written on the elements: many mail programs forget the former."""
    return _inliner.inline(html)


# ── many mails of one shape ──────────────────────────────────────────────────────────────────────
def page(template: str, context: dict) -> str:
    """`template` with `context`, which holds nothing but dicts, lists and plain values; styles inlined.

    Mails of one kind differ in their words only. What is left without the words, the skeleton, is rendered and inlined
    once for each shape and language; then every word is put, escaped, into its slot.
    """
    return _filled(template, context, _spelled)


def _spelled(word):
    """Escaped; a dot between two things begins no line, and a day stays with its month."""
    return _TOGETHER.sub("\u00a0", escape(word))


def plain(template: str, context: dict) -> str:
    """The same for a text."""
    return _filled(template, context, str)


def _filled(template, context, spell):
    words: list[str] = []
    shape = json.dumps(_take_words(context, words))
    skeleton = list(_skeleton(template, shape, get_language()))
    for place in range(1, len(skeleton), 2):
        skeleton[place] = spell(words[skeleton[place]])
    return "".join(skeleton)


def _take_words(node, words):
    """`node` with a numbered slot in place of every text that is not empty; the texts are added to `words`."""
    if isinstance(node, dict):
        return {name: _take_words(value, words) for name, value in node.items()}
    if isinstance(node, list):
        return [_take_words(value, words) for value in node]
    if isinstance(node, str) and node:
        words.append(node)
        return f"\ue000{len(words) - 1}\ue001"
    return node


@lru_cache(maxsize=512)
def _skeleton(template, shape, _language):
    """(what stands, number of a word, what stands, …)."""
    rendered = render_to_string(template, json.loads(shape))
    parts = _SLOT.split(inlined(rendered) if template.endswith(".html") else rendered)
    return tuple(int(part) if place % 2 else part for place, part in enumerate(parts))


# ── on the wire ──────────────────────────────────────────────────────────────────────────────────
def as_sent(message: EmailMessage) -> bytes:
    """The lines that a mail server gets, final dot and all: byte for byte the same at every try."""
    written, mime = BytesIO(), message.message()
    name = sha256(mime["Message-ID"].encode()).hexdigest()[:24]
    for nth, part in enumerate(part for part in mime.walk() if part.is_multipart()):
        part.set_boundary(f"=_{nth}_{name}")
    _Writer(written, mangle_from_=False, policy=_AsGiven()).flatten(mime, linesep="\r\n")
    return written.getvalue().replace(b"\r\n.", b"\r\n..").rstrip(b"\r\n") + b"\r\n.\r\n"


class _AsGiven(Compat32):
    """Headers come encoded, and folded where an encoded word asks for it; to look at each once more costs a third of the writing."""

    def fold_binary(self, name, value):
        return f"{name}: {value}\n".replace("\n", self.linesep).encode("ascii", "surrogateescape")


class _Writer(BytesGenerator):
    """Pictures come encoded, and notification after notification carries the same: they are written as a block, not by lines."""

    def _handle_image(self, part):
        self.write(part.get_payload().replace("\n", "\r\n"))


# ── headers and addresses ────────────────────────────────────────────────────────────────────────
def one_line(text: object) -> str:
    """Without line breaks, NUL and other controls: else a name could add headers of its own, or stop the notification."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", str(text)).split())


def one_click(address: str) -> dict[str, str]:
    """The headers by which a mail program itself stops such mail."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def message_id(*parts) -> str:
    """'<invitation.3.ab12@study.example.org>': the same parts name the same mail for ever."""
    host = urlparse(settings.SITE_URL).hostname or "localhost"
    return f"<{'.'.join(str(part) for part in parts)}@{host}>"


def absolute(path: str) -> str:
    """A page's address for a mail."""
    return settings.SITE_URL + path
