"""Styles say each thing once, in its layer, and only about what a page can have."""

import re
from functools import cache

import pytest

from members.membership import COLOURS
from tests import stylesheets
from tests.translatable import PACKAGES, ROOT

SHEETS, TEMPLATES = ROOT / "static" / "css", ROOT / "templates"
LAYER = {
    "tokens": "tokens",
    "base": "base",
    "components": "components",
    "pages": "pages",
    "paper": "pages",
    "deck": "pages",
}
# where colours have their values: the tokens, and what a sheet on paper says of itself, as it travels in a zip alone
COLOURS_LIVE = {"tokens": ":root, .always-light", "paper": ".on-paper"}
ALWAYS = ["--shade", "--stage"]  # a shadow and the dark around a slide are the same by day and by night

# classes that are made of a value: all that the value can be, and where it is said
TONES = {"ok", "warn", "late", "info"}
MADE = {
    "{stand}": ({"d", "now"}, "papers/templatetags/papers.py"),
    "{stop.kind}": ({"done", "now", "off"}, "schedule/planning/term_timeline.py"),
    "{cell.kind}": ({"on", "away"}, "schedule/planning/grid.py"),
    "{entry.mark}": ({"sent", "fail", "skip-it"}, "schedule/notifications/outbox_page.py"),
    "{entry.chip.0}": (TONES - {"info"}, "schedule/notifications/outbox_page.py"),
    "{line.tone}": (TONES, "schedule/notifications/session_notifications.py"),
    "{state.tone}": (TONES - {"info"}, "schedule/planning/turns.py"),
    "{message.level_tag|tone}": (TONES - {"info"}, "members/templatetags/formatting.py"),
}
SIZE = "{size}"  # of a cover: what its includes pass
COLOUR = re.compile(r"p\{.*colour.*\}")  # of a person

# a button is `btn`, then its kind, its size and its place; a word that is pressed is `link-button`
HOUSE = re.compile(r"btn( quiet| text)?( small)?( pull| choose)?|link-button")
# buttons without a class: what they stand in says how they look
BARE = {
    "_messages.html": [".undo button"],
    "schedule/meetings/_record.html": [".seg > *"],
    "schedule/planning/_grid.html": [".grid td > button"],
}


@cache
def sheets():
    return {path.stem: stylesheets.parse(path.read_text("utf8")) for path in sorted(SHEETS.glob("*.css"))}


@cache
def templates():
    """{name: source}, without mails, which bring their own style."""
    found = {str(path.relative_to(TEMPLATES)): path.read_text("utf8") for path in sorted(TEMPLATES.rglob("*.html"))}
    return {name: source for name, source in found.items() if not name.startswith("mail/")}


def said_in_templates() -> set[str]:
    """Every class that a page can have when it comes from the server."""
    made = {one for source in templates().values() for one in stylesheets.template_classes(source)}
    found = {name for name in made if "{" not in name}
    for name in made - found:
        found |= _values(name)
    return found


def _values(name):
    if name == SIZE:
        return set(re.findall(r'size="(\w+)"', "".join(templates().values())))
    if COLOUR.fullmatch(name):
        return {f"p{number}" for number in range(1, COLOURS + 1)}
    return MADE[name][0]


def ruled() -> set[str]:
    return set().union(*map(stylesheets.classes, sheets().values()))


def scripts() -> tuple[set[str], set[str]]:
    both = [stylesheets.script_classes(path.read_text("utf8")) for path in sorted((ROOT / "static/js").glob("*.js"))]
    return tuple(map(set().union, *both))


def said_in_python() -> set[str]:
    """Classes that a form gives its fields."""
    named = re.compile(r"""["']class["']\]?\s*[:=]\s*["']([\w -]+)["']""")
    sources = [path.read_text("utf8") for app in PACKAGES[1:] for path in (ROOT / app).rglob("*.py")]
    return {name for text in named.findall("".join(sources)) for name in text.split()}


def test_no_rule_is_about_a_class_that_no_page_has():
    assert len(ruled()) > 150
    assert ruled() - said_in_templates() - scripts()[0] - said_in_python() == set()


def test_no_class_is_without_a_rule():
    assert said_in_templates() - ruled() == set()
    given, sought = scripts()
    assert (given | sought | said_in_python()) - ruled() == set()


@pytest.mark.parametrize("name", MADE)
def test_a_class_made_of_a_value_is_said_where_the_table_says(name):
    values, place = MADE[name]
    source = (ROOT / place).read_text("utf8")
    assert sorted(value for value in values if f'"{value}"' not in source) == []
    assert any(name in stylesheets.template_classes(template) for template in templates().values())


def test_every_rule_is_in_its_layer_and_the_order_of_layers_is_said_once():
    assert {name: {rule.layer for rule in sheet.rules} for name, sheet in sheets().items()} == {
        name: {layer} for name, layer in LAYER.items()
    }
    assert {name: sheet.orders for name, sheet in sheets().items() if sheet.orders} == {
        "tokens": [", ".join(stylesheets.LAYERS)]
    }
    for shell in ("base.html", "plain.html"):
        assert '"tokens base components pages"|split' in templates()[shell]  # the first sheet says the order


def test_no_sheet_shouts():
    assert {name: found for name, sheet in sheets().items() if (found := stylesheets.shouted(sheet))} == {}


def test_nothing_moves_for_those_who_asked_for_less_motion():
    assert {name: found for name, sheet in sheets().items() if (found := stylesheets.moving(sheet))} == {}
    moved = stylesheets.parse("a { transition: color 1s } @media print { b { animation: turn 2s } }")
    assert stylesheets.moving(moved) == ["a {transition}", "b {animation}"]


@pytest.mark.parametrize("together", [stylesheets.LAYERS, ("paper",), ("deck",)], ids=" ".join)
def test_sheets_that_are_read_together_say_nothing_twice(together):
    rules = [rule for name in together for rule in sheets()[name].rules]
    assert stylesheets.doubles(stylesheets.Sheet(rules, [])) == []


@pytest.mark.parametrize("name", LAYER)
def test_a_colour_is_a_token(name):
    sheet = sheets()[name]
    rules = [rule for rule in sheet.rules if not (name == "tokens" and rule.at)]  # its dark themes have their own test
    assert stylesheets.loose_colours(stylesheets.Sheet(rules, []), COLOURS_LIVE.get(name, "")) == []


def test_dark_is_the_same_whoever_chose_it_and_leaves_no_colour_out():
    assert stylesheets.dark_differences(sheets()["tokens"]) == []
    assert stylesheets.only_light(sheets()["tokens"]) == ALWAYS


def test_every_custom_property_is_defined_and_used():
    each = {name: stylesheets.variables(sheet) for name, sheet in sheets().items()}
    defined, used = (set().union(*sides) for sides in zip(*each.values(), strict=True))
    assert (defined - used, used - defined) == (set(), set())
    alone = each["paper"]
    assert alone[1] - alone[0] == set()  # in a zip it finds no other sheet


def test_every_button_is_spelled_as_the_house_spells_it():
    spelled = {name: stylesheets.buttons(source) for name, source in templates().items()}
    assert sum(map(len, spelled.values())) > 150
    assert [
        f"{name}: {said}" for name, each in spelled.items() for said in each if said and not HOUSE.fullmatch(said)
    ] == []
    assert {name for name, each in spelled.items() if "" in each} == set(BARE)
    selectors = {one for sheet in sheets().values() for rule in sheet.rules for one in stylesheets.split(rule.selector)}
    assert [one for looks in BARE.values() for one in looks if one not in selectors] == []


def test_no_template_styles_by_itself():
    own = re.compile(r"""\sstyle=|\b(?:fill|stroke|color|bgcolor)=["']#""")
    assert [name for name, source in templates().items() if own.search(source)] == []


def test_mails_have_the_classes_that_their_own_style_names():
    sources = {path: path.read_text("utf8") for path in sorted((TEMPLATES / "mail").glob("*.html"))}
    style = re.search(r"<style>(.*?)</style>", sources[TEMPLATES / "mail" / "base.html"], re.DOTALL)[1]
    used = set().union(*map(stylesheets.template_classes, sources.values()))
    assert stylesheets.classes(stylesheets.parse(style)) ^ used == set()


# ── the checks themselves ──

BROKEN = """
@layer pages, tokens;
@layer tokens { :root { --ink: #111; --red: crimson; }
  @media screen and (prefers-color-scheme: dark) { :root { --ink: #eee; } }
  @media screen { :root { --ink: #fff; --more: 1px; } } }
@layer pages {
  .one, .two:is(.three, .four) { color: var(--ink); margin: 0; padding: 0; gap: 0; } /* .not { here: 1 } */
  .five::before { content: "} .six { "; background: url(a.png#b00) #b00000; border: 1px solid red !important; }
  @media print { .seven[data-x=".eight"] { gap: 0; padding: 0; margin: 0; color: var(--ink); } .seven { color: var(--nine) } }
  .five::before { top: 0 }
}
.ten { top: 0; }
"""


def test_a_sheet_is_read_as_a_browser_reads_it():
    sheet = stylesheets.parse(BROKEN)
    assert [(rule.layer, rule.at, rule.selector, len(rule.body)) for rule in sheet.rules] == [
        ("tokens", (), ":root", 2),
        ("tokens", ("@media screen and (prefers-color-scheme: dark)",), ":root", 1),
        ("tokens", ("@media screen",), ":root", 2),
        ("pages", (), ".one, .two:is(.three, .four)", 4),
        ("pages", (), ".five::before", 3),
        ("pages", ("@media print",), '.seven[data-x=".eight"]', 4),
        ("pages", ("@media print",), ".seven", 1),
        ("pages", (), ".five::before", 1),
        ("", (), ".ten", 1),
    ]
    assert stylesheets.classes(sheet) == {"one", "two", "three", "four", "five", "seven", "ten"}
    assert stylesheets.split(sheet.rules[3].selector) == [".one", ".two:is(.three, .four)"]


def test_what_is_wrong_with_a_sheet_is_found():
    sheet = stylesheets.parse(BROKEN)
    assert sheet.orders == ["pages, tokens"]
    assert stylesheets.shouted(sheet) == [".five::before {border}"]
    assert stylesheets.outside_layers(sheet) == [".ten"]
    assert stylesheets.loose_colours(sheet, ":root") == [
        ".five::before {background: url(a.png#b00) #b00000}",
        ".five::before {border: 1px solid red !important}",
    ]
    assert stylesheets.variables(sheet) == ({"--ink", "--red", "--more"}, {"--ink", "--nine"})
    assert stylesheets.dark_differences(sheet) == ["--ink", "--more"]
    assert stylesheets.doubles(sheet) == [
        '.one, .two:is(.three, .four) = .seven[data-x=".eight"]',
        ".five::before",
    ]


def test_every_class_that_a_template_can_give_is_found():
    source = """{% block main_class %}narrow{% endblock %}{# <p class="gone"> #}{% comment %}<p class="past">{% endcomment %}
<p class="chip {% if x == "a" %}ok{% elif y %}late{% endif %}"><i class="p{{ me.colour|default:1 }}{% if n %} big{% else %} tiny{% endif %}">"""
    assert stylesheets.template_classes(source) == {
        "narrow",
        "chip",
        "ok",
        "late",
        "p{me.colour|default:1}",
        "big",
        "tiny",
    }
    assert stylesheets.ways("btn{% if a %} text{% else %} quiet{% endif %}{% if b %} small{% endif %}") == [
        "btn text small",
        "btn text",
        "btn quiet small",
        "btn quiet",
    ]


def test_every_button_is_found_however_it_is_made():
    source = """<a href="{% if a > b %}x{% endif %}" class="btn small quiet">a</a><button{% if x %} disabled{% endif %}>b</button>
<button class="round" name="x">c</button><summary class="btn text">d</summary><a class="link">e</a>"""
    assert stylesheets.buttons(source) == ["btn small quiet", "", "round", "btn text"]
    assert [said for said in stylesheets.buttons(source) if not HOUSE.fullmatch(said)] == [
        "btn small quiet",
        "",
        "round",
    ]


def test_what_a_script_does_with_classes_is_found():
    source = """a.classList.toggle("over", yes); b.className = "btn text"; c.querySelector(".name [data-x='.no']"); d.closest("form")"""
    assert stylesheets.script_classes(source) == ({"over", "btn", "text"}, {"name"})
