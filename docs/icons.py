"""python3 docs/icons.py: draws the app's mark, static/img/icon.svg, as the pictures that phones ask for."""

import re
from pathlib import Path
from xml.etree import ElementTree

from PIL import Image, ImageDraw

IMG = Path(__file__).resolve().parent.parent / "static" / "img"
SVG = "{http://www.w3.org/2000/svg}"
VIEW = 32  # units of the drawing, both ways
FINE = 4  # drawn so many times larger, then made small: smooth edges
# name: (pixels, share of the width that the mark takes, whether the ground fills the corners)
ICONS = {
    "icon-192.png": (192, 1.0, False),
    "icon-512.png": (512, 1.0, False),
    "icon-maskable.png": (512, 0.8, True),  # a phone cuts its own shape: the mark keeps to the middle
    "icon-apple.png": (180, 0.9, True),
}


def shapes() -> tuple[ElementTree.Element, list[tuple[str, list[tuple[float, float]]]]]:
    """The ground of the drawing, and (colour, corners) of each book on it."""
    root = ElementTree.parse(IMG / "icon.svg").getroot()
    books = []
    for path in root.iter(f"{SVG}path"):
        parts = re.split(r"(?<=[zZ])", path.get("d"))
        books += [(path.get("fill"), corners(part)) for part in parts if part.strip()]
    return root.find(f"{SVG}rect"), books


def corners(path: str) -> list[tuple[float, float]]:
    """The points of a closed path that is written with M, m, l, h, v, H, V: all that the mark uses."""
    x = y = 0.0
    points = []
    for letter, numbers in re.findall(r"([MmLlHhVv])([^MmLlHhVvZz]*)", path):
        values = [float(number) for number in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]
        from_x, from_y = (x, y) if letter.islower() else (0.0, 0.0)
        while values:
            if letter in "hH":
                x = from_x + values.pop(0)
            elif letter in "vV":
                y = from_y + values.pop(0)
            else:
                x, y = from_x + values.pop(0), from_y + values.pop(0)
            points.append((x, y))
            from_x, from_y = (x, y) if letter.islower() else (0.0, 0.0)
    return points


def draw(size: int, share: float, fills: bool) -> Image.Image:
    ground, books = shapes()
    wide = size * FINE
    unit, edge = wide * share / VIEW, wide * (1 - share) / 2
    picture = Image.new("RGBA", (wide, wide), ground.get("fill") if fills else (0, 0, 0, 0))
    pen = ImageDraw.Draw(picture)
    if not fills:
        pen.rounded_rectangle((0, 0, wide - 1, wide - 1), float(ground.get("rx")) * unit, ground.get("fill"))
    for colour, points in books:
        pen.polygon([(x * unit + edge, y * unit + edge) for x, y in points], colour)
    small = picture.resize((size, size), Image.Resampling.LANCZOS)
    return small.convert("RGB") if fills else small


def main():
    for name, shape in ICONS.items():
        draw(*shape).save(IMG / name, optimize=True)
        print(name, f"{(IMG / name).stat().st_size / 1024:.1f} KB")


if __name__ == "__main__":
    main()
