"""A page as somebody sees it: its texts, its links, and the forms that it really offers."""

import re
from functools import cached_property

from django.urls import Resolver404, resolve
from lxml import html


class NotOffered(AssertionError):
    """The page has no such form, button, field or choice for this reader."""


class Page:
    """One answer of the server, read as HTML where it is some."""

    def __init__(self, response, path: str):
        self.path, self.status = path, response.status_code
        self.location = response.headers.get("Location", "")
        self.is_html = response.headers.get("Content-Type", "").startswith("text/html")
        self.content = b"".join(response) if response.streaming else response.content

    @cached_property
    def tree(self):
        return html.fromstring(self.content) if self.is_html and self.content.strip() else None

    def find(self, xpath: str, within=None) -> list:
        root = self.tree if within is None else within
        return [] if root is None else root.xpath(xpath)

    def first(self, xpath: str, within=None):
        return next(iter(self.find(xpath, within)), None)

    def words(self, xpath: str, within=None) -> str:
        """The text of the first element there, on one line; "" where there is none."""
        found = self.first(xpath, within)
        return "" if found is None else text_of(found)

    def said(self) -> list[str]:
        """What the page tells its reader about what they just did, and what it refuses."""
        xpath = f"//*[{has('notice')} or {has('errors')} or {has('error')} or @role='alert' or @aria-invalid='true']"
        return [text_of(one)[:160] for one in self.find(xpath)]

    # ── forms ────────────────────────────────────────────────────────────────────────────────────
    def buttons(self, name: str, /, **kwargs):
        """Every (form, button) that sends to the address of this name; kwargs narrow it to one object."""
        for form in self.find("//form[translate(@method, 'POST', 'post')='post']"):
            own = form.get("id")
            inside = form.xpath(".//button[not(@form)]") + (self.find(f"//button[@form='{own}']") if own else [])
            for button in inside:
                action = button.get("formaction") or form.get("action") or self.path
                if button.get("type") != "button" and leads_to(action, name, kwargs):
                    yield form, button, action

    def offers(self, name: str, /, **kwargs) -> bool:
        return next(self.buttons(name, **kwargs), None) is not None

    def filled(self, name: str, fields: dict, press: dict, /, **kwargs) -> tuple[str, dict]:
        """(where to, what) is sent by the button with these attributes once the fields are filled in."""
        for form, button, action in self.buttons(name, **kwargs):
            if press and button.get("name") not in press:
                continue
            if press and press[button.get("name")] not in {None, button.get("value")}:
                continue
            here = self.find(f"//*[@form='{form.get('id')}']") if form.get("id") else []
            if not set(fields) <= {one.get("name") for one in [*form.xpath(".//*[@name]"), *here]}:
                continue
            data = _values(form) | {key: _chosen(form, key, value) for key, value in fields.items()}
            if button.get("name"):
                data[button.get("name")] = button.get("value", "")
            return action, data
        raise NotOffered(f"{self.path} ({self.status}) offers no {name} {kwargs} with {fields} {press}: {self.said()}")


def has(name: str) -> str:
    """The XPath condition of a class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


def text_of(element) -> str:
    return re.sub(r"\s+", " ", element.text_content().replace("\xa0", " ")).strip()


def leads_to(address: str, name: str, kwargs: dict) -> bool:
    found = match(address)
    return bool(found and found.view_name == name and kwargs.items() <= found.kwargs.items())


def match(address: str):
    """What the address is called, with its arguments; None where it is none of ours."""
    path = re.sub(r"^https?://[^/]+", "", address).partition("?")[0].partition("#")[0]
    try:
        return resolve(path)
    except Resolver404:
        return None


def _values(form) -> dict:
    """What the form sends if nobody touches it; several values of one name as a list."""
    data: dict = {}
    for key, value in form.form_values():
        data[key] = (
            [*data[key], value] if isinstance(data.get(key), list) else [data[key], value] if key in data else value
        )
    return data


def _chosen(form, key, value):
    """The value, or NotOffered where the page lets nobody choose it."""
    options = [one.get("value", "") for one in form.xpath(f".//*[@name='{key}']//option")]
    options += [
        one.get("value", "on") for one in form.xpath(f".//input[@name='{key}'][@type='radio' or @type='checkbox']")
        if one.get("disabled") is None
    ]  # fmt: skip
    for one in value if isinstance(value, list) else [value]:
        if options and str(one) not in options:
            raise NotOffered(f"{key}={one} is not among {options}")
    return value
