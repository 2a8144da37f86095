"""The operators of a content stream, played without any library."""

from papers.extraction.painter import DEEPEST_FORM, IDENTITY, Form, Painter, operations
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


def test_lines_go_down_by_the_leading():
    found = painted(b"BT /F 10 Tf 100 700 Td 12 TL (a) Tj T* (b) Tj (c) ' 0 -20 TD (d) Tj T* (e) Tj ET").upright
    assert [(run.text, run.x0, run.y) for run in found] == [
        ("a", 100, 700),
        ("b", 100, 688),
        ("c", 100, 676),
        ("d", 100, 656),
        ("e", 100, 636),
    ]


def test_spacing_stretching_and_rise_move_what_follows():
    found = painted(b"BT /F 10 Tf 0 0 Td 2 Tc (ab) Tj 0 Tc 50 Tz (cd) Tj 100 Tz 3 Ts (e) Tj ET").upright
    assert places(found) == [("ab", 0, 12, 0, 10), ("cd", 14, 19, 0, 10), ("e", 19, 24, 3, 10)]
    spaced = painted(b'BT /F 10 Tf 4 1 (a b) " ET').upright
    assert [(run.text, run.x0) for run in spaced] == [
        ("a", 0),
        ("b", 16),
    ]  # a, its spacing, the space and both spacings
    assert painted(b"BT /F 10 Tf 4 Tw (a b) Tj ET").upright[1].x0 == 14


def test_forms_are_painted_where_they_are_called_and_not_within_themselves_for_ever():
    class Boxes(OneFont):
        def form(self, name):
            return Form(b"BT /F 10 Tf (in) Tj ET /Again Do", (1, 0, 0, 1, 5, 5), self) if name == "/Again" else None

    painter = Painter()
    painter.paint(b"q 1 0 0 1 100 0 cm /Again Do /Nothing Do Q BT /F 10 Tf (out) Tj ET", Boxes(), IDENTITY)
    inside = [run.x0 for run in painter.upright if run.text == "in"]
    assert inside == [105 + 5 * depth for depth in range(len(inside))]
    assert len(inside) == DEEPEST_FORM
    assert painter.upright[-1].text == "out"


def test_operands_that_are_missing_or_odd_are_zero():
    found = painted(b"BT /F 10 Tf 7 Td (a) Tj /x Tc -.5.5 0 Td (b) Tj Q Q ET").upright
    assert [run.text for run in found] == ["a", "b"]


def test_a_stream_that_never_ends_is_left():
    assert len(painted(b"BT /F 10 Tf (a) Tj " + b"(b) Tj " * 400_000).upright) < 400_000
