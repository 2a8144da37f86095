"""The operators of a content stream, played without any library."""

from papers.extraction.painter import IDENTITY, Painter, operations
from papers.extraction.runs import Style, compose_accents


class Typewriter:
    """A font whose every letter is half an em wide."""

    style, scale = Style(), 1.0

    def glyphs(self, codes):
        return [(chr(code), 0.5, code == 32) for code in codes]


class OneFont:
    def font(self, name):
        return Typewriter()

    def form(self, name):
        return None


def painted(content: bytes) -> Painter:
    painter = Painter()
    painter.paint(content, OneFont(), IDENTITY)
    return painter


def places(runs) -> list[tuple]:
    return [(run.text, run.x0, run.x1, run.y, run.size) for run in runs]


def test_strings_are_read_with_their_escapes_and_inner_brackets():
    found = list(
        operations(
            rb"(a\(b\051 \101 (in (side))\)) Tj <48 69> Tj (line\
 go) Tj % (no) Tj"
        )
    )
    assert found == [(b"Tj", [b"a(b) A (in (side)))"]), (b"Tj", [b"Hi"]), (b"Tj", [b"line go"])]


def test_inline_images_are_passed_over():
    assert list(operations(b"q BI /W 1 ID (\x00) Tj EI Q")) == [(b"q", []), (b"Q", [])]


def test_words_stand_where_the_operators_put_them():
    found = painted(b"BT /F 10 Tf 100 700 Td (ab cd) Tj 0 -12 Td [(e) -500 (f)] TJ ET").upright
    assert places(found) == [
        ("ab", 100, 110, 700, 10),
        ("cd", 115, 125, 700, 10),
        ("e", 100, 105, 688, 10),
        ("f", 110, 115, 688, 10),
    ]
    assert [run.spaced for run in found] == [False, True, False, False]


def test_matrices_scale_and_restore():
    found = painted(b"q 2 0 0 2 0 0 cm BT /F 10 Tf 1 0 0 1 5 5 Tm (a) Tj ET Q BT /F 10 Tf (b) Tj ET").upright
    assert places(found) == [("a", 10, 20, 10, 20), ("b", 0, 5, 0, 10)]


def test_turned_text_is_kept_apart():
    painter = painted(b"BT /F 10 Tf 0 1 -1 0 20 300 Tm (stamp) Tj ET")
    assert (painter.upright, list(painter.turned)) == ([], [(0, 1)])
    assert places(painter.turned[0, 1]) == [("stamp", 300, 325, -20, 10)]


def test_an_accent_drawn_over_a_letter_belongs_to_it():
    runs = painted(b"BT /F 10 Tf [(Mart) (\xb4) 500 (i) (n)] TJ ET").upright
    assert [run.text for run in compose_accents(runs)] == ["Mart", "í", "n"]
