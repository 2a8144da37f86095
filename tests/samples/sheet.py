"""A small typesetter for front pages: words at exact places, the way TeX sets them, one text operator per word.

Points; y runs down from the top, as people count lines. `^…^` inside a text is raised and small.
"""

import re
from datetime import UTC, datetime
from pathlib import Path

from fpdf import FPDF

CJK = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")
LATIN = Path("/usr/share/fonts/truetype/dejavu/DejaVuSerif.ttf")
FORMATS = {"letter": (612, 792), "a4": (595, 842)}


class Sheet:
    """Pages with a pen: every method sets something at `y` and moves it down."""

    def __init__(self, paper="letter", font="Times", margin=72):
        self.width, self.height = FORMATS[paper]
        self.pdf = FPDF(unit="pt", format=FORMATS[paper])
        self.pdf.set_creation_date(datetime(2022, 3, 15, tzinfo=UTC))
        self.pdf.set_auto_page_break(False)
        self.pdf.core_fonts_encoding = "cp1252"
        self.font, self.margin = font, margin
        self.page()

    def page(self):
        self.pdf.add_page()
        self.y = self.margin
        return self

    def use(self, path: Path, name: str):
        """Embeds a font of this machine and goes on with it."""
        self.pdf.add_font(name, "", str(path))
        self.font = name
        return self

    def _set(self, size, style):
        self.pdf.set_font(self.font, style if self.font in ("Times", "Helvetica", "Courier") else "", size)

    def measure(self, text, size=10, style="") -> float:
        total = 0.0
        for number, part in enumerate(text.split("^")):
            self._set(size * (0.7 if number % 2 else 1), style)
            total += self.pdf.get_string_width(part)
        return total

    def at(self, x, text, size=10, style="", y=None):
        """Text at x, word by word; spaces are only room."""
        y = self.y if y is None else y
        for number, part in enumerate(text.split("^")):
            raised = number % 2
            small = size * (0.7 if raised else 1)
            self._set(small, style)
            space = self.pdf.get_string_width(" ")
            for piece in re.findall(r"\s+|\S+", part):
                if piece.isspace():
                    x += space * len(piece)
                    continue
                self.pdf.text(x, y - (0.36 * size if raised else 0), piece)
                x += self.pdf.get_string_width(piece)
        return self

    def down(self, gap):
        self.y += gap
        return self

    def center(self, text, size=10, style="", gap=1.2, x=None):
        middle = self.width / 2 if x is None else x
        self.at(middle - self.measure(text, size, style) / 2, text, size, style)
        return self.down(gap * size)

    def left(self, text, size=10, style="", gap=1.2, x=None):
        self.at(self.margin if x is None else x, text, size, style)
        return self.down(gap * size)

    def right(self, text, size=10, style="", gap=1.2):
        self.at(self.width - self.margin - self.measure(text, size, style), text, size, style)
        return self.down(gap * size)

    def row(self, texts, size=10, style="", gap=1.2):
        """Cells side by side, each in the middle of its share of the width."""
        share = (self.width - 2 * self.margin) / len(texts)
        for number, text in enumerate(texts):
            middle = self.margin + share * (number + 0.5)
            self.at(middle - self.measure(text, size, style) / 2, text, size, style)
        return self.down(gap * size)

    def small_caps(self, text, size=17, gap=1.2, x=None):
        """Capitals in full size, the other letters as smaller capitals."""
        x = self.margin if x is None else x
        for piece in re.findall(r"[A-Z]|[^A-Z\s]+|\s+", text):
            self._set(size if piece.isupper() else 0.8 * size, "")
            if not piece.isspace():
                self.pdf.text(x, self.y, piece.upper())
            x += self.pdf.get_string_width(piece.upper())
        return self.down(gap * size)

    def lines(self, text, width, size=10, style="", indent=0.0) -> list[str]:
        """Broken where the width ends; CJK anywhere, other words at spaces, long ones at a hyphen."""
        out, line, room = [], "", width - indent
        for word in re.findall(r"[\u3040-\u30ff\u3400-\u9fff，。、]|[^\s\u3040-\u30ff\u3400-\u9fff，。、]+", text):
            glue = "" if re.match("[\u3040-\u9fff，。、]", word) and re.search("[\u3040-\u9fff，。、]$", line) else " "
            trial = line + glue * bool(line) + word
            if self.measure(trial, size, style) <= room:
                line = trial
                continue
            head = next(
                (
                    cut
                    for cut in (6, 5, 4)
                    if len(word) >= 9
                    and word.isalpha()
                    and word.isascii()
                    and self.measure(f"{line} {word[:cut]}-", size, style) <= room
                ),
                0,
            )
            out.append(f"{line} {word[:head]}-" if head else line)
            line, room = word[head:], width
        return [*out, line]

    def para(self, text, size=10, style="", width=None, x=None, leading=1.2, indent=0.0, heading="", heading_style="B"):
        """A justified paragraph; `heading` runs into it in its own style."""
        x = self.margin if x is None else x
        width = self.width - 2 * self.margin if width is None else width
        if heading:
            self.at(x + indent, heading, size, heading_style)
            indent += self.measure(heading + " ", size, heading_style)
        lines = self.lines(text, width, size, style, indent)
        for number, line in enumerate(lines):
            left = x + (indent if number == 0 else 0)
            self._justified(line, left, x + width if number < len(lines) - 1 else None, size, style)
            self.y += leading * size
        return self

    def _justified(self, line, left, right, size, style):
        words = line.split(" ")
        spare = right - left - self.measure(line, size, style) if right else 0
        stretch = spare / max(1, len(words) - 1) if 0 < spare < 6 * len(words) else 0
        space = self.measure(" ", size, style)
        for word in words:
            self.at(left, word, size, style)
            left += self.measure(word, size, style) + space + stretch

    def column(self, number, top, gutter=22):
        """Puts the pen at the top of column 0 or 1; its x and width."""
        width = (self.width - 2 * self.margin - gutter) / 2
        self.y = top
        return {"x": self.margin + number * (width + gutter), "width": width}

    def stamp(self, text):
        """arXiv's stamp, upwards in the left margin."""
        self._set(16, "")
        with self.pdf.rotation(90, x=28, y=560):
            self.pdf.text(28, 560, text)
        return self

    def foot(self, text, size=8, style="", x=None, up=40):
        self.at(self.margin if x is None else x, text, size, style, y=self.height - up)
        return self

    def bytes(self) -> bytes:
        return bytes(self.pdf.output())
