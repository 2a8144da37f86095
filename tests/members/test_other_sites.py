"""Which addresses another site has confirmed, in the words of each site."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialLogin

from members.other_sites import confirmed_addresses


@pytest.mark.parametrize(
    ("site", "email", "verified", "extra", "counts"),
    [
        ("site", "a@example.org", True, {}, True),
        ("site", "a@example.org", "true", {}, True),
        ("site", "a@example.org", "false", {}, False),
        ("site", "a@example.org", None, {}, False),
        ("github", "A@Example.org", True, {}, True),
        ("kakao", "a@example.org", True, {"kakao_account": {"is_email_valid": True}}, True),
        ("kakao", "a@example.org", True, {"kakao_account": {"is_email_valid": False}}, False),
        ("kakao", "a@example.org", True, {}, False),
        ("naver", "a@naver.com", True, {}, True),
        ("naver", "a@example.org", True, {}, False),
        ("naver", "a@naver.com.example.org", True, {}, False),
    ],
)
def test_an_address_counts_when_the_site_says_that_it_has_confirmed_it(site, email, verified, extra, counts):
    account = SocialAccount(provider=site, uid="1", extra_data=extra)
    login = SocialLogin(account=account, email_addresses=[EmailAddress(email=email, verified=verified)])
    assert confirmed_addresses(login) == ([email.lower()] if counts else [])
