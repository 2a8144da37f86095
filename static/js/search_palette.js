// The search box of every page: `/` or Ctrl-K, a few letters, arrows, Enter. It is ARIA's combobox over a list of links.
// Without this script, or without an answer, the form leads to a page with the same hits; that page only asks while one types.

const PAUSE = 120; // ms without a key before the server is asked

class SearchPalette {
  constructor(form) {
    this.form = form;
    this.field = form.elements.q;
    this.box = document.querySelector("[data-hits]");
    this.status = form.querySelector("[data-status]");
    this.field.addEventListener("input", () => this.typed());
  }

  typed() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  get address() {
    return `${this.form.action}?${new URLSearchParams({ q: this.field.value })}`;
  }

  // Only the answer to what stands in the field now is shown, whichever comes last.
  async ask() {
    clearTimeout(this.timer);
    this.request?.abort();
    const request = (this.request = new AbortController());
    const query = this.field.value;
    try {
      const answer = await fetch(this.address, { headers: { "HX-Request": "true" }, signal: request.signal });
      if (answer.status === 401) tellSignedOut(await answer.text());
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const html = await answer.text();
      if (query === this.field.value) this.show(query, html);
    } catch {
      if (!request.signal.aborted) this.failed();
    }
  }

  show(query, html) {
    this.box.innerHTML = html;
    this.status.textContent = this.box.firstElementChild.dataset.said;
    history.replaceState(null, "", this.address);
  }

  failed() {}

  reach() {
    this.field.focus();
    this.field.select();
  }
}

class SearchPaletteList extends SearchPalette {
  constructor(form) {
    super(form);
    this.options = [];
    this.before = null; // what had the focus when a key brought one here
    this.dress(this.field, { role: "combobox", "aria-autocomplete": "list", "aria-controls": this.box.id, "aria-expanded": "false" });
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.field.addEventListener("click", () => this.box.hidden && this.ask());
    this.box.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    this.box.addEventListener("click", (event) => event.target.closest("a") && this.leave());
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || this.close());
    window.addEventListener("pagehide", () => this.leave());
  }

  dress(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  }

  typed() {
    this.enter = false;
    super.typed();
  }

  show(query, html) {
    if (document.activeElement !== this.field) return;
    this.box.innerHTML = html;
    this.answered = query;
    this.options = [...this.box.querySelectorAll("a")];
    this.box.querySelectorAll("h2, ul, li").forEach((one) => this.dress(one, { role: "presentation" }));
    this.box.querySelectorAll("section").forEach((one) => this.dress(one, { role: "group" }));
    this.options.forEach((one, n) => this.dress(one, { role: "option", id: `hit-${n}`, tabindex: "-1", "aria-selected": "false" }));
    this.dress(this.box, { role: this.options.length ? "listbox" : "presentation" });
    this.dress(this.field, { "aria-expanded": String(this.options.length > 0) });
    this.box.hidden = false;
    this.status.textContent = this.box.firstElementChild.dataset.said;
    this.choose(query.trim() ? 0 : -1);
    this.walked = false;
    if (this.enter) this.go();
  }

  failed() {
    if (this.enter) this.form.requestSubmit();
    this.close();
  }

  get chosen() {
    return this.options.findIndex((one) => one.getAttribute("aria-selected") === "true");
  }

  choose(number) {
    this.options.forEach((one, n) => one.setAttribute("aria-selected", String(n === number)));
    const option = this.options[number];
    if (option) this.field.setAttribute("aria-activedescendant", option.id);
    else this.field.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  // While a syllable is being composed, keys belong to the input method: its Enter neither jumps nor sends the form.
  pressed(event) {
    if (event.isComposing || event.keyCode === 229) {
      if (event.key === "Enter") event.preventDefault();
      return;
    }
    const last = this.options.length - 1;
    const to = {
      ArrowDown: this.chosen < last ? this.chosen + 1 : 0,
      ArrowUp: this.chosen > 0 ? this.chosen - 1 : last,
      Home: this.walked ? 0 : undefined, // in the list once one has gone there, in the text before
      End: this.walked ? last : undefined,
    }[event.key];
    if (event.key === "Escape" && (this.field.value || !this.box.hidden)) this.restore();
    else if (event.key === "Enter" && this.field.value.trim()) this.go();
    else if (event.key === "Enter" && this.chosen >= 0) this.go();
    else if (event.key === "ArrowDown" && this.box.hidden) this.ask();
    else if (to !== undefined && last >= 0 && !this.box.hidden) {
      this.choose(to);
      this.walked = true;
    } else return;
    event.preventDefault();
  }

  // Enter before the answer is there waits for it: one never lands on a hit of older letters.
  go() {
    this.enter = this.answered !== this.field.value || this.box.hidden;
    if (this.enter) this.ask();
    else if (this.chosen >= 0) this.options[this.chosen].click();
    else this.form.requestSubmit();
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.box.hidden = true;
    this.enter = false;
    this.status.textContent = "";
    this.dress(this.field, { "aria-expanded": "false" });
    this.choose(-1);
  }

  // Back to where one was, as if nothing had been typed.
  restore() {
    const before = this.before;
    this.field.value = "";
    this.close();
    this.before = null;
    if (before === document.body) this.field.blur();
    else before?.focus();
  }

  leave() {
    this.field.value = "";
    this.close();
    this.field.blur();
  }

  reach() {
    if (document.activeElement !== this.field) this.before = document.activeElement;
    super.reach();
    this.ask();
  }
}

const finder = document.querySelector("[data-search-palette]");
const palette = finder && (finder.dataset.searchPalette === "page" ? new SearchPalette(finder) : new SearchPaletteList(finder));

// `/` goes to the search of this page, Ctrl-K to the box; where there is no room for it, to its page.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const slash = event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey;
  const control = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  const field = slash ? document.querySelector("[data-slash]") : control ? palette?.field : null;
  if (!field) return;
  event.preventDefault();
  if (field !== palette?.field) field.focus();
  else if (field.checkVisibility()) palette.reach();
  else location.assign(finder.action);
});
