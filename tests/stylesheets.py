"""Style sheets and the classes of templates as data, each rule of the house a function from them to complaints."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import product

LAYERS = ("tokens", "base", "components", "pages")
SAME = 3  # declarations that may not stand in two places
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
QUOTED = re.compile(r'"[^"\n]*"|\'[^\'\n]*\'')
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
BRACKETS = re.compile(r"\[[^\]]*\]")
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(|\b(?:black|white|gr[ae]y|red|green|blue|yellow|orange)\b",
    re.I,
)
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
DARK = ("@media screen and (prefers-color-scheme: dark)", "@media screen")


@dataclass(frozen=True)
class Rule:
    layer: str
    at: tuple[str, ...]  # the other at-rules around it
    selector: str
    body: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sheet:
    rules: list[Rule]
    orders: list[str]  # of layers, as `@layer a, b;` says


def _pieces(text):
    """("{", prelude), (";", statement) and ("}", what stood before it), in order; braces in quotes are text."""
    start = position = depth = 0
    while position < len(text):
        if quoted := QUOTED.match(text, position):
            position = quoted.end()
            continue
        sign = text[position]
        depth += (sign == "(") - (sign == ")")
        position += 1
        if sign in "{};" and not depth:
            yield sign, " ".join(text[start : position - 1].split())
            start = position


def parse(text: str) -> Sheet:
    rules, orders, open_blocks = [], [], []
    for sign, said in _pieces(COMMENT.sub(" ", text)):
        if sign == "{":
            open_blocks.append((said, []))
        elif said and said.startswith("@layer"):
            orders.append(said.removeprefix("@layer").strip())
        elif said:
            name, _colon, value = said.partition(":")
            open_blocks[-1][1].append((name.strip(), value.strip()))
        if sign == "}":
            prelude, body = open_blocks.pop()
            if body:
                rules.append(_rule([before for before, _body in open_blocks], prelude, body))
    assert not open_blocks, open_blocks
    return Sheet(rules, orders)


def _rule(around, selector, body):
    layers = [at.removeprefix("@layer").strip() for at in around if at.startswith("@layer")]
    return Rule(" ".join(layers), tuple(at for at in around if not at.startswith("@layer")), selector, tuple(body))


def split(selector: str) -> list[str]:
    """The selectors of a list: commas inside brackets and :is() are their own."""
    depth, found = 0, [""]
    for sign in selector:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and not depth:
            found.append("")
        else:
            found[-1] += sign
    return [one.strip() for one in found]


def classes(sheet: Sheet) -> set[str]:
    return {name for rule in sheet.rules for name in CLASS.findall(BRACKETS.sub("", rule.selector))}


def shouted(sheet):
    return [f"{rule.selector} {{{name}}}" for rule in sheet.rules for name, value in rule.body if "!" in value]


def moving(sheet):
    """What moves although its reader may have asked for less motion."""
    moves = ("transition", "animation", "scroll-behavior")
    calm = "@media (prefers-reduced-motion: no-preference)"
    return [
        f"{rule.selector} {{{name}}}"
        for rule in sheet.rules
        for name, _value in rule.body
        if name.startswith(moves) and calm not in rule.at
    ]


def outside_layers(sheet):
    return [rule.selector for rule in sheet.rules if rule.layer not in LAYERS]


def loose_colours(sheet, home=""):
    """Colours outside of the custom properties of the rule that is their home; what is quoted or an address is no colour."""
    return [
        f"{rule.selector} {{{name}: {value}}}"
        for rule in sheet.rules
        for name, value in rule.body
        if COLOUR.search(re.sub(r"url\(.*?\)", "", QUOTED.sub("", value)))
        and not (name.startswith("--") and rule.selector == home)
    ]


def variables(sheet) -> tuple[set[str], set[str]]:
    """(defined, used)"""
    body = [pair for rule in sheet.rules for pair in rule.body]
    return {name for name, _value in body if name.startswith("--")}, {
        name for _name, value in body for name in VARIABLE.findall(value)
    }


def dark_differences(sheet):
    """What the reader's choice of dark says otherwise than the system's."""
    by_system, by_choice = (dict(dark.body) for dark in _darks(sheet))
    names = sorted(by_system.keys() | by_choice.keys())
    return [name for name in names if by_system.get(name) != by_choice.get(name)]


def only_light(sheet):
    """Colours that the dark theme leaves as they are."""
    light = next(rule for rule in sheet.rules if not rule.at)
    return [
        name
        for name, value in light.body
        if COLOUR.search(QUOTED.sub("", value)) and name not in dict(_darks(sheet)[0].body)
    ]


def _darks(sheet):
    return [next(rule for rule in sheet.rules if rule.at == (at,)) for at in DARK]


def doubles(sheet):
    """Bodies of some length that two rules spell alike (not themes), and selectors that stand twice under one condition."""
    bodies, places, themes = defaultdict(list), Counter(), [rule for rule in sheet.rules if rule.layer == "tokens"]
    for rule in sheet.rules:
        if len(rule.body) >= SAME and rule not in themes:
            bodies[frozenset(rule.body)].append(rule.selector)
        places[rule.at, rule.selector] += 1
    return sorted(" = ".join(alike) for alike in bodies.values() if len(alike) > 1) + sorted(
        " ".join((*at, selector)) for (at, selector), count in places.items() if count > 1
    )


# ── templates and scripts ──

ATTRIBUTE = re.compile(r'\bclass="((?:[^"{]|\{%.*?%\}|\{\{.*?\}\})*)"', re.DOTALL)
MAIN_CLASS = re.compile(r"\{%\s*block main_class\s*%\}(.*?)\{%\s*endblock\s*%\}", re.DOTALL)
CHOICE = re.compile(r"\{%\s*if\b.*?%\}(?P<ways>(?:(?!\{%\s*if\b).)*?)\{%\s*endif\s*%\}", re.DOTALL)
ELSE = re.compile(r"\{%\s*(?:el(?:se\s*%|if\b.*?%)\})", re.DOTALL)
REMARK = re.compile(r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", re.DOTALL)
VALUE = re.compile(r"\{\{\s*(.*?)\s*\}\}", re.DOTALL)
PRESSED = re.compile(r"<(?:\{%.*?%\}|[^>{]|\{\{.*?\}\})*?>", re.DOTALL)
JS_SET = re.compile(r"""classList\.(?:add|remove|toggle)\(\s*["']([\w-]+)["']|className\s*=\s*["']([\w -]+)["']""")
JS_SOUGHT = re.compile(r"""(?:querySelector(?:All)?|closest|matches)\(\s*["'`]([^"'`]+)["'`]""")


def ways(attribute: str) -> list[str]:
    """What a class attribute can say: one text for each way through its {% if %}s, {{ values }} left as {values}."""
    parts, end = [], 0
    for choice in CHOICE.finditer(attribute):
        inner = ELSE.split(choice["ways"])
        always = re.search(r"\{%\s*else\s*%\}", choice["ways"])
        parts += [[attribute[end : choice.start()]], inner if always else [*inner, ""]]
        end = choice.end()
    texts = ["".join(one) for one in product(*parts, [attribute[end:]])]
    return [
        " ".join(re.sub(r"\{%.*?%\}", " ", VALUE.sub(lambda m: "{" + m[1].replace(" ", "") + "}", text)).split())
        for text in texts
    ]


def template_classes(source: str) -> set[str]:
    """Every class that a template can give; one that is made of a value is named like p{colour}."""
    source = REMARK.sub("", source)
    found = [*ATTRIBUTE.findall(source), *MAIN_CLASS.findall(source)]
    return {name for attribute in found for text in ways(attribute) for name in text.split()}


def script_classes(source: str) -> tuple[set[str], set[str]]:
    """(that a script gives, that a script looks for)"""
    given = {name for pair in JS_SET.findall(source) for text in pair for name in text.split()}
    return given, {name for text in JS_SOUGHT.findall(source) for name in CLASS.findall(BRACKETS.sub("", text))}


def buttons(source: str) -> list[str]:
    """How each button is spelled: of <button> every one, of other elements what has the class btn; "" without a class."""
    found = []
    for tag in PRESSED.findall(REMARK.sub("", source)):
        said = [text for attribute in ATTRIBUTE.findall(tag)[:1] for text in ways(attribute)] or [""]
        is_button = tag.startswith("<button") or any("btn" in text.split() for text in said)
        found += said if is_button else []
    return found
