"""What a font's codes stand for, and how wide their glyphs are. With page.py the only file that knows pypdf.

For pypdf's internal Font class its version is pinned.
"""

import contextlib
import re
from typing import Any

from pypdf._codecs.adobe_glyphs import adobe_glyphs
from pypdf.generic import DictionaryObject, NameObject, StreamObject
from pypdf.generic._font import Font

from papers.extraction.runs import Style

MOST_BYTES = 8_000_000  # of one content stream or CMap

# CMaps of Korean, Japanese and Chinese fonts that pypdf leaves out
CODECS = {
    "/KSCms-UHC-H": "cp949",
    "/KSCms-UHC-HW-H": "cp949",
    "/KSC-EUC-H": "euc_kr",
    "/KSCpc-EUC-H": "euc_kr",
    "/UniKS-UTF16-H": "utf-16-be",
    "/EUC-H": "euc_jp",
    "/90pv-RKSJ-H": "cp932",
    "/90msp-RKSJ-H": "cp932",
    "/UniJIS2004-UTF16-H": "utf-16-be",
    "/HKscs-B5-H": "big5hkscs",
    "/B5pc-H": "big5",
    "/GBKp-EUC-H": "gbk",
}
# TeX's first text encoding, for bitmap fonts whose glyphs have no names
OT1 = dict(zip(range(11, 33), "ﬀ ﬁ ﬂ ﬃ ﬄ ı ȷ ` ´ ˇ ˘ ¯ ˚ ¸ ß æ œ ø Æ Œ Ø -".split(), strict=True)) | {92: "“", 123: "–"}
CONTROLS = "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split()
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
BOLD = re.compile(r"bold|black|heavy|demi|medi(?!um)|cmbx|cmb1|-bd|,b\b|sfbx|ptmb|phvb|[-_]b$", re.I)
ITALIC = re.compile(r"ital|obli|slant|cmti|cmsl|-it\b|[-_]i$|sfti|ptmri", re.I)


class Glyphs:
    """A font's codes -> text and widths (in units of the font size)."""

    def __init__(self, font_object: Any) -> None:
        self.style, self.scale = Style(), 1.0
        self.codec: str | None = None
        self.table: dict[int, tuple[str, float, bool]] = {}
        self.wide: dict[str, tuple[str, float, bool]] = {}
        font = None
        if isinstance(font_object, DictionaryObject):
            with contextlib.suppress(Exception):
                font = Font.from_font_resource(_named_by_itself(font_object))
        if font is None:
            self.table = {code: (chr(code), 0.5, code == 32) for code in range(256)}
            return
        self.font, self.style = font, _style(font)
        self.cids = _embedded_cids(font_object)
        if font.sub_type == "Type0" or isinstance(font.encoding, str):
            self.codec, self.by_number = _codec(font_object, font.encoding)
        else:
            self._fill(font_object, font.encoding)

    def _fill(self, font_object: Any, encoding: dict[int, str]) -> None:
        """The table of a simple font: one byte, one glyph."""
        bitmap = self.font.sub_type == "Type3"
        unit = _type3_unit(font_object) if bitmap else 0.001
        widths = _widths(font_object) or self.font.character_widths
        default = 0.0 if bitmap else self.font.character_widths.get("default", 500)
        names, mapped = _differences(font_object), "/ToUnicode" in font_object
        for code in range(256):
            text = encoding.get(code, chr(code))
            text = self.font.character_map.get(text, text)
            text = _text_of(names.get(code), text, code, mapped)
            self.table[code] = (text, float(widths.get(chr(code), default)) * unit, code == 32)
        if bitmap and not 0.0004 < unit < 0.004:
            self.scale = _em_of(list(self.table.values()))

    def glyphs(self, codes: bytes) -> list[tuple[str, float, bool]]:
        if self.codec is None:
            table = self.table
            return [table[code] for code in codes]
        text = codes.decode(self.codec, "replace" if self.codec != "utf-16-be" else "surrogatepass")
        return [self.wide.get(sign) or self._look_up(sign) for sign in text]

    def _look_up(self, sign: str) -> tuple[str, float, bool]:
        text = self.font.character_map.get(sign, sign if not self.by_number else "�")
        widths = self.font.character_widths
        width = widths.get(self.cids.get(sign, sign)) if self.by_number else (1000 if ord(sign) > 0x2E80 else 500)
        width = widths.get("default", 1000) if width is None else width
        self.wide[sign] = (_plain(text), float(width) / 1000, False)
        return self.wide[sign]


def _codec(font_object: Any, encoding: object) -> tuple[str, bool]:
    """The codec of a composite font's codes, and whether they are glyph numbers rather than characters."""
    name = font_object.get("/Encoding")
    if not isinstance(name, str) or not isinstance(encoding, str):
        return "utf-16-be", True
    return CODECS.get(name, encoding), name not in CODECS and "Uni" not in name and encoding.startswith("utf-16")


def _embedded_cids(font_object: Any) -> dict[str, str]:
    """Code -> glyph number, where the font brings a CMap of its own along: widths go by number."""
    found: dict[str, str] = {}
    with contextlib.suppress(Exception):
        cmap = font_object["/Encoding"].get_object()
        if isinstance(cmap, StreamObject):
            text = cmap.get_data()[:MOST_BYTES]
            for block in re.findall(rb"begincidchar(.*?)endcidchar", text, re.S):
                for code, cid in re.findall(rb"<([0-9A-Fa-f]{1,4})>\s*(\d+)", block):
                    found[chr(int(code, 16))] = chr(int(cid))
            for block in re.findall(rb"begincidrange(.*?)endcidrange", text, re.S):
                for low, high, cid in re.findall(rb"<([0-9A-Fa-f]{1,4})>\s*<([0-9A-Fa-f]{1,4})>\s*(\d+)", block):
                    for place, code in enumerate(range(int(low, 16), min(int(high, 16), 0xFFFF) + 1)):
                        found[chr(code)] = chr(int(cid) + place)
    return found


def _named_by_itself(font_object: DictionaryObject) -> DictionaryObject:
    """The font without its file, where its dictionary names the glyphs: taking the file apart is slow, and what it says
    would override those names."""
    encoding = font_object.get("/Encoding")
    descriptor = font_object.get("/FontDescriptor")
    if encoding is None or descriptor is None or "/ToUnicode" in font_object or font_object.get("/Subtype") == "/Type0":
        return font_object
    slim, bare = DictionaryObject(font_object), DictionaryObject(descriptor.get_object())
    for key in ("/FontFile", "/FontFile2", "/FontFile3"):
        bare.pop(key, None)
    slim[NameObject("/FontDescriptor")] = bare
    return slim


def _differences(font_object: Any) -> dict[int, str]:
    """Code -> glyph name, where the font's dictionary says so."""
    names, code = {}, 0
    with contextlib.suppress(Exception):
        for item in font_object["/Encoding"]["/Differences"].get_object():
            if isinstance(item, int):
                code = item
            else:
                names[code] = str(item)
                code += 1
    return names


def _text_of(name: str | None, text: str, code: int, mapped: bool) -> str:
    """What a glyph stands for: its /ToUnicode entry, else its name; a name that means nothing is a place in OT1."""
    if name and name[1:] in CONTROLS:  # named after an ASCII control: TeX's glyph at that place, whatever the map says
        text = OT1.get(CONTROLS.index(name[1:]), "")
    elif name and not mapped:
        text = adobe_glyphs.get(name) or _from_parts(name) or OT1.get(code, chr(code))
    elif len(text) > 1 and text[0] == "/":
        text = OT1.get(code, chr(code))
    return _plain(text)


def _from_parts(name: str) -> str:
    """/f_i -> fi, /a.sc -> a, /uni0041 -> A."""
    parts = [part for part in name[1:].partition(".")[0].split("_") if part]
    found = []
    for part in parts:
        match = re.fullmatch(r"(?:uni|u)([0-9A-Fa-f]{4,6})", part)
        found.append(
            adobe_glyphs.get("/" + part) or (chr(int(match[1], 16)) if match and int(match[1], 16) < 0x110000 else "")
        )
    return "".join(found) if all(found) else ""


def _plain(text: str) -> str:
    """Ligatures as letters; Adobe's private small capitals and old-style digits as the ordinary ones."""
    text = text.translate(LIGATURES)
    return "".join(chr(ord(sign) - 0xF700).upper() if 0xF720 <= ord(sign) <= 0xF77E else sign for sign in text)


def _widths(font_object: Any) -> dict[str, float]:
    """The font's own /Widths, unrounded: bitmap fonts count in fractions."""
    with contextlib.suppress(Exception):
        first = int(font_object.get("/FirstChar", 0))
        return {chr(first + place): float(width) for place, width in enumerate(font_object["/Widths"].get_object())}
    return {}


def _em_of(glyphs: list[tuple[str, float, bool]]) -> float:
    """How long an em is in a bitmap font of size 1: from the widths that letters usually have."""
    usual = [
        (width, 0.46 if text.islower() else 0.7 if text.isupper() else 0.5)
        for text, width, _ in glyphs
        if text.isalnum()
    ]
    ems = sorted(width / share for width, share in usual if width > 0)
    return ems[len(ems) // 2] if ems else 1.0


def _type3_unit(font_object: Any) -> float:
    with contextlib.suppress(Exception):
        return abs(float(font_object["/FontMatrix"][0])) or 0.001
    return 0.001


def _style(font: Font) -> Style:
    descriptor, name = font.font_descriptor, str(font.name)
    flags = descriptor.flags if isinstance(descriptor.flags, int) else 0
    angle = descriptor.italic_angle if isinstance(descriptor.italic_angle, (int, float)) else 0
    bold = bool(BOLD.search(name) or flags & 1 << 18)
    return Style(bold, bool(ITALIC.search(name) or angle or flags & 1 << 6), name)
