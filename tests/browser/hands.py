"""Two kinds of hands that tell the same story: a mouse where no script runs, and a keyboard where the mouse is gone."""

from playwright.sync_api import Error

NAME = """() => { const it = document.activeElement;
  const name = it.getAttribute('aria-label') || [...(it.labels ?? [])].map((one) => one.textContent).join(' ') || it.textContent || it.value;
  return (name ?? '').replace(/\\s+/g, ' ').trim(); }"""
# whether a press leads to another page is known at once, long before that page is there
WATCH = """() => { window.leaves = false; navigation.addEventListener('navigate', (to) => {
  if (!to.destination.sameDocument && !to.downloadRequest) window.leaves = true; }); }"""
SETS_OUT, ARRIVES = 600, 20_000  # milliseconds that a press, and the page it leads to, may take
FARTHEST = 150  # presses of the Tab key that reach anything on a page


class Mouse:
    """Clicks and fills; scripts are off, so that each step is a page of its own."""

    scripts = False

    def __init__(self, page):
        self.page = page

    def press(self, words, role="button"):
        self.page.get_by_role(role, name=words).first.click()

    def open(self, words):
        self.page.locator("summary", has_text=words).first.click()

    def type(self, label, words):
        self.page.locator("input, textarea").and_(self.page.get_by_label(label)).first.fill(words)

    def choose(self, label):
        self.page.locator("label", has_text=label).first.click()

    def bring(self, label, path):
        self.page.get_by_label(label).set_input_files(path)


class Keys:
    """Tab, Enter, Space and notifications only. What cannot be reached by Tab cannot be used."""

    scripts = True

    def __init__(self, page):
        self.page = page

    def press(self, words, role="button"):
        self._reach(words)
        before = self.page.evaluate("performance.timeOrigin")
        self.page.evaluate(WATCH)
        self.page.keyboard.press("Enter")
        self._arrive(before)

    def _arrive(self, before):
        """Where a press leads to another page, the next Tab belongs to that one."""
        waited, leaves = 0, False
        while waited < (ARRIVES if leaves else SETS_OUT):
            self.page.wait_for_timeout(30)
            waited += 30
            try:
                now, said = self.page.evaluate("[performance.timeOrigin, window.leaves]")
            except Error:  # just now between the two
                leaves = True
                continue
            leaves |= bool(said)
            if now != before:
                break
        self.page.wait_for_load_state()

    def open(self, words):
        self.press(words)

    def type(self, label, words):
        self._reach(label)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)

    def choose(self, label):
        self._reach(label)
        self.page.keyboard.press("Space")

    def bring(self, label, path):
        self._reach(label)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Space")
        chooser.value.set_files(path)

    def _reach(self, words):
        passed = []
        for _press in range(FARTHEST):
            self.page.keyboard.press("Tab")
            name = self.page.evaluate(NAME)
            if name.startswith(words):
                return
            passed.append(name[:40])
        raise AssertionError(f"the Tab key does not reach “{words}”, only {passed[:60]}")
