"""Text from outside on one line, without letters that nobody sees. Plain Python."""

import re
import unicodedata

# what may not stand in a name anywhere: controls, lone surrogates, zero-width and bidirectional marks
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff]")


def clean_text(text: str, length: int) -> str:
    """One line in NFC without unseen letters, cut to `length`."""
    line = " ".join(unicodedata.normalize("NFC", str(text)).split())
    return UNSEEN.sub("", line)[:length].strip()
