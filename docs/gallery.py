"""python3 docs/gallery.py FOLDER [words]: a picture of every page, in both languages, light and dark, narrow and wide.

Only pages whose name has one of the words, if there are any. Says so where the console complains or a page has to be scrolled
sideways. Needs Chromium and the test packages; works on a database of its own in the folder.
"""

import os
import sys
from itertools import product
from pathlib import Path

ROOT, OUT, WORDS = Path(__file__).resolve().parent.parent, Path(sys.argv[1]).resolve(), sys.argv[2:]
sys.path.insert(0, str(ROOT))
OURS = {"DATA_DIR": str(OUT / "data"), "DATABASE_URL": "", "LOOK_UP": "0", "DEBUG": "1"}
os.environ |= {**OURS, "DJANGO_SETTINGS_MODULE": "studygroup.settings", "SECRET_KEY": ""}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from playwright.sync_api import sync_playwright  # noqa: E402

from members.models import Member  # noqa: E402
from studygroup.translations import compile_catalogues  # noqa: E402
from tests import servers  # noqa: E402
from tests.browser import pages  # noqa: E402
from tests.browser.conftest import ARGS, chromium_path  # noqa: E402
from tests.stack import clean_environment, running, wait_until_healthy  # noqa: E402


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    compile_catalogues()
    call_command("migrate", verbosity=0)
    settings.ALLOWED_HOSTS = ["*"]
    shown = {
        name: page for name, page in pages.pages(pages.world()).items() if not WORDS or any(w in name for w in WORDS)
    }
    url = f"http://localhost:{(port := servers.free_port())}"
    command = [sys.executable, "manage.py", "runserver", "--noreload", str(port)]
    ours = {**OURS, "LOOK_UP": "1", "SITE_URL": url, "DJANGO_SETTINGS_MODULE": "tests.browser.settings"}
    with running({"web": command}, clean_environment(**ours)), sync_playwright() as playwright:
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        wait_until_healthy(url)
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGS)
        for language, theme, width in product(("ko", "en"), ("light", "dark"), (390, 1280)):
            Member.objects.update(language=language)
            take_all(browser, url, shown, language, theme, width)
        browser.close()
    print(f"{len(shown)} pages in {OUT}")


def take_all(browser, url, shown, language, theme, width):
    tabs = {}
    for name, (address, who) in shown.items():
        page = tabs.get(who) or tabs.setdefault(who, _tab(browser, url, who, language, theme, width))
        page.goto(url + address)
        page.evaluate("document.querySelectorAll('img[loading=lazy]').forEach((one) => { one.loading = 'eager'; })")
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            print(f"{name} at {width} pixels has to be scrolled sideways")
        page.screenshot(
            path=OUT / f"{name.replace(':', '-').replace(' ', '-')}-{language}-{theme}-{width}.png", full_page=True
        )
    for page in tabs.values():
        page.context.close()


def _tab(browser, url, who, language, theme, width):
    context = browser.new_context(
        viewport={"width": width, "height": 850}, color_scheme=theme, locale={"ko": "ko-KR", "en": "en-GB"}[language]
    )
    if who:
        client = Client()
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}])
    page = context.new_page()
    page.on("console", lambda said: said.type in {"error", "warning"} and print(f"{page.url}: {said.text}"))
    return page


if __name__ == "__main__":
    main()
