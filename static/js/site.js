// Small courtesies for every page; everything works without them.

// <button data-copy="#id">: copies the text of that element and says so in the button's own words.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent);
  const label = button.textContent;
  button.textContent = button.dataset.copied;
  setTimeout(() => (button.textContent = label), 2000);
});

// An undo bar goes when its ten seconds are over; the trash keeps things longer.
for (const bar of document.querySelectorAll("[data-fades]")) setTimeout(() => bar.remove(), 10000);

// A form is sent once, however often the button is pressed.
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "1";
  setTimeout(() => delete event.target.dataset.sent, 4000);
});

// <form data-drop>: a file dropped on it is sent as if it had been chosen.
for (const zone of document.querySelectorAll("form[data-drop]")) {
  const field = zone.querySelector("input[type=file]");
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    field.files = event.dataTransfer.files;
    if (field.files.length) zone.requestSubmit();
  });
  field.addEventListener("change", () => field.files.length && zone.requestSubmit());
}
