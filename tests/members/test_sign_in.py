"""Whose sign-in has ended: pages lead to the sign-in page and back, scripts get 401 and never a page that says 200."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

pytestmark = pytest.mark.django_db
JSON, HTMX = {"Accept": "application/json"}, {"HX-Request": "true"}
SAMPLES = {"int": "1", "slug": "study", "str": "x", "uuid": "00000000-0000-0000-0000-000000000000", "form": "bib"}
WAY = "/accounts/login/?next=/g/study/schedule/1/%3Fpast%3D1"
WORDS = {
    "words": "Your sign-in has ended, so nothing was saved. What you wrote is kept in this browser.",
    "link": "Sign in again",
    "sign_in": WAY,
}


def of_members():
    """Every address of ours that asks for a sign-in, with something for each of its parts."""

    def walk(patterns, before):
        for pattern in patterns:
            path = before + str(pattern.pattern)
            if not isinstance(pattern, URLPattern):
                if pattern.app_name not in {"admin"} and path != "accounts/":
                    yield from walk(pattern.url_patterns, path)
            elif getattr(pattern.callback, "login_required", True):
                yield "/" + re.sub(r"<(\w+):\w+>", lambda part: SAMPLES[part[1]], path)

    return sorted(set(walk(get_resolver().url_patterns, "")))


def test_a_script_without_a_sign_in_gets_401_at_every_address_that_asks_for_one():
    client, addresses = Client(), of_members()
    assert len(addresses) > 80
    for headers in (JSON, HTMX):
        for ask in (client.get, client.post):
            assert {address: ask(address, headers=headers).status_code for address in addresses} == dict.fromkeys(
                addresses, 401
            )


def test_a_script_hears_in_words_how_it_goes_on():
    referer = {"Referer": "http://testserver/g/study/schedule/1/?past=1"}
    answer = Client().post("/g/study/schedule/1/minutes/", {"text": "x"}, headers=JSON | referer)
    assert (answer.status_code, answer.json(), answer["Cache-Control"]) == (401, WORDS, "private, no-store")
    notice = Client().get("/g/study/papers/", headers=HTMX | referer)
    assert (notice.status_code, notice["Cache-Control"]) == (401, "private, no-store")
    assert f'href="{WAY}" target="_blank"' in notice.text and "Your sign-in has ended." in notice.text
    assert "<html" not in notice.text


def test_cookies_that_are_all_gone_are_a_sign_in_that_ended_not_a_form_without_token():
    client = Client(enforce_csrf_checks=True)
    assert client.post("/g/study/schedule/1/minutes/", {"text": "x"}, headers=JSON).status_code == 401
    assert client.post("/g/study/schedule/1/minutes/", {"text": "x"}).headers["Location"] == "/accounts/login/?next=/"


def test_a_form_without_the_token_is_still_refused_to_those_who_are_signed_in(study):
    client = Client(enforce_csrf_checks=True)
    client.force_login(study["alice"].member, backend="django.contrib.auth.backends.ModelBackend")
    assert client.post("/me/notifications/", {"topics": ["papers"]}).status_code == 403


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/g/study/schedule/1/", "/g/study/schedule/1/"),
        ("http://testserver/g/study/papers/?q=%ED%95%9C", "/g/study/papers/%3Fq%3D%25ED%2595%259C"),
        ("http://elsewhere.example/g/study/", "/"),
        ("https://testserver.elsewhere.example/", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_a_form_leads_over_the_sign_in_back_to_the_page_that_it_stands_on(referer, back):
    answer = Client().post("/g/study/schedule/1/place/", {"place": "B"}, headers={"Referer": referer})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/accounts/login/?next={back}")


def test_a_page_leads_over_the_sign_in_to_itself():
    answer = Client().get("/g/study/papers/?q=x", headers={"Referer": "http://testserver/g/study/"})
    assert answer.headers["Location"] == "/accounts/login/?next=/g/study/papers/%3Fq%3Dx"
