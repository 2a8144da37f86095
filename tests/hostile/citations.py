"""Files that end in .bib and take a parser very long, or very much memory."""

import random
from collections.abc import Callable

FULL = 5 * 1024 * 1024  # bytes; more is not even looked at


def filled(piece: str, before: str = "", behind: str = "") -> bytes:
    """As many times the piece as there is room."""
    room = FULL - len((before + behind).encode())
    return (before + piece * (room // len(piece.encode())) + behind).encode()


def entries(text: str, count: int) -> bytes:
    return "".join(text.replace("#", str(number)) for number in range(count)).encode()[:FULL]


def growing_strings() -> bytes:
    lines = "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, 60))
    return f'@string{{a0 = "ha"}}\n{lines}@misc{{k, title = a59}}'.encode()


def inherited() -> bytes:
    parent = f"@proceedings{{par, abstract={{{'Long. ' * 2000}}}, author={{{'A B and ' * 2000}C D}}}}\n"
    return parent.encode() + entries("@inproceedings{k#, title={T#}, crossref={par}}\n", 4900)


def letters(seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(FULL)


KOREAN = "@article{k#, title={한국어로 쓴 논문 #}, author={김민규 and 이하윤}, abstract={" + "초록의 글. " * 28 + "}}\n"

FILES: dict[str, Callable[[], bytes]] = {
    "5 MB of entries that begin": lambda: filled("@a{"),
    "5 MB of entries that begin, a line each": lambda: filled("@a{b,\n"),
    "5 MB of braces": lambda: filled("{", "@misc{a, title={"),
    "braces in one another": lambda: b"@misc{a, title=" + b"{" * 2_600_000 + b"}" * 2_600_000 + b"}",
    "strings that double": growing_strings,
    "a million entries without fields": lambda: filled("@a{}\n"),
    "hundreds of thousands of entries": lambda: filled("@a{b,c=1}\n"),
    "entries of one key": lambda: filled("@misc{k, title={T}}\n"),
    "one entry of half a million fields": lambda: filled("a={b},", "@misc{k, ", "}"),
    "one field of 5 MB": lambda: filled("a", "@misc{k, title={", "}}"),
    "5 MB of signs that begin": lambda: filled("@"),
    "5 MB of backslashes": lambda: filled("\\", "@misc{k, title={", "}}"),
    "accents with nothing under them": lambda: filled(r"\'{ ", "@misc{k, title={", "}}"),
    "one accent and 5 MB of spaces": lambda: filled(" ", r"@misc{k, title={\'{", "}}"),
    "quotes that do not end": lambda: filled('a="b', "@misc{k, "),
    "a million authors": lambda: filled("A and ", "@misc{k, title={T}, author={", "B}}"),
    "addresses without end": lambda: filled("http://", "@misc{k, title={T}, url={", "}}"),
    "5000 papers of one long volume": inherited,
    "5000 papers in Korean": lambda: entries(KOREAN, 5000),
    "comments": lambda: filled("@comment{a}\n"),
    "preambles in one another": lambda: filled("@preamble{", "", ""),
    "parentheses": lambda: filled("@a(b"),
    "5 MB of NULs": lambda: bytes(FULL),
    "letters of chance": letters,
    "UTF-16": lambda: "@misc{a, title={한국어}}\n".encode("utf-16") * 50_000,
    "two encodings in one file": lambda: ("@misc{a, title={한국어}}\n".encode("cp949") + "@misc{b, title={한국어}}\n".encode()) * 2000,
    "empty lines": lambda: filled("\n"),
    "5 MB and one byte": lambda: bytes(FULL + 1),
}  # fmt: skip
