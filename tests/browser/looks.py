"""A page that is loaded once and then seen at several widths and in either light: what axe-core finds, and what runs over."""

import os

from axe_playwright_python.sync_playwright import Axe

ALL_WAYS = os.environ.get("REACH") == "all"  # with --full, too
AXE = Axe().axe_script
EVERY_RULE = {
    "resultTypes": ["violations"]
}  # the long list of what is fine is neither made nor sent: three times as fast
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def see(page, *, width: int, theme: str | None = None, height: int = 900) -> None:
    page.set_viewport_size({"width": width, "height": height})
    if theme:
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")


def broken(page, options: dict = EVERY_RULE) -> list[str]:
    """Return the rules that the page breaks, each with up to three places."""
    if page.evaluate("!window.axe"):
        page.evaluate(AXE)
    found = page.evaluate(
        "async (options) => (await axe.run({iframes: false, ...options})).violations", options
    )  # a mail's frame lets no script in
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"][:3]]
