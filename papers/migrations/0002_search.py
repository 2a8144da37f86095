"""What papers/search.py looks in: an FTS5 table that follows papers_papertext by triggers, or GIN indexes on it."""

from django.db import migrations

COLUMNS = "title_tokens, card_tokens, body_tokens"
NEW = "new.paper_id, new.title_tokens, new.card_tokens, new.body_tokens"
FORGET = (
    f"INSERT INTO papers_search (papers_search, rowid, {COLUMNS}) "
    "VALUES ('delete', old.paper_id, old.title_tokens, old.card_tokens, old.body_tokens);"
)
LEARN = f"INSERT INTO papers_search (rowid, {COLUMNS}) VALUES ({NEW});"

SQLITE = [
    f"CREATE VIRTUAL TABLE papers_search USING fts5 ({COLUMNS}, content='papers_papertext', "
    "content_rowid='paper_id', tokenize='ascii', detail='column')",
    f"CREATE TRIGGER papers_search_added AFTER INSERT ON papers_papertext BEGIN {LEARN} END",
    f"CREATE TRIGGER papers_search_gone AFTER DELETE ON papers_papertext BEGIN {FORGET} END",
    f"CREATE TRIGGER papers_search_changed AFTER UPDATE ON papers_papertext BEGIN {FORGET} {LEARN} END",
    f"INSERT INTO papers_search (papers_search) VALUES ('rebuild')",
]
SQLITE_BACK = [
    "DROP TRIGGER papers_search_added",
    "DROP TRIGGER papers_search_gone",
    "DROP TRIGGER papers_search_changed",
    "DROP TABLE papers_search",
]

POSTGRESQL = {
    "papers_search_title": "title_tokens",
    "papers_search_card": "card_tokens",
    "papers_search_anywhere": "card_tokens || ' ' || body_tokens",
}
# A search is a function because only a function can insist on the index. Left to itself the planner computes the vector of
# every row when many match: it does not see how long the texts are that lie outside the table's own pages.
FIND = """
CREATE FUNCTION {name}(wanted tsquery) RETURNS SETOF bigint LANGUAGE sql STABLE
SET enable_seqscan = off SET enable_indexscan = off SET jit = off
AS $$ SELECT paper_id FROM papers_papertext WHERE {vector} @@ wanted $$
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE:
            schema_editor.execute(statement)
    elif schema_editor.connection.vendor == "postgresql":
        for name, columns in POSTGRESQL.items():
            vector = f"array_to_tsvector(string_to_array(btrim({columns}), ' '))"
            schema_editor.execute(f"CREATE INDEX {name} ON papers_papertext USING gin ({vector})")
            schema_editor.execute(FIND.format(name=name, vector=vector))


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        for statement in SQLITE_BACK:
            schema_editor.execute(statement)
    elif schema_editor.connection.vendor == "postgresql":
        for name in POSTGRESQL:
            schema_editor.execute(f"DROP FUNCTION {name}(tsquery)")
            schema_editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):

    dependencies = [("papers", "0001_start")]

    operations = [migrations.RunPython(forwards, backwards)]
