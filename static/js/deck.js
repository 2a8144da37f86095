/* Presenting: one slide fills the screen; arrows, space and a touch turn the page, Escape ends it. */
(() => {
  const deck = document.querySelector("[data-deck]");
  const start = document.querySelector("[data-present]");
  if (!deck || !start || !deck.requestFullscreen) return;
  const slides = [...deck.children];
  let shown = 0;

  const show = (number) => {
    shown = Math.max(0, Math.min(slides.length - 1, number));
    slides.forEach((slide, index) => slide.classList.toggle("shown", index === shown));
  };
  const steps = { ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, Enter: 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1 };

  start.hidden = false;
  start.addEventListener("click", () => { show(0); deck.requestFullscreen(); });
  document.addEventListener("keydown", (event) => {
    if (document.fullscreenElement !== deck) return;
    if (event.key === "Home") show(0);
    else if (event.key === "End") show(slides.length - 1);
    else if (steps[event.key]) show(shown + steps[event.key]);
    else return;
    event.preventDefault();
  });
  deck.addEventListener("click", (event) => {
    if (document.fullscreenElement === deck) show(shown + (event.clientX < innerWidth / 3 ? -1 : 1));
  });
})();
