// Minutes are saved as one types. Until the server has named a text as kept, it is also kept in this browser as a draft: for the
// member who wrote it only, with the fingerprint of the text that it was written on. Where the server's text is another one by
// now, both are shown, and nothing is sent before the writer has chosen.
(() => {
  const PAUSE = 1500; // ms without a key before it is sent
  const [FIRST_RETRY, LAST_RETRY] = [5_000, 60_000]; // ms, twice as long each time
  const ANSWER = 30_000; // ms to wait for an answer
  const UNANSWERED = 8; // texts on their way whose arrival is unknown
  const bare = (text) => text.replace(/\s+$/, "");
  const alike = (one, other) => bare(one) === bare(other);

  // Each page writes under a key of its own, which it holds a lock on: two open tabs do not touch each other's drafts, and a
  // new page takes over what pages left that are gone. Without locks (no HTTPS) it takes over what it finds.
  const startOf = (address) => `minutes:${pageMember}:${address}`;

  class Drafts {
    // `others`: addresses below `address` that have a place of their own on this page; only named where all below is meant.
    constructor(address, others = null) {
      const start = others ? startOf(address) : `${startOf(address)}:`;
      const taken = (others ?? []).map((other) => `${startOf(other)}:`);
      const isMine = (key) => key.startsWith(start) && !taken.some((one) => key.startsWith(one));
      this.own = `${start}${Date.now()}-${Math.random()}`;
      navigator.locks?.request(this.own, () => new Promise(() => {}));
      try {
        this.left = Object.keys(localStorage).filter(isMine).sort();
      } catch {
        this.left = [];
      }
    }

    whenFree(use) {
      for (const key of this.left) {
        if (navigator.locks) navigator.locks.request(key, () => use(key));
        else use(key);
      }
    }

    // What was left under this key; null, and it is dropped, when it says what is there already.
    read(key, there) {
      const draft = JSON.parse(recall("localStorage", key));
      if (!draft || !alike(draft.text, there)) return draft;
      keep("localStorage", key, null);
      return null;
    }

    write(draft) {
      return keep("localStorage", this.own, draft && JSON.stringify(draft));
    }

    takeOver(key, draft) {
      if (this.write(draft)) keep("localStorage", key, null);
    }
  }

  class Minutes {
    constructor(form) {
      this.form = form;
      this.text = form.elements.text;
      this.status = form.querySelector("[data-said]");
      this.both = form.querySelectorAll("[data-both]");
      this.drafts = new Drafts(form.getAttribute("action"));
      this.seen = form.elements.seen.value; // fingerprint of `there`
      this.there = this.text.defaultValue; // what the server has, as far as this page knows
      this.unanswered = [];
      this.changed = null; // the server's answer, while one has to choose
      this.retry = FIRST_RETRY;
      this.waiting = []; // keys of drafts that were left here before
      this.gone = false; // what it is about is no longer there: nothing is sent any more
      this.listen();
      this.drafts.whenFree((key) => {
        this.waiting.push(key);
        this.restore();
      });
    }

    listen() {
      this.text.addEventListener("input", () => {
        this.keep();
        this.later(PAUSE);
      });
      this.form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.press();
      });
      this.form.querySelector("[data-mine]").addEventListener("click", () => this.choose(this.text.value));
      this.form.querySelector("[data-theirs]").addEventListener("click", () => this.choose(this.changed.text));
      for (const event of ["online", "focus"]) window.addEventListener(event, () => this.save());
      document.addEventListener("visibilitychange", () => document.hidden || this.save());
      window.addEventListener("beforeunload", (event) => {
        if (this.dirty && !this.kept) event.preventDefault();
      });
    }

    get dirty() {
      return !alike(this.text.value, this.there) || this.unanswered.length > 0;
    }

    keep() {
      const { seen, unanswered } = this;
      this.kept = this.drafts.write(this.dirty ? { text: this.text.value, seen, unanswered } : null);
    }

    restore() {
      if (this.dirty || this.changed || !this.waiting.length) return;
      const key = this.waiting.shift();
      const draft = this.drafts.read(key, this.there);
      if (!draft) return this.restore();
      const { text, seen, unanswered } = draft;
      this.drafts.takeOver(key, draft);
      this.form.closest("details").open = true;
      this.text.value = text;
      this.kept = true;
      if (seen === this.seen || unanswered.some((one) => alike(one, this.there))) this.save();
      else this.ask({ text: this.there, seen: this.seen, words: this.form.dataset.changed });
    }

    later(pause) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), pause);
    }

    say(words, link) {
      this.status.replaceChildren(words, ...(link ? [" ", link] : []));
    }

    // One request at a time: a second one would take the first one's text for somebody else's.
    save(forPage = false) {
      if (this.changed || this.gone || !this.dirty) return Promise.resolve();
      this.saving ??= this.send(forPage).finally(() => (this.saving = null));
      return this.saving;
    }

    async send(forPage) {
      clearTimeout(this.timer);
      const last = lastMember();
      if (last !== null && last !== pageMember) return this.say(this.form.dataset.another);
      const text = this.text.value;
      this.unanswered = [...this.unanswered, text].slice(-UNANSWERED);
      this.keep();
      const [status, told] = await this.post(text, forPage);
      if (status === 200 && told && alike(told.text ?? "", text)) this.saved(told);
      else if (status === 409 && told) this.differs(told);
      else if (status === 422 && told) this.refused(told);
      else if (status === 401 && told) this.signedOut(told);
      else if (status === 410 && told) this.isGone(told);
      else this.failed(status);
    }

    async post(text, forPage) {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", formToken() ?? this.form.elements.csrfmiddlewaretoken.value);
      body.append("seen", this.seen);
      body.append("text", text);
      if (forPage) body.append("page", "1");
      const asks = { method: "POST", body, headers: { Accept: "application/json" }, signal: AbortSignal.timeout(ANSWER) };
      try {
        const answer = await fetch(this.form.getAttribute("action"), asks);
        const told = await answer.json().catch(() => null);
        return [answer.status, typeof (told?.text ?? told?.sign_in) === "string" ? told : null];
      } catch {
        return [0, null];
      }
    }

    saved({ text, seen, words }) {
      [this.there, this.seen, this.unanswered, this.retry] = [text, seen, [], FIRST_RETRY];
      this.keep();
      this.say(words);
      if (this.dirty) this.later(PAUSE);
      else this.restore();
    }

    // What is there may be a text of this page whose answer was lost; then nobody else has written.
    differs(told) {
      if (!this.unanswered.some((one) => alike(one, told.text))) return this.ask(told);
      [this.there, this.seen, this.unanswered] = [told.text, told.seen, []];
      this.keep();
      this.later(0);
    }

    refused({ words }) {
      this.unanswered = [];
      this.keep();
      this.say(words);
    }

    signedOut({ words, link, sign_in }) {
      const way = Object.assign(document.createElement("a"), { className: "link", href: sign_in, target: "_blank", textContent: link });
      this.say(words, way);
    }

    // The text stays on the page and in this browser, to be copied; a later page of the session shows it, too.
    isGone({ words }) {
      this.gone = true;
      this.text.readOnly = true;
      this.say(words);
    }

    // 404, or 410 without words of ours, may be the answer of a network that is not ours: it is tried again.
    failed(status) {
      const { offline, failed, gone } = this.form.dataset;
      this.say([404, 410].includes(status) ? gone : status ? failed : offline);
      this.later(this.retry);
      this.retry = Math.min(2 * this.retry, LAST_RETRY);
    }

    ask(told) {
      this.changed = told;
      this.form.closest("details").open = true;
      this.form.querySelector("[data-why]").textContent = told.words;
      this.form.querySelector("pre").textContent = told.text || "–";
      this.showBoth(true);
      this.say("");
    }

    showBoth(shown) {
      for (const part of this.both) part.hidden = !shown;
    }

    choose(text) {
      [this.there, this.seen, this.unanswered] = [this.changed.text, this.changed.seen, []];
      this.changed = null;
      this.showBoth(false);
      this.text.value = text;
      this.text.focus();
      this.keep();
      if (this.dirty) this.save();
      else this.restore();
    }

    // Whether the server has it all now, or never can; if not, the place that says why is shown.
    async settle(forPage) {
      if (this.gone) return true;
      await this.saving;
      await this.save(forPage);
      if (this.changed) this.both[0].scrollIntoView({ block: "nearest" });
      else if (this.dirty) this.form.scrollIntoView({ block: "nearest" });
      return !this.changed && !this.dirty;
    }

    // The button: when everything is saved, the page comes anew and shows it.
    async press() {
      if (this.gone) return;
      if (!(await this.settle(true))) return;
      location.hash = "minutes";
      location.reload();
    }
  }

  // What ends the writing, as closing the record does, waits until everything that was typed is saved.
  function saveFirst(form, minutes) {
    form.addEventListener("submit", async (event) => {
      if (minutes.every((one) => !one.dirty)) return;
      event.preventDefault();
      for (const one of minutes) if (!(await one.settle(false))) return;
      form.submit();
    });
  }

  // The record is closed, or the turn is gone: what could not be saved before is shown to copy.
  class Unsaved {
    constructor(box, drafts) {
      this.box = box;
      this.text = box.querySelector("textarea");
      this.there = this.text.defaultValue;
      this.waiting = [];
      this.drafts = drafts;
      box.querySelector("[data-forget]").addEventListener("click", () => {
        keep("localStorage", this.waiting.shift(), null);
        this.show();
      });
      this.drafts.whenFree((key) => {
        if (this.drafts.read(key, this.there)) this.waiting.push(key);
        this.show();
      });
    }

    show() {
      const [key] = this.waiting;
      this.box.hidden = !key;
      if (key) this.text.value = this.drafts.read(key, this.there).text;
    }
  }

  const minutes = [...document.querySelectorAll("form[data-minutes]")].map((form) => new Minutes(form));
  document.querySelectorAll("form[data-ends-writing]").forEach((form) => saveFirst(form, minutes));
  const boxes = [...document.querySelectorAll("[data-unsaved]")];
  boxes.forEach((box) => new Unsaved(box, new Drafts(box.dataset.unsaved)));
  const here = [...minutes.map((one) => one.form.getAttribute("action")), ...boxes.map((box) => box.dataset.unsaved)];
  const elsewhere = document.querySelectorAll("[data-unsaved-elsewhere]");
  elsewhere.forEach((box) => new Unsaved(box, new Drafts(box.dataset.unsavedElsewhere, here)));
})();
