"""Pictures that are small as files and huge once they are decoded, or that only say they are pictures."""

import struct
import zlib
from collections.abc import Callable
from functools import partial
from io import BytesIO

from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener()  # to make photos as phones do


def saved(form: str, size=(64, 48), mode="RGB", **options) -> bytes:
    out = BytesIO()
    Image.new(mode, size, 0 if mode == "1" else None).save(out, form, **options)
    return out.getvalue()


# ── WebP ─────────────────────────────────────────────────────────────────────────────────────────
def riff(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"".join(name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for name, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def one_colour(width: int, height: int, alpha: bool = False) -> bytes:
    """A lossless WebP of a few bytes: five codes of one symbol each, so that a pixel takes no bits at all."""
    head = (width - 1) | (height - 1) << 14 | int(alpha) << 28
    codes = sum(
        1 << 3 + 4 * number for number in range(5)
    )  # no transform, no cache, no more codes; then "simple, one, 1 bit, 0"
    return riff((b"VP8L", b"\x2f" + struct.pack("<I", head) + codes.to_bytes(9, "little")))


def lossy(width: int, height: int) -> bytes:
    """A small lossy WebP whose frame says that it is huge."""
    data = bytearray(saved("WEBP", quality=10))
    at = data.index(b"\x9d\x01\x2a") + 3
    data[at : at + 4] = struct.pack("<HH", width, height)
    return bytes(data)


def animated(frames: int, width: int, height: int) -> bytes:
    frame = b"\0" * 6 + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little") + b"\0" * 4
    picture = one_colour(width, height)[12:]
    head = b"\x02\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return riff((b"VP8X", head), (b"ANIM", bytes(6)), *[(b"ANMF", frame + picture)] * frames)


# ── PNG ──────────────────────────────────────────────────────────────────────────────────────────
def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def zeros(size: int) -> bytes:
    """So many zero bytes, packed, without ever having them all."""
    packer, piece = zlib.compressobj(1), bytes(1 << 20)
    return (
        b"".join(packer.compress(piece[: min(1 << 20, size - at)]) for at in range(0, size, 1 << 20)) + packer.flush()
    )


def png(
    width: int, height: int, *, depth=8, kind=2, interlaced=0, before: bytes = b"", data: bytes | None = None
) -> bytes:
    samples = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[kind]
    head = struct.pack(">IIBBBBB", width, height, depth, kind, 0, 0, interlaced)
    data = zeros(height * (1 + width * samples * depth // 8)) if data is None else data
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before + chunk(b"IDAT", data) + chunk(b"IEND", b"")


# ── JPEG ─────────────────────────────────────────────────────────────────────────────────────────
def jpeg_of(width: int, height: int, *, scans: int = 1, **options) -> bytes:
    """A small JPEG whose frame says that it is huge, with its last scan so many times."""
    data = bytearray(saved("JPEG", (64, 64), **options))
    at = next(data.index(mark) for mark in (b"\xff\xc0", b"\xff\xc2") if mark in data)
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    last = data.rindex(b"\xff\xda")
    return bytes(data[:last] + data[last:-2] * scans + b"\xff\xd9")


def exif_of(entries: int, loop: bool = False) -> bytes:
    """A photo with a crowd of notes; with `loop` each directory leads back to the first."""
    count = min(entries, 5000)
    tags = b"".join(struct.pack("<HHII", 0x8769 if loop else 0x010F, 4 if loop else 2, 1, 8) for _ in range(count))
    notes = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", count) + tags + struct.pack("<I", 8 if loop else 0)
    data = saved("JPEG")
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(notes) + 2) + notes + data[2:]


# ── HEIC and the rest ────────────────────────────────────────────────────────────────────────────
def heic(change: Callable[[bytearray], object]) -> bytes:
    data = bytearray(saved("HEIF"))
    change(data)
    return bytes(data)


def huge_heic(data: bytearray) -> None:
    at = data.index(b"ispe") + 8
    data[at : at + 8] = struct.pack(">II", 30_000, 30_000)


def nested_boxes(data: bytearray) -> None:
    at = data.index(b"meta") + 8
    data[at:at] = b"".join(struct.pack(">I4s", 8 * (5000 - depth), b"dinf") for depth in range(5000))


def pretends(head: bytes, form: bytes, *numbers: int) -> bytes:
    return head + struct.pack(form, *numbers) + bytes(4000)


ENTITIES = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
SVG = f'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "ha">{ENTITIES}]><svg>&a9;</svg>'.encode()

FILES: dict[str, Callable[[], bytes]] = {
    "WebP of 7000x7000 in a few bytes": partial(one_colour, 7000, 7000),
    "WebP of 7000x7000 with alpha": partial(one_colour, 7000, 7000, True),
    "WebP of 16383x16383": partial(one_colour, 16383, 16383),
    "lossy WebP of 16383x16383": partial(lossy, 16383, 16383),
    "lossy WebP of 7000x7000": partial(lossy, 7000, 7000),
    "WebP of 2000 frames": partial(animated, 2000, 7000, 7000),
    "PNG of 10 gigapixels": partial(png, 100_000, 100_000, data=zeros(1000)),
    "PNG of 7000x7000 black pixels": partial(png, 7000, 7000),
    "PNG of 7000x7000 deep colours": partial(png, 7000, 7000, depth=16, kind=6),
    "interlaced PNG of 7000x7000": partial(png, 7000, 7000, interlaced=1),
    "PNG whose notes unpack to 200 MB": lambda: png(9, 9, before=chunk(b"zTXt", b"a\0\0" + zeros(200_000_000))),
    "PNG whose colours unpack to 200 MB": lambda: png(9, 9, before=chunk(b"iCCP", b"a\0\0" + zeros(200_000_000))),
    "PNG of 200,000 notes": lambda: png(9, 9, before=chunk(b"tEXt", b"a\0b") * 200_000),
    "PNG that ends early": lambda: png(3000, 3000)[:3000],
    "JPEG of 65500x65500": partial(jpeg_of, 65500, 65500),
    "JPEG of 14000x14000": partial(jpeg_of, 14000, 14000),
    "progressive JPEG of 14000x14000": partial(jpeg_of, 14000, 14000, progressive=True),
    "progressive JPEG of 3000 scans": partial(jpeg_of, 7000, 7000, progressive=True, scans=3000),
    "JPEG with 5000 notes": partial(exif_of, 5000),
    "JPEG whose notes lead in a circle": partial(exif_of, 50, loop=True),
    "JPEG that ends early": lambda: saved("JPEG", (3000, 2000), quality=95)[:2000],
    "HEIC of 30000x30000": lambda: heic(huge_heic),
    "HEIC of 5000 boxes in one another": lambda: heic(nested_boxes),
    "HEIC that ends early": lambda: saved("HEIF", (640, 480))[:400],
    "HEIC of nothing": lambda: saved("HEIF")[:32] + bytes(2_000_000),
    "AVIF": lambda: saved("AVIF"),
    "GIF of 65535x65535": lambda: pretends(b"GIF89a", "<HHBBB", 65535, 65535, 0x80, 0, 0),
    "TIFF of 65535x65535": lambda: saved("TIFF").replace(struct.pack("<HHII", 256, 4, 1, 64), struct.pack("<HHII", 256, 4, 1, 65535)),
    "ICNS": lambda: pretends(b"icns", ">I4sI", 0x7FFFFFFF, b"ic10", 0x7FFFFFF0),
    "BMP of 60000x60000": lambda: pretends(b"BM", "<IIIIiiHHIIiiII", 4000, 0, 54, 40, 60000, 60000, 1, 24, 0, 0, 0, 0, 0, 0),
    "PSD of 30000x30000": lambda: pretends(b"8BPS\0\x01" + bytes(6), ">HIIHH", 3, 30000, 30000, 8, 3),
    "PostScript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n{} loop\n",
    "PPM of 60000x60000": lambda: b"P6 60000 60000 255\n" + bytes(1000),
    "JPEG 2000": lambda: saved("JPEG2000"),
    "SVG of a billion words": lambda: SVG,
    "20 MB of nothing": lambda: bytes(20_000_000),
    "an empty file": lambda: b"",
    "a PDF": lambda: b"%PDF-1.7\n" + bytes(1000),
}  # fmt: skip
