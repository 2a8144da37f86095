"""What a phone is told about the app: its icons are drawn from the one mark, its colours are those of the pages."""

import json
import re
import runpy
from pathlib import Path

import pytest
from django.test import Client
from PIL import Image, ImageChops

from studygroup import manifest

ROOT = Path(__file__).resolve().parent.parent
ICONS = runpy.run_path(str(ROOT / "docs" / "icons.py"))
TOKENS = (ROOT / "static/css/tokens.css").read_text()


@pytest.mark.parametrize("name", ICONS["ICONS"])
def test_an_icon_is_what_the_mark_gives_today(name):
    kept, drawn = Image.open(ROOT / "static/img" / name), ICONS["draw"](*ICONS["ICONS"][name])
    assert (kept.size, kept.mode) == (drawn.size, drawn.mode)
    assert max(most for _least, most in ImageChops.difference(kept, drawn).getextrema()) <= 8


def test_the_mark_has_the_colours_of_the_pages():
    ground, books = ICONS["shapes"]()
    light = TOKENS.partition("@media")[0]
    tokens = dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6});", light))
    colours = [ground.get("fill"), *dict.fromkeys(colour for colour, _points in books)]
    assert colours == [tokens["--accent"], tokens["--paper"], tokens["--hit"]]


def test_the_mark_of_an_icon_that_is_cut_keeps_to_the_middle():
    """A circle of 80 % of the width is what every phone leaves."""
    icon = Image.open(ROOT / "static/img/icon-maskable.png").convert("RGB")
    middle, ground = icon.width / 2, icon.getpixel((0, 0))
    outside = [
        icon.getpixel((x, y))
        for x in range(0, icon.width, 4)
        for y in range(0, icon.height, 4)
        if (x - middle) ** 2 + (y - middle) ** 2 > (0.4 * icon.width) ** 2
    ]
    assert set(outside) == {ground}
    assert icon.getcolors(100_000) != [(icon.width * icon.height, ground)]


def test_the_colours_of_the_phone_s_bar_are_the_tokens():
    grounds = re.findall(r"--paper: (#[0-9a-f]{6});", TOKENS)
    light, dark = grounds[0], grounds[1]
    base = (ROOT / "templates/base.html").read_text()
    assert light == manifest.PAPER
    assert re.findall(r'<meta name="theme-color" content="(#\w+)"', base) == [light, dark]


@pytest.mark.django_db
def test_the_manifest_is_in_the_language_that_the_browser_asks_for():
    told = {}
    for language in ("ko", "en"):
        answer = Client().get("/manifest.webmanifest", headers={"Accept-Language": language})
        told[language] = json.loads(answer.content)
        assert answer.headers["Content-Type"] == "application/manifest+json"
        assert {one.strip() for one in answer.headers["Vary"].split(",")} >= {"Accept-Language", "Cookie"}
    assert [told[language]["lang"] for language in told] == ["ko", "en"]
    assert [told[language]["name"] for language in told] == ["논문 읽기 스터디", "Reading Study"]
    assert told["ko"]["share_target"] == told["en"]["share_target"]
