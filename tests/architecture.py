"""The rules of the structure that a machine can see. docs/developers.md, "The packages", says what they are for."""

import ast
import re
from collections import defaultdict
from pathlib import Path

from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
# apps, and in each its packages and modules: each imports only what stands above it
ORDER = {
    "members": (
        "time_zones", "countries", "numbers", "archive", "sandbox", "enqueue", "scripts", "columns", "stored_files", "context",
        "message_storage", "second_step", "names", "records", "account_records", "browsers", "audit", "limits", "cache", "models", "devices",
        "form_tokens", "middleware", "access", "accounts", "membership", "demo", "templatetags", "storage", "mail", "founding",
        "invitation_limits", "invitation_stops", "invitations", "preferences", "address_proof", "failures", "smtp_answers", "addresses", "mail_queue",
        "edit_forms", "forms", "invitation_mail", "join_by_mail", "reauthentication", "address_changes", "account_notices", "account_events", "activity",
        "adapter", "other_sites", "tasks", "views", "account_admin", "admin", "management", "apps", "account_urls", "urls",
    ),
    "papers": (
        "labels", "clean_text", "turn_taking", "demo_pdf", "extraction", "models", "access", "presented", "search", "duplicates", "uploads", "forms",
        "tagging", "library", "library_list", "files", "lookup", "processing", "citations", "intake", "paper_page", "templatetags",
        "tasks", "trash_views", "views", "admin", "management", "apps", "urls",
    ),
    "schedule": (
        "models", "access", "refusal", "dates", "pictures", "markup", "formatting", "form_inputs", "rotation", "calendars",
        "notifications", "planning", "meetings", "reports", "transfer", "search", "home", "demo", "worker", "templatetags",
        "admin", "management", "urls", "apps",
    ),
    "studygroup": (
        "bootstrap", "environment", "other_sites", "secret", "secret_addresses", "logs", "file_broker", "processes", "compression", "headers", "manifest", "former_addresses", "translations",
        "backup_archive", "backups", "errors", "health", "celery", "apps", "settings", "wsgi", "gunicorn_conf", "management", "urls",
    ),
}  # fmt: skip
APPS = ("members", "papers", "schedule")  # in their order, too; studygroup wires them and is imported by none
# plain Python, which pure modules and studygroup may import: a backup is a zip, too, and every process is to be hidden
PLAIN = ("members.archive", "members.sandbox")
PURE = (
    "members/archive.py",
    "members/sandbox/",
    "papers/citations/bib_file.py",
    "papers/clean_text.py",
    "members/browsers.py",
    "papers/extraction/",
    "schedule/dates.py",
    "schedule/meetings/photo_drawing.py",
    "schedule/pictures.py",
    "schedule/reports/deck_drawing.py",
    "schedule/reports/deck_file.py",
    "schedule/reports/deck_layouts.py",
    "schedule/reports/deck_master.py",
    "schedule/reports/deck_sample.py",
    "schedule/rotation/cost.py",
    "schedule/rotation/seating.py",
    "schedule/rotation/solver.py",
    "schedule/rotation/spacing.py",
    "schedule/planning/days_off.py",
    "schedule/search/nearness.py",
    "studygroup/bootstrap.py",
)
FORBIDDEN_NAMES = {"services.py", "utils.py", "helpers.py", "common.py", "signals.py", "mixins.py", "base.py"}
# Django imports all models of an app from there; extraction shows its public face
# and a task of the sandbox needs one name of it only
HANDS_ON_NAMES = {"schedule/models/__init__.py", "papers/extraction/__init__.py", "members/sandbox/__init__.py"}
LONGEST_FUNCTION, LONGEST_FILE = 40, 300
# a library that takes long to load, or that only some machines have, may be imported where it is used
LATE = {"holidays", "httpx", "httpcore"}
LATE_FILES = {
    "manage.py",  # runs before Django is installed
    "studygroup/management/commands/test.py",  # tests are not part of what is deployed
}
# who may do what is decided from these, and only in the modules named access.py
ROLES = {"is_organizer", "role", "is_staff", "organizes"}
ROLE_IN_TEMPLATE = re.compile(r"\.role\b|is_organizer|is_staff")
NAMED_BY_DJANGO = re.compile(r"Command|Meta|Media|Migration|\w+Config|\w*Admin")


def sources() -> dict[str, str]:
    """Return {path from the root: source} of everything that is deployed."""
    paths = [ROOT / "manage.py"]
    for package in ORDER:
        paths += [p for p in sorted((ROOT / package).rglob("*.py")) if "migrations" not in p.parts]
    return {str(p.relative_to(ROOT)): p.read_text("utf8") for p in paths}


def templates() -> dict[str, str]:
    """Return {path from the root: source} of all templates."""
    paths = [path for path in sorted((ROOT / "templates").rglob("*")) if path.is_file()]
    return {str(path.relative_to(ROOT)): path.read_text("utf8") for path in paths}


def complaints(files: dict[str, str]) -> list[str]:
    """Return what breaks a rule, in words, each with its path."""
    found = []
    modules = {path: source for path, source in files.items() if path.endswith(".py")}
    for path, source in modules.items():
        tree = ast.parse(source)
        for rule in (layers, order, relations, purity, late_imports, handing_on, lengths, names, signals, roles):
            found += [f"{path}: {words}" for words in rule(path, tree, source)]
    for path in files.keys() - modules.keys():
        found += [f"{path}: {words}" for words in roles_in_template(files[path])]
    return found + [*circles(modules), *same_names(modules)]


# ── who imports whom ─────────────────────────────────────────────────────────────────────────────
def imported(tree) -> list[tuple[int, str, bool]]:
    """Return (line, module, at the top?) of every import; "a.b" for each name b that is imported from a."""
    top = set(map(id, tree.body))
    for node in tree.body:  # `if TYPE_CHECKING:` and `try:` at module level are the top, too
        if isinstance(node, ast.If | ast.Try):
            top |= {id(inner) for inner in ast.walk(node)}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [(node.lineno, f"{node.module or ''}.{alias.name}", id(node) in top) for alias in node.names]
    return found


def layers(path, tree, source):
    """schedule -> papers -> members, and nobody imports studygroup but itself, which imports what reads zips."""
    app = path.split("/")[0]
    below = set(APPS[: APPS.index(app)]) if app in APPS else set()
    for line, module, _top in imported(tree):
        other = module.split(".")[0]
        if app == "studygroup" and _is_plain(module):
            continue
        if app in ORDER and other in ORDER and other not in {app, *below}:
            yield f"line {line} imports {module}; {app} may import {sorted(below) or 'no other app'}"


def _is_plain(module) -> bool:
    return any(f"{module}.".startswith(f"{plain}.") for plain in PLAIN)


def order(path, tree, source):
    """Inside an app: each package imports only those above it in ORDER, where every one of them stands."""
    app, *inside = path.removesuffix(".py").split("/")
    if app not in ORDER or inside == ["__init__"]:
        return
    if inside[0] not in ORDER[app]:
        yield f"{app}.{inside[0]} has no place in the order of packages; give it one in tests/architecture.py"
        return
    for line, module, _top in imported(tree):
        first, *rest = module.split(".")
        if first == app and rest and rest[0] in ORDER[app] and ORDER[app].index(rest[0]) > ORDER[app].index(inside[0]):
            yield f"line {line} imports {app}.{rest[0]}, which stands below {app}.{inside[0]} in the order of packages"


def circles(files: dict[str, str]):
    """No module imports itself by way of others."""
    known = {module_of(path) for path in files}
    uses = {module_of(path): _modules(ast.parse(source), known) - {module_of(path)} for path, source in files.items()}
    left = dict(uses)
    while free := [module for module, used in left.items() if not used & left.keys()]:
        for module in free:
            del left[module]
    while free := [module for module in left if not any(module in left[other] for other in left if other != module)]:
        for module in free:
            del left[module]
    if left:
        yield f"in a circle of imports: {', '.join(sorted(left))}"


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _modules(tree, known: set[str]) -> set[str]:
    """Return what is imported, by the longest name that is a module."""
    return {found for _line, name, _top in imported(tree) for found in [_module(name, known)] if found}


def _module(name, known):
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name


def relations(path, tree, source):
    """A lower app uses no relation that a higher one declares, and spells none of its models in a string."""
    app = path.split("/")[0]
    if app not in APPS:
        return
    foreign = declared_above(app)
    asked = {id(word) for node in ast.walk(tree) if isinstance(node, ast.Call) and _asks(node) for word in node.args}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in foreign:
            yield f"line {node.lineno} uses .{node.attr}, which {foreign[node.attr]} declares"
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            first, *rest = node.value.split("__")
            if first in foreign and (rest or id(node) in asked):
                yield f'line {node.lineno} spells "{node.value}", which {foreign[first]} declares'
            elif node.value.split(".")[0] in _above(app) and re.fullmatch(r"\w+\.[A-Z]\w+", node.value):
                yield f'line {node.lineno} spells the model "{node.value}" of a higher app'


def _asks(call) -> bool:
    """Whether its words are names of relations, and not just words."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in {"prefetch_related", "select_related", "Prefetch", "Count", "F", "values", "values_list", "order_by"}


def _above(app) -> set[str]:
    return set(APPS[APPS.index(app) + 1 :])


def declared_above(app: str) -> dict[str, str]:
    """Return {name of a relation on the app's models: the higher app's model that declares it}."""
    found, own = {}, set()
    for model in apps.get_app_config(app).get_models():
        own |= {field.name for field in model._meta.get_fields() if not field.auto_created or _declares(field, app)}
        for field in model._meta.get_fields():
            if field.auto_created and field.is_relation and field.related_model._meta.app_label in _above(app):
                found[field.get_accessor_name()] = field.related_model._meta.label
    return {name: model for name, model in found.items() if name not in own}


def _declares(field, app):
    return bool(field.is_relation and field.related_model and field.related_model._meta.app_label == app)


# ── each file by itself ──────────────────────────────────────────────────────────────────────────
def purity(path, tree, source):
    """Pure modules know no Django and no database."""
    if not path.startswith(PURE):
        return
    for line, module, _top in imported(tree):
        if module.split(".")[0] in {"django", "celery", "members"} and not _is_plain(module) or ".models" in module:
            yield f"line {line} imports {module}; this module is plain Python"


def late_imports(path, tree, source):
    """Imports stand at the top."""
    if path in LATE_FILES:
        return
    for line, module, top in imported(tree):
        if not top and module.split(".")[0] not in LATE:
            yield f"line {line} imports {module} inside a function; move it to the top, or the code to where it belongs"


def handing_on(path, tree, source):
    """A package's __init__ says what it is for, and nothing else: who wants a name imports it from where it is defined."""
    if not path.endswith("/__init__.py") or path in HANDS_ON_NAMES:
        return
    if len(tree.body) > 1 or (tree.body and ast.get_docstring(tree) is None):
        yield "does more than say what the package is for"
    if path.count("/") > 1 and "/management/" not in path and "/templatetags/" not in path and not tree.body:
        yield "does not say what the package is for"


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


def same_names(files: dict[str, str]):
    """One class name, one idea."""
    where = defaultdict(list)
    for path, source in files.items():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ClassDef) and not NAMED_BY_DJANGO.fullmatch(node.name):
                where[node.name].append(path)
    for name, paths in sorted(where.items()):
        if len(paths) > 1:
            yield f"class {name} is defined in {', '.join(paths)}"


def signals(path, tree, source):
    for line, module, _top in imported(tree):
        if module.startswith(("django.dispatch", "django.db.models.signals")):
            yield f"line {line} uses signals; call the verb instead"


# ── who may do what ──────────────────────────────────────────────────────────────────────────────
def roles(path, tree, source):
    """Only access.py looks at roles; the models define them. Strings, as the columns of admin.py, are not looked at."""
    if Path(path).name in {"access.py", "models.py"} or "/models/" in path:
        return
    for node in ast.walk(tree):
        names = [getattr(node, "attr", None)]  # membership.role
        if isinstance(node, ast.keyword) and node.arg != "role":  # filter(is_staff=True); a row may be made with a role
            names.append(node.arg)
        elif isinstance(node, ast.ImportFrom):
            names += [alias.name for alias in node.names]
        for name in ROLES.intersection(names):
            yield f"line {node.lineno} asks for {name}; ask a function of access.py"


def roles_in_template(source):
    """Templates ask the filters of an app's access.py, never for a role."""
    for line, text in enumerate(source.splitlines(), 1):
        for name in ROLE_IN_TEMPLATE.findall(text):
            yield f"line {line} asks for {name.lstrip('.')}; ask a filter of {{% load …_access %}}"
