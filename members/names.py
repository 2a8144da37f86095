"""Names of people, groups and clubs: what may stand in one, and how a mail to a stranger writes it.

Whoever invites chooses words that reach people who never asked for them. So a name holds nothing that a mail program
turns into a link by itself: no web address, mail address or telephone number.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGEST = 80
DOT = "[.\u3002]"  # NFKC makes the other forms of a dot one of these
ADDRESS = re.compile(
    rf"""://
    | [\w-]{{2,}} {DOT} [^\W\d_]{{2}}         # evil.example; J.Tolkien has initials before its dot
    | \w {DOT} [a-z]{{2}}                     # t.co
    | {DOT} [^\W\d_]{{2,}} [/:?\#]            # T.CO/pay
    | \d+ (?: {DOT} \d+ ){{3}}                # 192.0.2.1
    """,
    re.VERBOSE,
)
BETWEEN = r"[\s().+\-/_\u00b7\u2010-\u2015]"
# nine digits and more; and the eight of Korean service numbers, 1588-1234
TELEPHONE = re.compile(rf"(?:\d{BETWEEN}{{0,3}}){{9}}|(?<!\d)1[568]\d\d{BETWEEN}{{0,3}}\d{{4}}(?!\d)")
DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?:[.\-/]\d{1,2}){0,2}(?!\d)")  # 2026, 2026.03: no part of a number
HEADER = re.compile(r"\b(?:to|cc|bcc|from|sender|subject|reply-to|mime-version|content-[a-z-]+|mailto|tel)\s*:", re.I)
FILLERS = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")  # letters that are not seen
# signs that change the look of the one before, or nothing at all: an emoji may keep them, an address does not hide behind them
SELECTORS = re.compile("[\u034f\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
BEFORE_A_LETTER = re.compile(r"([.\u2024\u3002\ufe52\uff0e\uff61])(?=[^\W\d_])")


def clean(text: str) -> str:
    """Return the name on one line, in NFC: spaces around it and line breaks are gone."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def check_seen(words: str) -> None:
    """Raise ValidationError if some of these words are not seen: control signs, marks of direction, empty letters."""
    if not words.isprintable() or FILLERS.search(words):
        raise ValidationError(_("Please write this without invisible or special signs."), "unseen")


def check_name(name: str) -> None:
    """Raise ValidationError, with the way out, if a name holds an address, a mail header or unseen signs."""
    check_seen(name)
    plain = unicodedata.normalize("NFKC", SELECTORS.sub("", name))
    if ADDRESS.search(plain) or TELEPHONE.search(DATE.sub("", plain)):
        raise ValidationError(
            _(
                "A name, please, without a web address, e-mail address or telephone number. Put a space after a full stop."
            ),
            "address",
        )
    if HEADER.search(plain):
        raise ValidationError(_("A name, please, without a colon after its first word."), "header")


def without_links(name: object) -> str:
    """Return the name with a space after each dot before a letter, and inside “://”: no mail program links it then.

    Names are checked when they come in; this is for those that were here before, and for initials: J.Tolkien.
    """
    return BEFORE_A_LETTER.sub(r"\1 ", clean(str(name)).replace("://", ": //"))


class NameField(models.CharField):
    """A column that holds a name."""

    default_validators = [check_name]

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", LONGEST)
        super().__init__(*args, **kwargs)
