"""A task that looks at pictures: what it needs is loaded with the module."""

import io

from PIL import Image
from pillow_heif import register_heif_opener

register_heif_opener()
Image.init()


def shrink(data: bytes) -> dict:
    picture = Image.open(io.BytesIO(data))
    kind, size = picture.format, picture.size
    picture = picture.convert("RGB")
    picture.thumbnail((16, 16))
    out = io.BytesIO()
    picture.save(out, "WEBP")
    return {"kind": kind, "size": list(size), "small": out.getvalue()}
