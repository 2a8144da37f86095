"""Days off as people type them."""

from datetime import date

import pytest

from schedule.planning import days_off


@pytest.mark.parametrize(
    ("text", "first", "last", "reason"),
    [
        ("2026-04-20 – 2026-04-25 midterms", date(2026, 4, 20), date(2026, 4, 25), "midterms"),
        ("2026-04-20 - 2026-04-25 midterms", date(2026, 4, 20), date(2026, 4, 25), "midterms"),
        ("2026-4-20~4-25 중간고사", date(2026, 4, 20), date(2026, 4, 25), "중간고사"),
        ("2026.5.5. 학교 축제", date(2026, 5, 5), date(2026, 5, 5), "학교 축제"),
        ("2026년 4월 20일부터 4월 25일까지 중간고사", date(2026, 4, 20), date(2026, 4, 25), "중간고사"),
        ("2026-12-28 to 2027-01-04, new year", date(2026, 12, 28), date(2027, 1, 4), "new year"),
        ("2026-06-15", date(2026, 6, 15), date(2026, 6, 15), ""),
    ],
)
def test_a_line_names_its_days_and_its_reason(text, first, last, reason):
    (line,) = days_off.parse(text)
    assert (line.first, line.last, line.reason, line.problem) == (first, last, reason, "")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("midterms", days_off.NOT_A_DAY),
        ("20 April", days_off.NOT_A_DAY),
        ("2026-02-30 leap", days_off.NO_SUCH_DAY),
        ("2026-13-01", days_off.NO_SUCH_DAY),
        ("9999-12-31", days_off.OTHER_CENTURY),
        ("1926-04-20", days_off.OTHER_CENTURY),
        ("2026-05-02 – 2026-05-01", days_off.BACKWARDS),
        ("2026-01-01 – 2027-01-01", days_off.TOO_LONG),
    ],
)
def test_a_line_that_names_no_days_says_why(text, problem):
    (line,) = days_off.parse(text)
    assert (line.problem, line.text) == (problem, text)


def test_every_line_has_its_own_verdict_and_its_number():
    lines = days_off.parse("2026-04-20 exam\n\nnonsense\n2026-04-22")
    assert [(line.number, line.problem) for line in lines] == [(1, ""), (3, days_off.NOT_A_DAY), (4, "")]


def test_what_is_stored_reads_back_as_it_was_typed():
    text = "2026-04-20 – 2026-04-25 midterms\n2026-05-05"
    rows = days_off.as_rows(days_off.parse(text))
    assert days_off.as_text(rows) == text
    assert days_off.reasons(rows)[date(2026, 4, 25)] == "midterms"
    assert len(days_off.reasons(rows)) == 7
