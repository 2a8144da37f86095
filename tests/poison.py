"""Rows that no reader can read: values that the database keeps and Python refuses, written past the models."""

from django.db import connection

NO_MOMENT = {"sqlite": "2026-13-45 00:00:00", "postgresql": "infinity"}
NO_CLOCK = dict.fromkeys(NO_MOMENT, "24:00:00")


def spoil(row, column: str, value: dict[str, str] = NO_MOMENT) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE {row._meta.db_table} SET "{column}" = %s WHERE id = %s', [value[connection.vendor], row.pk]
        )
