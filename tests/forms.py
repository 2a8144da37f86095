"""Forms as a browser sends them: with the hidden fields of the page that they stand on."""

from django.test import Client
from lxml import html


def hidden(client: Client, address: str, action: str = "") -> dict[str, str]:
    """The hidden fields, tokens aside, of the form on that page that is sent to `action`, or to the page itself."""
    page, here = html.fromstring(client.get(address).content), address.partition("?")[0]
    wanted = {"", here} if action in {"", here} else {action}
    for form in page.iterfind(".//form[@method='post']"):
        if form.get("action", "") in wanted:
            fields = {one.get("name"): one.get("value", "") for one in form.iterfind(".//input[@type='hidden']")}
            return {name: value for name, value in fields.items() if not name.endswith("token")}
    raise LookupError(f"no form on {address} is sent to {action or address}")
