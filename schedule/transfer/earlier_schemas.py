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
    invited: dict[tuple, int] = {}  # who was last invited to what, and by which row
    for place, row in enumerate(_rows(told, "notifications"), 1):
        to = str(row.get("session")), str(row.get("recipient"))
        if kind := KINDS.get(str(row.get("kind"))):  # what it takes back was told by a number of the old database
            row |= {"kind": kind, "dedupe_key": invited.get(to, 0)}
        elif row.get("invited"):
            invited[to] = place
    told["schema"] = 2


def _renamed(row: dict, names: dict[str, str]) -> None:
    for old, new in names.items():
        if old in row:
            row[new] = row.pop(old)


def _rows(told: dict, table: str) -> list[dict]:
    rows = told.get(table)
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
