"""What a group was called in files of earlier versions, said in the words of this one."""

TABLES = {"marks": "attendance_records", "letters": "notifications"}
FIELDS = {"memberships": {"spine": "colour"}, "notifications": {"nth": "dedupe_key"}}
KINDS = {"farewell": "calendar_cancelled"}


def from_schema_1(told: dict) -> None:
    """Bring a document of schema 1 to schema 2, as far as it has the shape of one: what is odd in it is told later."""
    _renamed(told, TABLES)
    for table, names in FIELDS.items():
        for row in _rows(told, table):
            _renamed(row, names)
    for row in _rows(told, "notifications"):
        row["kind"] = _kind(row.get("kind"))
    told["schema"] = 2


def _renamed(row: dict, names: dict[str, str]) -> None:
    for old, new in names.items():
        if old in row:
            row[new] = row.pop(old)


def _rows(told: dict, table: str) -> list[dict]:
    rows = told.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _kind(kind):
    return KINDS.get(kind, kind) if isinstance(kind, str) else kind
