"""The text operators of a content stream, played with the fonts' own widths: bytes in, runs of glyphs out."""

import math
import re
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from papers.extraction.runs import Run, Style

MOST_RUNS, DEEPEST_FORM, MOST_OPERATORS = 40_000, 6, 400_000
Matrix = tuple[float, ...]
Piece = tuple[str, float, float, bool]  # text, start, end, after a space?
Glyph = tuple[str, float, bool]  # text, width in units of the font size, does word spacing apply?

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

TOKEN = re.compile(
    rb"""(?P<text>\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.|\((?:[^()\\]++|\\.)*+\))*+\))*+\))
    |(?P<hex><[0-9A-Fa-f\s]*+>)
    |(?P<number>[-+]*+(?:\d++\.?\d*+|\.\d++))
    |(?P<name>/[^\s()<>\[\]{}/%]*+)
    |(?P<op>[A-Za-z'"][A-Za-z0-9*]*+)
    |%[^\r\n]*+""",
    re.X | re.S,
)
INLINE_IMAGE_END = re.compile(rb"\sEI(?=\s|$)")
ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.S)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b"", b"\r": b"", b"\r\n": b""}


class FontTable(Protocol):
    style: Style
    scale: float  # em per unit of the font size: other than 1 in bitmap fonts only

    def glyphs(self, codes: bytes) -> list[Glyph]: ...


class Form(NamedTuple):
    """A content stream inside another."""

    data: bytes
    matrix: tuple
    resources: "Resources"


class Resources(Protocol):
    def font(self, name: str) -> FontTable: ...

    def form(self, name: str) -> Form | None: ...


class State:
    """The part of the graphics state that moves text."""

    __slots__ = ("ctm", "font", "size", "spacing", "word_spacing", "stretch", "leading", "rise")

    def __init__(self, ctm: Matrix) -> None:
        self.ctm = ctm
        self.font: FontTable | None = None
        self.size = 1.0
        self.spacing = self.word_spacing = self.leading = self.rise = 0.0
        self.stretch = 1.0

    def copy(self) -> "State":
        other = State(self.ctm)
        for name in State.__slots__:
            setattr(other, name, getattr(self, name))
        return other


def operations(data: bytes) -> Iterator[tuple[bytes, list]]:
    """Operators with their operands; arrays are laid flat, inline images skipped."""
    start: int | None = 0
    operands: list = []
    while start is not None:
        begin, start = start, None
        for token in TOKEN.finditer(data, begin):
            kind = token.lastgroup
            if kind == "number":
                operands.append(_number(token[0]))
            elif kind == "text":
                operands.append(_literal(token[0]))
            elif kind == "hex":
                operands.append(_hexadecimal(token[0]))
            elif kind == "name":
                operands.append(token[0].decode("latin-1"))
            elif token[0] == b"BI":
                end = INLINE_IMAGE_END.search(data, token.end())
                start = end.end() if end else None
                break
            elif kind == "op":
                yield token[0], operands
                operands = []


def _number(token: bytes) -> float:
    try:
        return float(token)
    except ValueError:
        return 0.0


def _literal(token: bytes) -> bytes:
    body = token[1:-1]
    return ESCAPE.sub(_unescaped, body) if b"\\" in body else body


def _unescaped(match: re.Match) -> bytes:
    octal, other = match.groups()
    return bytes([int(octal, 8) & 255]) if octal else ESCAPES.get(other, other)


def _hexadecimal(token: bytes) -> bytes:
    digits = b"".join(token[1:-1].split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())


def times(a: Matrix, b: Matrix) -> Matrix:
    """First a, then b."""
    return (
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    )


class Painter:
    """Collects upright runs, and turned ones apart (in coordinates along their own direction)."""

    def __init__(self) -> None:
        self.upright: list[Run] = []
        self.turned: dict[tuple[int, int], list[Run]] = {}
        self.left = MOST_OPERATORS
        self.after_space = False

    def paint(self, data: bytes, resources: Resources, ctm: tuple, depth: int = 0) -> None:
        state, stack = State(ctm), []
        tm = line = IDENTITY
        for op, args in operations(data):
            self.left -= 1
            if self.left < 0 or len(self.upright) > MOST_RUNS:
                return
            if op == b"TJ" or op == b"Tj":
                tm = self._show(state, tm, args)
            elif op == b"Td" or op == b"TD":
                x, y = _numbers(args, 2)
                if op == b"TD":
                    state.leading = -y
                tm = line = times((1, 0, 0, 1, x, y), line)
            elif op == b"Tm":
                tm = line = tuple(_numbers(args, 6))
            elif op == b"Tf":
                self._set_font(state, resources, args)
            elif op == b"T*":
                tm = line = times((1, 0, 0, 1, 0, -state.leading), line)
            elif op == b"'" or op == b'"':
                if op == b'"' and len(args) >= 3:
                    state.word_spacing, state.spacing = _numbers(args[:2], 2)
                line = times((1, 0, 0, 1, 0, -state.leading), line)
                tm = self._show(state, line, args[-1:])
            elif op == b"BT":
                tm = line = IDENTITY
            elif op == b"q":
                stack.append(state.copy())
            elif op == b"Q":
                state = stack.pop() if stack else state
            elif op == b"cm":
                state.ctm = times(tuple(_numbers(args, 6)), state.ctm)
            elif op == b"Do" and args and depth < DEEPEST_FORM:
                form = resources.form(args[-1])
                if form:
                    self.paint(form.data, form.resources, times(form.matrix, state.ctm), depth + 1)
            else:
                _set(state, op, args)

    def _set_font(self, state: State, resources: Resources, args: list) -> None:
        if len(args) >= 2 and isinstance(args[-2], str):
            state.font = resources.font(args[-2])
            state.size = _numbers(args[-1:], 1)[0]

    def _show(self, state: State, tm: tuple, args: list) -> tuple:
        """Adds the runs of one text operator; returns the moved text matrix."""
        if state.font is None:
            return tm
        a, b, c, d, e, f = times(tm, state.ctm)
        along, across = math.hypot(a, b), math.hypot(c, d)
        if not (along and across and math.isfinite(along + across + e + f)):
            return tm
        unit, size = state.size * state.stretch, abs(state.size) * across * state.font.scale
        pen: float = 0.0
        pieces: list[Piece] = []
        for arg in args:
            if isinstance(arg, float):
                pen -= arg / 1000 * unit
            elif isinstance(arg, bytes):
                pen = self._pieces(state, state.font.glyphs(arg), pen, unit, pieces)
        direction = (round(a / along), round(b / along))
        lift = state.rise * across
        if pieces and size > 0.1:
            if direction == (1, 0):
                slope = b / along
                self._add(self.upright, pieces, e, f + lift, along, size, state.font.style, slope)
            else:
                ux, uy = a / along, b / along
                runs = self.turned.setdefault(direction, [])
                self._add(runs, pieces, e * ux + f * uy, f * ux - e * uy + lift, along, size, state.font.style, 0.0)
        return times((1, 0, 0, 1, pen, 0), tm)

    @staticmethod
    def _add(
        runs: list[Run], pieces: list[Piece], x: float, y: float, along: float, size: float, style: Style, slope: float
    ) -> None:
        for text, start, end, spaced in pieces:
            x0, x1 = sorted((x + start * along, x + end * along))
            runs.append(Run(text, x0, x1, y + slope * start * along, size, style, spaced))

    def _pieces(self, state: State, glyphs: list[Glyph], pen: float, unit: float, pieces: list) -> float:
        """Splits a string at its spaces into (text, start, end, after a space?), in text space; returns where the pen stands."""
        text, start, after_space = "", pen, self.after_space
        spacing, word_spacing = state.spacing * state.stretch, state.word_spacing * state.stretch
        for glyph, width, spaced in glyphs:
            advance = width * unit + spacing
            if spaced:
                advance += word_spacing
            if glyph.isspace() or not glyph:
                if text:
                    pieces.append((text, start, pen, after_space))
                text, start, after_space = "", pen + advance, True
            else:
                text += glyph
            pen += advance
        if text:
            pieces.append((text, start, pen - spacing, after_space))
            after_space = False
        self.after_space = after_space
        return pen


def _set(state: State, op: bytes, args: list) -> None:
    if op == b"Tc":
        state.spacing = _numbers(args, 1)[0]
    elif op == b"Tw":
        state.word_spacing = _numbers(args, 1)[0]
    elif op == b"Tz":
        state.stretch = _numbers(args, 1)[0] / 100 or 1.0
    elif op == b"TL":
        state.leading = _numbers(args, 1)[0]
    elif op == b"Ts":
        state.rise = _numbers(args, 1)[0]


def _numbers(args: list, count: int) -> list[float]:
    """The last `count` operands; zeros where they are missing or odd."""
    found = [arg if isinstance(arg, float) else 0.0 for arg in args[-count:]]
    return found if len(found) == count else [0.0] * (count - len(found)) + found
