"""Numbers as they come in from outside: in the fields of forms and in addresses."""

LONGEST = 9  # digits: every database takes such a number as a key


def whole(text: str | None) -> int | None:
    """Return the whole number that stands in `text`; None where it holds anything else, or too many digits."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= LONGEST else None
