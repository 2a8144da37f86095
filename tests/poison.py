"""Rows that no reader can read: moments that the database keeps and Python has not, written past the models."""

from django.db import connection

NO_MOMENT = {"sqlite": "2026-13-45 00:00:00", "postgresql": "10000-01-01 00:00:00+00"}


def spoil(row, column: str) -> None:
    """Put such a moment into a column of the row."""
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {row._meta.db_table} SET "{column}" = %s WHERE id = %s', [NO_MOMENT[connection.vendor], row.pk]
        )
