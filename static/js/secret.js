// A password may be looked at while it is typed: the button comes with the script that makes it work.
for (const field of document.querySelectorAll("input[data-show]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn text small";
  button.textContent = field.dataset.show;
  button.setAttribute("aria-controls", field.id);
  button.addEventListener("click", () => {
    const hidden = field.type === "password";
    field.type = hidden ? "text" : "password";
    button.textContent = hidden ? field.dataset.hide : field.dataset.show;
    field.focus();
  });
  const around = document.createElement("span");
  around.className = "with";
  field.replaceWith(around);
  around.append(field, button);
}
