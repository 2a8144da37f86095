"""People of a story, each with a browser of their own."""

from datetime import datetime, timedelta

from django.conf import settings
from django.test import Client
from django.utils.timezone import now

from tests.lived import names
from tests.lived.page import NotOffered, Page

STAYS_IN = timedelta(days=20)  # then one signs in again, before a sign-in ends by itself


class Person:
    """`pk` is their place in the group of the story; None for who has none."""

    def __init__(self, name: str, email: str = ""):
        self.name, self.email = name, email
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.signed_in_at: datetime | None = None

    def get(self, name: str, /, *args, query: str = "", **kwargs) -> Page:
        return self.open(names.address(name, *args, **kwargs) + query)

    def open(self, path: str) -> Page:
        self._sign_in()
        return Page(self.client.get(path), path)

    def send(self, page: Page, name: str, /, *, press: dict | None = None, where: dict | None = None, **fields) -> Page:
        """Fill in the form of that page and press its button; the page one is led to."""
        self._sign_in()
        action, data = page.filled(name, fields, press or {}, **(where or {}))
        answer = Page(self.client.post(action, data), action)
        if answer.status not in {302, 303}:
            raise NotOffered(f"{self.name}: {action} answered {answer.status}: {answer.said()}")
        return self.open(answer.location)

    def _sign_in(self):
        if self.email and (self.signed_in_at is None or now() - self.signed_in_at > STAYS_IN):
            self.client.force_login(names.account(self.email), backend=settings.AUTHENTICATION_BACKENDS[0])
            self.signed_in_at = now()
