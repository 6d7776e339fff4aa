// A report that is being written survives a reload or a lost connection. What is typed is kept in this
// tab alone; beyond the tab only after the person has ticked the box, and until the report is sent.
// Files and return codes are never kept. Without script the form works all the same.
"use strict";
(() => {
  const NAME = "tickmark-report";
  const from = (store) => {
    try {
      const box = store === "tab" ? window.sessionStorage : window.localStorage;
      box.getItem(NAME);
      return box;
    } catch {
      return null;
    }
  };
  const tab = from("tab");
  const device = from("device");
  const forget = () => {
    tab?.removeItem(NAME);
    device?.removeItem(NAME);
  };

  if (document.querySelector("[data-report-sent]")) forget();

  const offer = document.querySelector("[data-draft]");
  const form = offer?.closest("form");
  if (!form || !tab) return;

  const keep = offer.querySelector("input");
  const kept = ["title", "description", "occurred_at", "about_people", "contact", "kind", "privacy", "key"];
  const read = () => {
    const values = { at: location.pathname + location.search };
    for (const [name, value] of new FormData(form)) {
      if (kept.includes(name) && typeof value === "string") values[name] = value;
    }
    return values;
  };
  const written = (values) => ["title", "description", "about_people", "contact"].some((n) => values[n]);
  let timer = 0;
  const save = () => {
    const values = read();
    const text = JSON.stringify(values);
    try {
      if (written(values)) tab.setItem(NAME, text);
      if (device) {
        if (keep.checked && written(values)) device.setItem(NAME, text);
        else device.removeItem(NAME);
      }
    } catch {
      // A full or closed store keeps nothing; the form is not harmed.
    }
  };
  const restore = (text) => {
    let values;
    try {
      values = JSON.parse(text);
    } catch {
      return;
    }
    // A form that came back from the server says what was typed last.
    if (document.querySelector(".error-summary")) return;
    for (const name of kept) {
      if (typeof values?.[name] !== "string") continue;
      for (const field of form.querySelectorAll(`[name="${name}"]`)) {
        if (field.type === "radio") field.checked = field.value === values[name];
        else if (field.type !== "file") field.value = values[name];
      }
    }
    const said = document.createElement("p");
    said.setAttribute("role", "status");
    said.textContent = offer.dataset.restored;
    offer.append(said);
  };

  offer.hidden = false;
  if (!device) keep.closest("label").hidden = true;
  const onDevice = device?.getItem(NAME);
  keep.checked = Boolean(onDevice);
  const text = tab.getItem(NAME) ?? onDevice;
  if (text) restore(text);
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, 300);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", save);
  window.addEventListener("pagehide", save);
})();
