"""Everybody reaches everything: each page by axe-core (WCAG 2.2 AA), narrow, enlarged, by keyboard, without a complaint."""

import pytest
from django.test import Client

from members.models import Member
from tests.browser import pages
from tests.browser.conftest import listen
from tests.browser.looks import ALL_WAYS, EVERY_RULE, SIDEWAYS, broken, see

pytestmark = [
    pytest.mark.browser,
    pytest.mark.looks,
    pytest.mark.filterwarnings("ignore:No directory at"),  # built files: none are needed here
    pytest.mark.django_db(transaction=True),
]
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    **EVERY_RULE,
}
OPEN_ALL = "() => document.querySelectorAll('details').forEach((one) => { one.open = true; })"
# what a thumb is to hit: buttons that stand alone, and the bar at the bottom (axe has the 24 pixels for all the rest)
SMALL_TARGETS = """() => [...document.querySelectorAll('.btn:not(.small, .text, .pull), .nav a')]
  .filter((one) => one.checkVisibility())
  .filter((one) => one.getBoundingClientRect().height < 43.5)
  .map((one) => `${one.outerHTML.slice(0, 90)} ${one.getBoundingClientRect().height}`)"""
# what has the focus must be what one sees at its place (WCAG 2.4.11), and must look different from before (2.4.7): itself,
# what it stands in, its label, or the box to drop on
LOOKS = """
const drawn = (it) => { const s = getComputedStyle(it); return (s.outlineStyle === 'none' ? '' : s.outline) + s.boxShadow; };"""
REMEMBER = f"""() => {{ {LOOKS}
  document.activeElement.blur();
  window.unfocused = new Map([...document.querySelectorAll('*')].map((it) => [it, drawn(it)]));
}}"""
HIDDEN_FOCUS = f"""() => {{ {LOOKS}
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const said = one.outerHTML.slice(0, 90), wide = (it) => it && it.getBoundingClientRect().width > 2;
  const around = [one, ...(one.labels ?? []), one.closest('label'), one.closest('.drop'), one.parentElement].filter(wide);
  if (!around.length) return `${{said}} is out of sight`;
  const it = around[0], box = it.getBoundingClientRect();
  if (box.bottom < 0 || box.top > innerHeight) return `${{said}} is out of sight`;
  const spots = [[box.left + box.width / 2, box.top + box.height / 2], [box.left + 2, box.top + 2], [box.right - 2, box.bottom - 2]];
  const seen = spots.some(([x, y]) => {{ const top = document.elementFromPoint(x, y); return top && (it.contains(top) || top.contains(it)); }});
  if (!seen) return `${{said}} is covered`;
  return around.some((it) => drawn(it) !== (unfocused.get(it) ?? 'none')) ? '' : `${{said}} does not show that it has the focus`;
}}"""
# every second page is seen in Korean and the others in English, by axe in this light and width; REACH=all (and --full) sees
# every page in both languages, by axe in all of these
WAYS = {"ko": [("light", 390)], "en": [("dark", 1280)]}
if ALL_WAYS:
    WAYS = dict.fromkeys(WAYS, [(theme, width) for theme in ("light", "dark") for width in (390, 1280)])
FOCUSED = (
    "schedule:home",
    "schedule:session as organizer",
    "schedule:plan",
    "schedule:share",
    "papers:library",
    "schedule:notifications",
)


STILL = """<style>a:focus-visible { outline: none } a { box-shadow: 0 0 2px }
  button:focus-visible { outline: none; box-shadow: 0 0 2px red }</style><a href="#">still</a><button>moved</button>"""

# what a message at the head of the page does not stand above
BESIDE_A_MESSAGE = """() => {
  const main = document.querySelector("main.page"), said = document.createElement("div");
  if (!main) return "";  // a door: what it says stands in its form
  said.className = "notice said";
  said.textContent = "Said.";
  main.prepend(said);
  const end = said.getBoundingClientRect().bottom;
  const seen = [...main.querySelectorAll(":scope > :not(.vh)")].filter((one) => one !== said && one.offsetHeight);
  const beside = seen.find((one) => one.getBoundingClientRect().top < end);
  said.remove();
  return beside ? beside.outerHTML.slice(0, 100) : "";
}"""


class Visitor:
    """Goes to pages as whoever is to look at them, in one browser page for each."""

    def __init__(self, open_page, url, **options):
        self.open_page, self.url, self.options, self.tabs = open_page, url, options, {}

    def go(self, address, who):
        status = pages.REFUSED.get(address, 200)
        refused = status != 200
        key = who and who.pk, refused
        if key not in self.tabs:
            self.tabs[key] = self.open_page(refused=refused, **self.options)
            if who:
                client = Client()
                client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
                cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": self.url}
                self.tabs[key].context.add_cookies([cookie])
        page = self.tabs[key]
        answer = page.goto(self.url + address)
        assert answer.status == status, (address, answer.status)
        return page


@pytest.fixture
def shown(live_server, settings):
    """The pages with something on them; links in mails lead to this server."""
    settings.SITE_URL, settings.ROOT_URLCONF = live_server.url, "tests.browser.refusing"
    settings.LOOK_UP = True  # shows the box to paste a number into; nobody is asked, as no worker runs
    return pages.pages(pages.world())


def test_every_page_of_ours_is_looked_at(shown):
    assert pages.unlisted(shown) == set()


@pytest.mark.parametrize("language", WAYS)
def test_axe_finds_nothing_and_nothing_runs_over(open_page, live_server, shown, language):
    """Each page is fetched once, and made as wide as a phone, 320 pixels, 1280 at 200 %, 1280, and 1920."""
    Member.objects.update(language=language)
    options = {"device_scale_factor": 2, "locale": {"ko": "ko-KR", "en": "en-GB"}[language]}
    visitor, found = Visitor(open_page, live_server.url, reduced_motion="reduce", **options), []
    for number, (name, (address, who)) in enumerate(shown.items()):
        if not ALL_WAYS and list(WAYS)[number % len(WAYS)] != language:
            continue
        page = visitor.go(address, who)
        page.evaluate(OPEN_ALL)
        for theme, width in WAYS[language]:
            see(page, theme=theme, width=width)
            found += [f"{name}: {one}" for one in broken(page, RULES)]
        for width in (390, 320, 640, 1280, 1920):
            see(page, width=width)
            found += ran_over(page, f"{name} at {width}")
            found += [f"{name}: small: {one}" for one in (page.evaluate(SMALL_TARGETS) if width == 390 else ())]
            if beside := page.evaluate(BESIDE_A_MESSAGE):
                found.append(f"{name} at {width}: a message has beside or above it {beside}")
    assert found == []


def ran_over(page, name) -> list[str]:
    over = page.evaluate(SIDEWAYS)
    return [f"{name}: {over} pixels wider than the screen"] if over else []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_focus_is_seen_wherever_the_tab_key_brings_it(open_page, live_server, shown, width):
    """On the pages that scroll most and those with a place to drop files: forty steps, and fifteen back."""
    visitor, found = Visitor(open_page, live_server.url, width=width, height=700, locale="en-GB"), []
    for name in FOCUSED:
        page = visitor.go(*shown[name])
        page.evaluate(REMEMBER)
        for key in ["Tab"] * 40 + ["Shift+Tab"] * 15:
            page.keyboard.press(key)
            if complaint := page.evaluate(HIDDEN_FOCUS):
                found.append(f"{name}: {complaint}")
    assert found == []


def test_a_shadow_that_was_there_before_is_no_sign_of_the_focus(open_page):
    page, said = open_page(), []
    page.set_content(STILL)
    page.evaluate(REMEMBER)
    for _ in range(2):
        page.keyboard.press("Tab")
        said.append(page.evaluate(HIDDEN_FOCUS))
    assert said == ['<a href="#">still</a> does not show that it has the focus', ""]


def test_a_refused_page_may_have_its_status_but_must_not_lack_anything(chromium, live_server):
    page, said = chromium.new_page(), []
    listen(page, said, refused=True)
    page.goto(f"{live_server.url}/join/no-such-token/")
    assert said == []
    page.evaluate("fetch('/no-such-picture')")
    page.wait_for_timeout(300)
    page.close()
    assert [text.partition(":")[0] for text in said] == ["Failed to load resource"]


def test_what_is_wrong_in_one_light_and_width_only_is_found_without_loading_the_page_again(open_page):
    page = open_page()
    page.set_content(
        "<html lang=en><title>One</title><main><h1>One</h1><style>"
        "@media (prefers-color-scheme: dark) and (width < 500px) { h1 { background: #fff; color: #eee; width: 600px } }"
        "</style></main></html>"
    )
    wrong = {}
    for theme, width in (("light", 390), ("dark", 1280), ("dark", 390), ("light", 1280)):
        see(page, theme=theme, width=width)
        wrong[theme, width] = [one.partition(":")[0] for one in broken(page, RULES)], page.evaluate(SIDEWAYS) > 0
    fine = ([], False)
    assert wrong == {
        ("light", 390): fine,
        ("dark", 1280): fine,
        ("dark", 390): (["color-contrast"], True),
        ("light", 1280): fine,
    }
