// The upload box: drop files anywhere on the page or pick them; each travels by itself and shows its bytes, two at a time.
// Without this script the box is a plain form. What the server answers for a file (papers/intake/_arrived.html) replaces its row.

const box = document.querySelector("[data-upload]");
const AT_ONCE = 2;

function megabytes(bytes) {
  return `${(bytes / 1024 / 1024).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} MB`;
}

class Row {
  constructor(file) {
    this.file = file;
    this.element = document.querySelector("#file-row").content.firstElementChild.cloneNode(true);
    this.element.querySelector(".name").textContent = file.name;
    this.bar = this.element.querySelector("progress");
    this.bar.setAttribute("aria-label", file.name);
    document.querySelector(box.dataset.list).append(this.element);
  }

  get words() {
    return this.element.querySelector(".tiny");
  }

  sent(loaded, total) {
    const percent = total ? Math.round((100 * loaded) / total) : 0;
    this.bar.value = percent;
    this.element.querySelector(".meta").textContent = `${percent} %`;
    this.words.textContent =
      loaded < total ? box.dataset.of.replace("{sent}", megabytes(loaded)).replace("{total}", megabytes(total)) : box.dataset.stored;
  }

  refuse(words) {
    this.bar.remove();
    this.element.querySelector(".meta").textContent = "";
    this.element.classList.add("refused");
    this.words.setAttribute("role", "alert");
    this.words.textContent = words;
  }

  answer(html) {
    const answered = document.createElement("template");
    answered.innerHTML = html;
    const rows = [...answered.content.children];
    this.element.replaceWith(...rows);
    rows.forEach((row) => window.htmx.process(row));
  }
}

function send(row) {
  return new Promise((done) => {
    const request = new XMLHttpRequest();
    const body = new FormData();
    body.append("files", row.file);
    request.upload.addEventListener("progress", (event) => row.sent(event.loaded, event.total));
    request.addEventListener("load", () => {
      if (request.status === 200) row.answer(request.responseText);
      else if (request.status === 429) later(row, Number(request.getResponseHeader("Retry-After")));
      else if (request.status === 401) untilSignedIn(row, request.responseText);
      else row.refuse(box.dataset.failed);
      done();
    });
    request.addEventListener("error", () => (row.refuse(box.dataset.failed), done()));
    request.open("POST", box.action);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("X-CSRFToken", formToken() ?? box.elements.csrfmiddlewaretoken.value);
    request.send(body);
  });
}

// The server asks for patience: the file waits in its row and goes by itself.
function later(row, seconds) {
  row.words.textContent = box.dataset.later;
  setTimeout(() => {
    waiting.push(row);
    next();
  }, 1000 * seconds);
}

// The sign-in has ended: nothing goes until one is back on this page, perhaps from signing in in another tab.
function untilSignedIn(row, html) {
  tellSignedOut(html);
  row.words.textContent = box.dataset.signedOut;
  waiting.unshift(row);
  stopped = true;
}

function goOn() {
  if (!stopped || document.hidden) return;
  document.querySelector("#signed-out")?.remove();
  stopped = false;
  for (let n = 0; n < AT_ONCE; n += 1) next();
}
window.addEventListener("focus", goOn);
document.addEventListener("visibilitychange", goOn);

const waiting = [];
let busy = 0;
let stopped = false;

async function next() {
  if (stopped || busy >= AT_ONCE || !waiting.length) return;
  busy += 1;
  await send(waiting.shift());
  busy -= 1;
  next();
}

function add(files) {
  for (const file of files) {
    const row = new Row(file);
    if (!file.size) row.refuse(box.dataset.empty);
    else if (file.size > Number(box.dataset.limit)) row.refuse(box.dataset.tooLarge);
    else {
      row.sent(0, file.size);
      waiting.push(row);
      next();
    }
  }
}

// A pasted number that was understood makes room for the next one.
document.addEventListener("understood", (event) => event.target.reset());

if (box) {
  const picker = box.querySelector("input[type=file]");
  box.classList.add("live");
  picker.addEventListener("change", () => {
    add([...picker.files]);
    picker.value = "";
  });
  const dragsFiles = (event) => event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!dragsFiles(event)) return;
    event.preventDefault();
    box.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) box.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    if (!dragsFiles(event)) return;
    event.preventDefault();
    box.classList.remove("over");
    add([...event.dataTransfer.files]);
  });
  window.addEventListener("beforeunload", (event) => {
    if (busy || waiting.length) event.preventDefault();
  });
}
