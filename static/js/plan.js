// The live preview says what is wrong as of now; what the last full page said beside the fields is then out of date.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "preview") document.querySelectorAll("#plan .err").forEach((said) => said.remove());
});

// Once the plan is on its way to be saved, no preview that was about to start is asked for any more.
let leaving = false;
document.addEventListener("submit", (event) => { leaving = leaving || event.target.id === "plan"; });
document.addEventListener("htmx:beforeRequest", (event) => { if (leaving) event.preventDefault(); });
window.addEventListener("pageshow", () => { leaving = false; });
