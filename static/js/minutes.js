// Minutes are saved as one types. What could not be sent stays in this browser, and goes out when there is a line again.
(() => {
  const PAUSE = 1500;
  for (const form of document.querySelectorAll("form[data-minutes]")) {
    const text = form.elements.text;
    const seen = form.elements.seen;
    const said = form.querySelector("[data-said]");
    const draft = `minutes:${form.getAttribute("action")}`;
    let saved = text.value;
    let waiting = null;

    const save = async () => {
      clearTimeout(waiting);
      const sent = text.value;
      if (sent === saved) return;
      try {
        const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
        const told = await answer.json();
        said.textContent = told.words;
        if (answer.ok) {
          saved = sent;
          seen.value = told.seen;
          if (text.value === sent) localStorage.removeItem(draft);
        }
      } catch {
        said.textContent = form.dataset.offline;
      }
    };

    text.addEventListener("input", () => {
      localStorage.setItem(draft, text.value);
      clearTimeout(waiting);
      waiting = setTimeout(save, PAUSE);
    });
    addEventListener("online", save);
    form.addEventListener("submit", () => localStorage.removeItem(draft));

    const kept = localStorage.getItem(draft);
    if (kept !== null && kept !== saved) {
      form.closest("details").open = true;
      text.value = kept;
      save();
    }
  }
})();
