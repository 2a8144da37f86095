"""python3 docs/pictures.py: takes the README's pictures anew from the demo group. Needs Chromium and the test packages."""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.browser.conftest import ARGS, chromium_path  # noqa: E402
from tests.servers import free_port  # noqa: E402
from tests.stack import clean_environment, running, wait_until_healthy  # noqa: E402

GROUP = "/g/cv-reading/"
# name: (who looks, page, width, dark)
PICTURES = {
    "home": ("이하윤", GROUP, 1280, False),
    "home-phone": ("이하윤", GROUP, 390, True),
    "library": ("이하윤", GROUP + "papers/", 1280, False),
    "plan": ("김민규", GROUP + "schedule/plan/", 1280, False),
    "notifications": ("김민규", GROUP + "notifications/", 1280, False),
    "report": ("김민규", GROUP + "schedule/2/report/", 1280, False),
}


def main():
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        command = [sys.executable, "-u", "manage.py", "up", "--port", str(port)]
        with running({"up": command}, clean_environment(DATA_DIR=folder)), sync_playwright() as playwright:
            wait_until_healthy(f"http://localhost:{port}")
            browser = playwright.chromium.launch(executable_path=chromium_path(), args=ARGS)
            for name, (person, path, width, dark) in PICTURES.items():
                take(browser, f"http://localhost:{port}", name, person, path, width, dark)
            browser.close()


def take(browser, base, name, person, path, width, dark):
    scheme = "dark" if dark else "light"
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="ko-KR")
    page.goto(f"{base}/accounts/login/")
    page.get_by_role("button", name=person).click()
    page.wait_for_load_state()
    page.goto(base + path)
    page.wait_for_load_state("networkidle")
    target = ROOT / "docs" / "pictures" / f"{name}.png"
    target.parent.mkdir(exist_ok=True)
    page.screenshot(path=target, full_page=width < 500)
    print(target.relative_to(ROOT), f"{target.stat().st_size // 1024} KB")
    page.close()


if __name__ == "__main__":
    main()
