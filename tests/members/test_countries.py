"""The countries one may choose are those whose holidays are known."""

import holidays

from members.countries import COUNTRIES


def test_every_country_on_the_list_has_a_holiday_calendar():
    codes = [code for code, _ in COUNTRIES]
    assert [code for code in codes if code not in holidays.list_supported_countries()] == []
    assert len(set(codes)) == len(codes)
