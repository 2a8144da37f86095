// A sign-in may end while a page is open, in another tab or by itself. Nothing that was typed is lost by it:
// a script's request is answered with 401, and the page says so; after a sign-in in another tab this page goes on;
// a form that was led to the sign-in page is filled in again on the way back, for the same member only.

const pageMember = document.body.dataset.member ?? "";
// where one signs in; the other pages of an account have forms of their own
const SIGN_IN_PAGES = /^\/accounts\/(login|password\/reset|2fa\/authenticate|inactive)\//;

// Browsers may refuse to keep anything, or have no room left.
function recall(store, key) {
  try {
    return window[store].getItem(key);
  } catch {
    return null;
  }
}

function keep(store, key, value) {
  try {
    if (value === null) window[store].removeItem(key);
    else window[store].setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

// Who signed in last in this browser: every page of a member notes it.
if (pageMember) keep("localStorage", "member", pageMember);
const lastMember = () => recall("localStorage", "member");

// The token that a form must bring changes with every sign-in. The newest is taken if it is the same member's: what one
// member typed is never sent in the name of another.
function formToken() {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/);
  return cookie && pageMember && lastMember() === pageMember ? cookie[1] : null;
}

function freshen(form) {
  const field = form.elements.csrfmiddlewaretoken;
  if (field) field.value = formToken() ?? field.value;
}

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = formToken();
  if (!token) return;
  detail.headers["X-CSRFToken"] = token;
  if (detail.formData.has("csrfmiddlewaretoken")) detail.parameters.csrfmiddlewaretoken = token;
});

// ── a script heard that the sign-in has ended ──
function tellSignedOut(html) {
  if (!document.querySelector("#signed-out")) document.querySelector("#main").insertAdjacentHTML("afterbegin", html);
}
document.addEventListener("htmx:responseError", ({ detail }) => {
  if (detail.xhr.status === 401) tellSignedOut(detail.xhr.responseText);
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.successful) document.querySelector("#signed-out")?.remove();
});

// ── a form was led to the sign-in page ──
const alike = (action) => [...document.forms].filter((form) => form.getAttribute("action") === action);

document.addEventListener("submit", (event) => freshen(event.target), true);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || !pageMember || form.querySelector("[type=password]")) return;
  const action = form.getAttribute("action");
  const fields = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
  keep("sessionStorage", "sent", JSON.stringify({ member: pageMember, action, place: alike(action).indexOf(form), fields }));
});

// Hidden fields get what was sent, too: a form keeps the state that it was filled in on, and somebody's change since is seen.
function fill(form, fields) {
  const visible = [];
  for (const field of form.elements) {
    if (!field.name || field.name === "csrfmiddlewaretoken" || /^(file|submit|button|fieldset)$/.test(field.type)) continue;
    const given = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    const before = [field.value, field.checked].join();
    if (/^(checkbox|radio)$/.test(field.type)) field.checked = given.includes(field.value);
    else if (field.multiple) for (const option of field.options) option.selected = given.includes(option.value);
    else if (given.length) field.value = given[0];
    if (field.type !== "hidden" && before !== [field.value, field.checked].join()) visible.push(field);
  }
  return visible;
}

function fillAgain({ member, action, place, fields }) {
  const form = alike(action)[place];
  if (!form || member !== pageMember) return;
  const [first] = fill(form, fields);
  if (!first) return;
  for (let around = first.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
  const notice = document.querySelector("#filled-again").content.cloneNode(true);
  form.prepend(notice);
  first.focus();
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

if (pageMember && !SIGN_IN_PAGES.test(location.pathname)) {
  const sent = recall("sessionStorage", "sent");
  keep("sessionStorage", "sent", null);
  const from = document.referrer && new URL(document.referrer);
  if (sent && from && from.origin === location.origin && SIGN_IN_PAGES.test(from.pathname)) fillAgain(JSON.parse(sent));
}
