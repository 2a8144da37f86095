// The live preview says what is wrong as of now; what the last full page said beside the fields is then out of date.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "preview") document.querySelectorAll("#plan .err").forEach((said) => said.remove());
});
