// What script adds to pages that work without it: the command palette, the theme switch in place,
// keys in table rows, copy buttons, dialogs in place. No other script runs; nothing is evaluated.
"use strict";
(() => {
  const one = (selector, within = document) => within.querySelector(selector);
  const words = one('meta[name="words"]')?.dataset ?? {};

  // Command palette: Ctrl-K (or Cmd-K), or the link in the top bar.
  const palette = one("#palette");
  const input = palette && one("input", palette);
  const openPalette = () => {
    if (!palette || palette.open) return;
    input.value = "";
    narrow();
    palette.showModal();
    input.focus();
  };
  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const narrow = () => {
    const wanted = fold(input.value.trim());
    for (const item of palette.querySelectorAll(".palette-go > li")) {
      item.hidden = !fold(item.textContent).includes(wanted);
    }
  };
  if (palette) {
    input.addEventListener("input", narrow);
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        step(palette, null, 1);
      } else if (event.key === "Enter") {
        // Enter goes to the only room that fits; otherwise it searches.
        const fits = [...palette.querySelectorAll(".palette-go > li:not([hidden]) a")];
        if (input.value.trim() && fits.length === 1) {
          event.preventDefault();
          fits[0].click();
        }
      }
    });
    palette.addEventListener("keydown", (event) => {
      const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (way && event.target.matches("li a")) {
        event.preventDefault();
        step(palette, event.target, way);
      }
    });
    palette.addEventListener("click", (event) => {
      if (event.target === palette) palette.close();
    });
  }
  const step = (within, from, way) => {
    const links = [...within.querySelectorAll("li:not([hidden]) > a")];
    const next = links[links.indexOf(from) + way];
    if (next) next.focus();
    else if (way < 0) one("input", within)?.focus();
  };
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      if (!palette) return;
      event.preventDefault();
      openPalette();
    }
  });

  // A list with the keyboard: j and k (or the arrows) go from row to row while the focus is in the
  // list, x ticks the row's box, and a row's buttons answer to their own letters.
  const rowKeys = (event) => {
    const row = event.target.closest?.("table[data-rows] > tbody > tr");
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (typing) return;
    const way = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (way) {
      const next = way > 0 ? row.nextElementSibling : row.previousElementSibling;
      const target = next && (one("th a", next) ?? one("a, button, input", next));
      if (target) {
        event.preventDefault();
        target.focus();
      }
    } else if (event.key === "x") {
      one('input[type="checkbox"]', row)?.click();
    } else if (/^[a-z]$/.test(event.key)) {
      one(`[data-key="${event.key}"]`, row)?.click();
    }
  };
  document.addEventListener("keydown", rowKeys);

  document.addEventListener("click", (event) => {
    const opener = event.target.closest?.("[data-palette-open]");
    if (opener && palette && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      openPalette();
      return;
    }
    const asks = event.target.closest?.("[data-dialog]");
    const dialog = asks && document.getElementById(asks.dataset.dialog);
    if (dialog && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      dialog.showModal();
      return;
    }
    // A menu closes when the pointer goes elsewhere.
    for (const menu of document.querySelectorAll("details.menu[open], details.def[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open], details.def[open]")) {
      if (menu.contains(document.activeElement)) one("summary", menu)?.focus();
      menu.open = false;
    }
  });

  // The theme changes at once; the cookie is the one that the server sets.
  document.addEventListener("submit", (event) => {
    const form = event.target.closest?.("[data-theme-switch]");
    const button = event.submitter;
    if (!form || button?.name !== "theme") return;
    event.preventDefault();
    document.documentElement.dataset.theme = button.value;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${button.value}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    for (const other of form.querySelectorAll('button[name="theme"]')) {
      other.setAttribute("aria-pressed", String(other === button));
    }
  });

  // What is added to a page or comes in by htmx.
  const improve = (within) => {
    if (navigator.clipboard) {
      for (const code of within.querySelectorAll("[data-copy]:not([data-copies])")) {
        code.dataset.copies = "";
        const button = document.createElement("button");
        button.type = "button";
        button.className = "copy";
        button.textContent = words.copy ?? "";
        button.addEventListener("click", async () => {
          await navigator.clipboard.writeText(code.dataset.copy);
          button.textContent = words.copied ?? "";
          setTimeout(() => (button.textContent = words.copy ?? ""), 2000);
        });
        code.after(button);
      }
    }
  };
  improve(document.body);
  document.addEventListener("htmx:load", (event) => improve(event.detail.elt));

  // A form that came back with faults starts at their summary.
  one("[data-focus]")?.focus();
})();
