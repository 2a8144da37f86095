"""A mail as it leaves the house: text and HTML, headers that cannot be broken, a name it keeps when sent twice."""

import re
from urllib.parse import urlparse

import css_inline
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

# dark mode lives in @media, which mail programs read from <style>
_inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def compose(*, to: str, subject: str, text: str, html: str, message_id: str, headers: dict | None = None):
    """`html` carries its style in one <style>; it leaves with the rules written on the elements."""
    headers = {name: one_line(value) for name, value in (headers or {}).items()}
    message = EmailMultiAlternatives(
        one_line(subject), text, to=[one_line(to)], headers=headers | {"Message-ID": message_id}
    )
    message.attach_alternative(_inliner.inline(html), "text/html")
    return message


def one_line(text: str) -> str:
    """Without line breaks, NUL and other controls: else a name could add headers of its own, or stop the letter."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", str(text)).split())


def message_id(*parts) -> str:
    """'<invitation.3.ab12@study.example.org>': the same parts name the same mail for ever."""
    host = urlparse(settings.SITE_URL).hostname or "localhost"
    return f"<{'.'.join(str(part) for part in parts)}@{host}>"


def absolute(path: str) -> str:
    """A page's address for a mail."""
    return settings.SITE_URL + path
