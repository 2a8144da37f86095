"""The house rules that a machine can see, each a function from sources to complaints. docs: README, "Changing it"."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("members", "papers", "schedule")
MAY_IMPORT = {"members": set(), "papers": {"members"}, "schedule": {"members", "papers"}, "studygroup": set()}
PURE = (
    "papers/extraction/",
    "schedule/dates.py",
    "schedule/rotation.py",
    "schedule/fairness/seating.py",
    "schedule/fairness/spacing.py",
    "schedule/fairness/cost.py",
    "schedule/terms/days_off.py",
    "schedule/jumping/nearness.py",
    "studygroup/bootstrap.py",
)
FORBIDDEN_NAMES = {"services.py", "utils.py", "helpers.py", "common.py", "signals.py", "mixins.py", "base.py"}
# inside an app; what is not named here is a verb or a pure module, on the second floor
FLOORS = {
    "models": 1,
    "clocks": 1,
    "records": 1,
    "files": 1,
    "querysets": 1,
    "tasks": 3,
    "forms": 3,
    "views": 4,
    "admin": 4,
    "management": 4,
    "urls": 5,
}
LONGEST_FUNCTION, LONGEST_FILE = 40, 300
# a library that takes long to load, or that only some machines have, may be imported where it is used
LATE = {"holidays"}
LATE_FILES = {
    "manage.py",  # runs before Django is installed
    "papers/extraction/child.py",  # imports only what its one task needs: the app never meets it
    "studygroup/management/commands/test.py",  # tests are not part of what is deployed
}


def sources() -> dict[str, str]:
    """{path from the root: source} of everything that is deployed."""
    paths = [ROOT / "manage.py"]
    for package in (*APPS, "studygroup"):
        paths += [p for p in sorted((ROOT / package).rglob("*.py")) if "migrations" not in p.parts]
    return {str(p.relative_to(ROOT)): p.read_text("utf8") for p in paths}


def complaints(files: dict[str, str]) -> list[str]:
    found = []
    for path, source in files.items():
        tree = ast.parse(source)
        for rule in (layers, floors, purity, late_imports, lengths, names, signals):
            found += [f"{path}: {words}" for words in rule(path, tree, source)]
    return found


def imported(tree) -> list[tuple[int, str, bool]]:
    """(line, module, at the top?) of every import."""
    top = set(map(id, tree.body))
    for node in tree.body:  # `if TYPE_CHECKING:` and `try:` at module level are the top, too
        if isinstance(node, ast.If | ast.Try):
            top |= {id(inner) for inner in ast.walk(node)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.lineno, node.module or "", id(node) in top))
    return found


def layers(path, tree, source):
    """schedule -> papers -> members, and nobody imports studygroup but itself."""
    home = path.split("/")[0]
    for line, module, _top in imported(tree):
        package = module.split(".")[0]
        if home in MAY_IMPORT and package in MAY_IMPORT and package != home and package not in MAY_IMPORT[home]:
            yield f"line {line} imports {module}; {home} may import {sorted(MAY_IMPORT[home]) or 'no other app'}"


def floors(path, tree, source):
    """Inside an app: models <- verbs <- tasks, forms <- views, admin, commands <- urls."""
    home, *inside = path.removesuffix(".py").split("/")
    if home not in APPS:
        return
    for line, module in own_modules(tree, home):
        if _floor(module) > _floor(inside[0]) or (inside[0] == "models" and _floor(module) == 2):
            yield f"line {line} imports {home}.{module} from above {inside[0]}"


def own_modules(tree, app) -> list[tuple[int, str]]:
    """(line, "views") of every import of a module of the same app, however it is written."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found += [(node.lineno, name.split(".")[1]) for name in names if name.startswith(f"{app}.")]
    return found


def _floor(module):
    return FLOORS.get(module, 2)


def purity(path, tree, source):
    """Pure modules know no Django and no database."""
    if not path.startswith(PURE):
        return
    for line, module, _top in imported(tree):
        if module.split(".")[0] in {"django", "celery", "members"} or module.endswith(".models"):
            yield f"line {line} imports {module}; this module is plain Python"


def late_imports(path, tree, source):
    """Imports stand at the top."""
    if path in LATE_FILES:
        return
    for line, module, top in imported(tree):
        if not top and module not in LATE:
            yield f"line {line} imports {module} inside a function; move it to the top, or the code to where it belongs"


def lengths(path, tree, source):
    if (count := len(source.splitlines())) > LONGEST_FILE:
        yield f"{count} lines, at most {LONGEST_FILE}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and (count := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION:
            yield f"{node.name}() has {count} lines, at most {LONGEST_FUNCTION}"


def names(path, tree, source):
    """No layers, no generic base models."""
    if "abstract = True" in source:
        yield "has an abstract model; say it where it is used"
    if Path(path).name in FORBIDDEN_NAMES:
        yield "is named for a layer; name it for what the group does"


def signals(path, tree, source):
    for line, module, _top in imported(tree):
        if module in {"django.dispatch", "django.db.models.signals"}:
            yield f"line {line} uses signals; call the verb instead"
