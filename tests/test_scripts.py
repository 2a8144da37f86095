"""Our scripts share one page: none may take a name that another has at its top."""

import re
from collections import Counter

from tests.translatable import ROOT

TOP = re.compile(r"^(?:const|let|var|class|(?:async )?function\*?)\s+(\w+)", re.MULTILINE)


def taken_twice(sources: list[str]) -> list[str]:
    names = Counter(name for source in sources for name in set(TOP.findall(source)))
    return sorted(name for name, count in names.items() if count > 1)


def test_no_two_scripts_have_a_name_in_common():
    sources = [path.read_text("utf8") for path in sorted((ROOT / "static" / "js").glob("*.js"))]
    assert sum(len(TOP.findall(source)) for source in sources) > 5
    assert taken_twice(sources) == []


def test_a_name_that_two_scripts_take_is_found():
    assert taken_twice(
        ["const form = 1;\nfor (const a of b) {\n  const one = 2;\n}", "class form {}\nasync function one() {}"]
    ) == ["form"]
