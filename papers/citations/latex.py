r"""LaTeX's way to write letters, there and back: 'G{\"o}del \& Co' is 'Gödel & Co'. Plain text in, plain text out."""

import re
import unicodedata

SPECIAL = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "{": r"\textbraceleft{}", "}": r"\textbraceright{}",  # BibTeX counts braces, also behind a backslash
}  # fmt: skip
# two signs that LaTeX would print as one other
LIGATURES = re.compile(r"(?<=-)-|(?<=')'|(?<=`)`|(?<=[?!])`")
ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307",
    '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328",
    "b": "\u0331",
}  # fmt: skip
WORDS = {
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textbraceleft": "{", "textbraceright": "}",
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł",
    "i": "i", "j": "j", "th": "þ", "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
    "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…", "textellipsis": "…", "infty": "∞", "times": "×",
    "textquoteright": "’", "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”", "textregistered": "®",
    "textunderscore": "_", "textdollar": "$", "textperiodcentered": "·", "pm": "±", "to": "→", "rightarrow": "→",
}  # fmt: skip
SIGNS = {"---": "—", "--": "–", "``": "“", "''": "”", "~": " ", "{": "", "}": "", "$": ""}
# words that say how letters look, not which
LOOKS = re.compile(
    r"emph|em|it|bf|sc|sl|rm|tt|sf|small|large|bfseries|itshape|mbox|hbox|url|text\w*|math\w*|uppercase|lowercase|left|"
    r"right|protect|relax|noopsort|nocase|ensuremath|displaystyle"
)
TOKEN = re.compile(
    r"""\\(?P<accent>[`'^"~=.]\s*|[uvHdckrb](?:\s+|(?=\s*\{)))(?:\{\s*\\?(?P<held>[^\W\d_]?)\s*\}|\\?(?P<bare>[^\W\d_]))"""
    r"|\\(?P<word>[A-Za-z]+)(?:\s*\{\}|\s+|(?=\W|\d|_|$)|)|\\(?P<escaped>.)|---?|``|''|[{}$~]",
    re.DOTALL,
)


def escape(text: str) -> str:
    """The text as LaTeX prints it letter by letter; letters beyond ASCII stay as they are."""
    apart = LIGATURES.sub("\0\\g<0>", text.replace("\0", ""))
    return "".join(SPECIAL.get(letter, letter) for letter in apart).replace("\0", "{}")


def plain(value: str) -> str:
    """What LaTeX would print: accents as letters, no braces, single spaces. A command it does not know leaves its name."""
    return " ".join(TOKEN.sub(_letters, value).split())


def _letters(found: re.Match) -> str:
    if accent := found["accent"]:
        base = found["held"] if found["held"] is not None else found["bare"]
        return unicodedata.normalize("NFC", base + ACCENTS[accent.strip()]) if base else ""
    if word := found["word"]:
        return WORDS.get(word) or _greek(word) or ("" if LOOKS.fullmatch(word) else word)
    if escaped := found["escaped"]:
        return {"-": "", "/": "", ",": " ", ";": " ", ":": " ", "!": "", "(": "", ")": ""}.get(escaped, escaped)
    return SIGNS[found[0]]


def _greek(word: str) -> str:
    try:
        return unicodedata.lookup(f"GREEK {'CAPITAL' if word[0].isupper() else 'SMALL'} LETTER {word.upper()}")
    except KeyError:
        return ""
