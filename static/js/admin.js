/* The bureau's pages: tabs on a row's page, focus on what is wrong, one press is one act. Works without it, too. */
"use strict";

function makeTabs(form) {
  const sections = [...form.querySelectorAll(":scope > div > fieldset.module, :scope > div > section.panel")];
  const titled = sections.filter((section) => section.querySelector("h2"));
  if (titled.length < 3 || titled.length !== sections.length) return;
  const bar = document.createElement("div");
  bar.className = "tabs";
  bar.setAttribute("role", "tablist");
  bar.setAttribute("aria-label", "这一页的内容");
  const buttons = titled.map((section, index) => {
    const heading = section.querySelector("h2");
    const button = document.createElement("button");
    button.type = "button";
    button.id = `tab-${index}`;
    button.setAttribute("role", "tab");
    const [, title, told] = heading.textContent.trim().match(/^(.*?)(?:（(\d+)）)?$/);
    button.textContent = title;
    const rows = told || (section.matches(".panel") ? section.querySelectorAll("tbody tr").length : 0);
    if (Number(rows)) {
      const number = document.createElement("span");
      number.className = "number";
      number.textContent = rows;
      button.append(number);
    }
    section.id = section.id || `section-${index}`;
    section.setAttribute("role", "tabpanel");
    section.setAttribute("aria-labelledby", button.id);
    button.setAttribute("aria-controls", section.id);
    if (section.querySelector(".errorlist")) button.classList.add("wrong");
    heading.hidden = true;
    bar.append(button);
    return button;
  });

  function open(index, focus) {
    buttons.forEach((button, place) => {
      button.setAttribute("aria-selected", String(place === index));
      button.tabIndex = place === index ? 0 : -1;
      titled[place].hidden = place !== index;
    });
    const submit = form.querySelector(".submit-row");
    if (submit) submit.hidden = titled[index].matches(".panel");
    if (focus) buttons[index].focus();
    history.replaceState(null, "", index ? `#${titled[index].id}` : location.pathname + location.search);
  }

  buttons.forEach((button, index) => {
    button.addEventListener("click", () => open(index));
    button.addEventListener("keydown", (event) => {
      const last = buttons.length - 1;
      const to = { ArrowRight: index === last ? 0 : index + 1, ArrowLeft: index ? index - 1 : last, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      open(to, true);
    });
  });
  form.addEventListener("click", (event) => {
    const link = event.target.closest(".summary a[href^='#']");
    const target = link && document.getElementById(link.hash.slice(1));
    const place = target ? titled.findIndex((section) => section.contains(target)) : -1;
    if (place >= 0) open(place);
  });
  sections[0].before(bar);
  const wrong = titled.findIndex((section) => section.querySelector(".errorlist"));
  const asked = titled.findIndex((section) => `#${section.id}` === location.hash);
  open(Math.max(wrong >= 0 ? wrong : asked, 0));
}

document.querySelectorAll("#content-main > form").forEach((form) => {
  if (form.querySelector("[data-tabs]")) makeTabs(form);
  form.dataset.once = "";
});

// The search of a choice is sent, not asked for by address, so it carries the token of the form.
const token = document.querySelector("input[name=csrfmiddlewaretoken]");
if (token && window.django && django.jQuery) django.jQuery.ajaxSetup({ headers: { "X-CSRFToken": token.value } });

/* A field that counts only with one answer to another is asked only then. */
document.querySelectorAll("[data-when]").forEach((field) => {
  const [name, values] = field.dataset.when.split("=");
  const row = field.closest(".form-row");
  const askers = [...field.closest("form").querySelectorAll(`[name="${name}"]`)];
  if (!row || !askers.length) return;
  const show = () => {
    const given = askers.filter((one) => one.type !== "radio" || one.checked).map((one) => one.value);
    row.hidden = !given.some((value) => values.split(",").includes(value));
  };
  askers.forEach((one) => one.addEventListener("change", show));
  show();
});

const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest(".summary a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.focus();
});

document.querySelectorAll("form[data-once]").forEach((form) => {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
  });
});
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));

/* All rows of a list at once; without scripts each is chosen by itself. */
document.querySelectorAll("[data-choose-all]").forEach((all) => {
  all.hidden = false;
  all.addEventListener("change", () => {
    all.closest("table").querySelectorAll("tbody input[type=checkbox]").forEach((one) => { one.checked = all.checked; });
  });
});

document.querySelectorAll("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));

