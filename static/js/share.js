// A form that brings one PDF: a file too large is refused before it travels, and its bytes show on their way.
for (const form of document.querySelectorAll("form[data-one-pdf]")) {
  const sending = form.querySelector(".sending");
  const bar = sending.querySelector("progress");
  const words = sending.querySelector("span");
  if (form.hasAttribute("data-drop")) form.classList.add("live");

  const say = (text) => {
    sending.hidden = false;
    words.textContent = text;
  };
  form.addEventListener("htmx:beforeRequest", (event) => {
    const [file] = form.elements.file.files;
    if (!file || file.size <= Number(form.dataset.limit)) return;
    event.preventDefault();
    bar.hidden = true;
    say(form.dataset.tooLarge);
  });
  form.addEventListener("htmx:xhr:progress", (event) => {
    const { loaded, total } = event.detail;
    if (!total) return;
    bar.hidden = false;
    bar.value = (100 * loaded) / total;
    say(loaded < total ? form.elements.file.files[0].name : form.dataset.stored);
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful) return;
    sending.hidden = true;
    form.elements.file.value = "";
  });
  const failed = () => {
    bar.hidden = true;
    say(form.dataset.failed);
    form.elements.file.value = ""; // choosing the same file once more is a change then
  };
  form.addEventListener("htmx:sendError", failed);
  // The sign-in has ended: the page says so, and the file goes when one is back here from signing in in another tab.
  let unsent = false;
  form.addEventListener("htmx:responseError", (event) => {
    unsent = event.detail.xhr.status === 401;
    if (unsent) sending.hidden = true;
    else failed();
  });
  const goOn = () => {
    if (!unsent || document.hidden) return;
    unsent = false;
    form.requestSubmit();
  };
  window.addEventListener("focus", goOn);
  document.addEventListener("visibilitychange", goOn);
}
