"""Files that end in .pptx and harm whoever opens them: zips that lie, and XML that grows."""

import random
import struct
import zipfile
from collections.abc import Callable
from functools import cache
from io import BytesIO

from schedule.reports.deck_sample import prepare

TYPES, DECK = "[Content_Types].xml", "ppt/presentation.xml"
LAYOUT, RELS = "ppt/slideLayouts/slideLayout1.xml", "ppt/_rels/presentation.xml.rels"
PRESENTATION = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
SPACE = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@cache
def ours() -> dict[str, bytes]:
    """The parts of a sound template."""
    with zipfile.ZipFile(BytesIO(prepare(told="")["deck"])) as file:
        return {name: file.read(name) for name in file.namelist()}


def packed(parts: dict[str, bytes], method=zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method, compresslevel=1) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def with_part(name: str, data: bytes) -> bytes:
    return packed(ours() | {name: data})


def inside(name: str, end: bytes, more: bytes) -> bytes:
    """A sound template with more in one of its parts, before its end."""
    before, mark, behind = ours()[name].rpartition(end)
    return with_part(name, before + more + mark + behind)


def in_layout(more: bytes) -> bytes:
    return inside(LAYOUT, b"</p:spTree>", more)


def heavy_layouts(count: int, size: int) -> bytes:
    """Many layouts, each with its part, together so many bytes of XML."""
    parts = dict(ours())
    shape = b'<p:sp><p:nvSpPr><p:cNvPr id="9" name="n"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/></p:sp>'
    more = shape * (size // count // len(shape))
    listed, related, typed = b"", b"", b""
    for number in range(100, 100 + count):
        parts[f"ppt/slideLayouts/slideLayout{number}.xml"] = ours()[LAYOUT].replace(
            b"</p:spTree>", more + b"</p:spTree>"
        )
        parts[f"ppt/slideLayouts/_rels/slideLayout{number}.xml.rels"] = ours()[
            "ppt/slideLayouts/_rels/slideLayout1.xml.rels"
        ]
        listed += b'<p:sldLayoutId id="%d" r:id="rId%d"/>' % (3_000_000_000 + number, 1000 + number)
        related += b'<Relationship Id="rId%d" Type="%s/slideLayout" Target="../slideLayouts/slideLayout%d.xml"/>' % (
            1000 + number,
            SPACE,
            number,
        )
        typed += (
            b'<Override PartName="/ppt/slideLayouts/slideLayout%d.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.slideLayout+xml"/>'
            % number
        )
    master, rels = "ppt/slideMasters/slideMaster1.xml", "ppt/slideMasters/_rels/slideMaster1.xml.rels"
    parts[master] = parts[master].replace(b"</p:sldLayoutIdLst>", listed + b"</p:sldLayoutIdLst>")
    parts[rels] = parts[rels].replace(b"</Relationships>", related + b"</Relationships>")
    parts[TYPES] = parts[TYPES].replace(b"</Types>", typed + b"</Types>")
    return packed(parts)


def entities() -> bytes:
    told = b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10))
    head, _mark, body = ours()[DECK].partition(b"?>")
    return with_part(
        DECK,
        head
        + b'?><!DOCTYPE p [<!ENTITY a0 "ha">'
        + told
        + b"]>"
        + body.replace(b"</p:presentation>", b"&a9;</p:presentation>"),
    )


def outside() -> bytes:
    head, _mark, body = ours()[DECK].partition(b"?>")
    return with_part(
        DECK,
        head
        + b'?><!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        + body.replace(b"</p:presentation>", b"&a;</p:presentation>"),
    )


def overlapping(count: int) -> bytes:
    """A list of contents in which each entry is the same large one."""
    data = packed({TYPES: PRESENTATION, "a.xml": bytes(1_900_000)})
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    second = data.index(b"PK\x01\x02", at + 4)
    size = (end - at) + (end - second) * count
    return (
        data[:end]
        + data[second:end] * count
        + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count + 2, count + 2, size, at, 0)
    )


def twice() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in ours().items():
            for again in range(3):
                file.filelist and file.NameToInfo.pop(name, None)
                file.writestr(name, data if again else b"<a/>")
    return out.getvalue()


def tiny_boxes() -> bytes:
    """A template on which reports find their places, each so small that a letter fills it: minutes take a slide a letter."""
    from pptx import Presentation

    deck = Presentation(BytesIO(packed(ours())))
    for layout in deck.slide_layouts:
        for shape in layout.placeholders:
            shape.width, shape.height = 200_000, 230_000
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


BOX = b'<p:sp><p:nvSpPr><p:cNvPr id="9" name="n"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr/></p:sp>'
RELATION = b'<Relationship Id="r%d" Type="' + SPACE + b'/image" Target="https://example.org/%d" TargetMode="External"/>'
GROUP = b'<p:grpSp><p:nvGrpSpPr><p:cNvPr id="9" name="n"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr/>'

FILES: dict[str, Callable[[], bytes]] = {
    "28 MB of XML": lambda: in_layout(BOX * (28_000_000 // len(BOX))),
    "28 MB of XML without places": lambda: packed({TYPES: PRESENTATION, DECK: b"<p>" + b"<a/>" * 7_000_000 + b"</p>"}),
    "2000 layouts": lambda: heavy_layouts(2000, 2_000_000),
    "40 layouts of 28 MB": lambda: heavy_layouts(40, 27_000_000),
    "entities that grow": entities,
    "an entity that is a file": outside,
    "100,000 elements in one another": lambda: in_layout(b"<a>" * 100_000 + b"</a>" * 100_000),
    "200 groups in one another": lambda: in_layout(GROUP * 200 + b"</p:grpSp>" * 200),
    "a million attributes": lambda: in_layout(b"<a " + b" ".join(b'b%d="1"' % n for n in range(1_000_000)) + b"/>"),
    "100,000 namespaces": lambda: in_layout(b"".join(b'<a xmlns:b%d="u%d"/>' % (n, n) for n in range(100_000))),
    "one text of 25 MB": lambda: in_layout(b"<a>" + b"t" * 25_000_000 + b"</a>"),
    "a name of 10 MB": lambda: with_part(LAYOUT, ours()[LAYOUT].replace(b'name="title"', b'name="' + b"t" * 10_000_000 + b'"', 1)),
    "comments": lambda: in_layout(b"<!--a-->" * 3_000_000),
    "100,000 relations": lambda: inside(RELS, b"</Relationships>", b"".join(RELATION % (n, n) for n in range(100_000))),
    "a million slides in the list": lambda: with_part(DECK, ours()[DECK].replace(b"<p:sldIdLst>", b"<p:sldIdLst>" + b'<p:sldId id="256" r:id="rId7"/>' * 600_000)),
    "relations in a circle": lambda: inside("ppt/slideLayouts/_rels/slideLayout1.xml.rels", b"</Relationships>", b'<Relationship Id="rId99" Type="%s/slideMaster" Target="../presentation.xml"/>' % SPACE),
    "5001 parts": lambda: packed(ours() | {f"a{n}.xml": b"<a/>" for n in range(5001)}),
    "60,000 empty parts": lambda: packed({TYPES: PRESENTATION} | {f"{n}": b"" for n in range(60_000)}),
    "190 MB of picture in 200 KB": lambda: with_part("ppt/media/image1.png", bytes(190_000_000)),
    "1 GB in 1 MB": lambda: packed({TYPES: PRESENTATION, **{f"{n}.xml": bytes(100_000_000) for n in range(10)}}),
    "a bomb in LZMA": lambda: packed({TYPES: PRESENTATION, DECK: bytes(29_000_000)}, zipfile.ZIP_LZMA),
    "a bomb in bzip2": lambda: packed({TYPES: PRESENTATION, DECK: bytes(29_000_000)}, zipfile.ZIP_BZIP2),
    "entries that share their bytes": lambda: overlapping(3000),
    "names that stand three times": twice,
    "parts that are missing": lambda: packed({name: data for name, data in ours().items() if "slideMaster" not in name}),
    "XML in UTF-16": lambda: with_part(DECK, ours()[DECK].decode().replace("UTF-8", "UTF-16").encode("utf-16")),
    "a zip that ends early": lambda: packed(ours())[:-200],
    "a zip in a zip": lambda: packed({TYPES: PRESENTATION, DECK: packed({DECK: packed({DECK: bytes(20_000_000)})})}),
    "an old file with a password": lambda: b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le") * 400_000,
    "30 MB of chance": lambda: b"PK\x03\x04" + random.Random(1).randbytes(29_000_000),
    "an empty file": lambda: b"",
}  # fmt: skip
