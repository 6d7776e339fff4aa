// A test sheet by keyboard. Arrow keys and Enter go from cell to cell, a mark's key marks and goes on.
// A row is sent as soon as it is complete. What is typed is kept in this browser until the server has
// recorded it: a lost connection, a closed tab or somebody else's entry loses nothing. Without script
// the same form is filled in and sent as a whole.
"use strict";
(() => {
  const picture = document.querySelector("[data-picture]");
  if (picture) draws(picture);
  const form = document.querySelector("form[data-sheet]");
  if (form) keeps(form);

  // A rectangle dragged on a picture fills in the region of the annotation.
  function draws(figure) {
    const drawing = figure.querySelector("[data-drawing]");
    const field = (name) => document.querySelector(`form[action$="/annotations"] [name="${name}"]`);
    if (!drawing || !field("x")) return;
    let from = null;
    const parts = (event) => {
      const box = figure.querySelector("img").getBoundingClientRect();
      const part = (at, size) => Math.round(Math.min(Math.max(at / size, 0), 1) * 10000);
      return [part(event.clientX - box.left, box.width), part(event.clientY - box.top, box.height)];
    };
    const set = (name, value) => {
      drawing.setAttribute(name, value);
      field(name).value = value;
    };
    figure.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      from = parts(event);
      figure.setPointerCapture(event.pointerId);
    });
    figure.addEventListener("pointermove", (event) => {
      if (!from) return;
      const to = parts(event);
      set("x", Math.min(from[0], to[0]));
      set("y", Math.min(from[1], to[1]));
      set("width", Math.abs(to[0] - from[0]));
      set("height", Math.abs(to[1] - from[1]));
    });
    figure.addEventListener("pointerup", () => {
      if (!from) return;
      from = null;
      const text = field("annotation");
      text.closest("details").open = true;
      text.focus();
    });
  }

  function keeps(sheet) {
    const words = JSON.parse(sheet.dataset.words);
    const legend = JSON.parse(sheet.dataset.legend);
    const name = `tickmark-sheet-${sheet.dataset.sheet}-${sheet.dataset.who}`;
    const state = sheet.querySelector("[data-state]");
    const rows = [...sheet.querySelectorAll("tr[data-row]")].filter((row) => row.querySelector("[data-mark]"));
    const cells = rows.map((row) => [...row.querySelectorAll("[data-mark]")]);
    const store = (() => {
      try {
        localStorage.getItem(name);
        return localStorage;
      } catch {
        return null;
      }
    })();
    // Rows that were typed and are not recorded yet, by place.
    let waiting = {};
    const timers = {};
    const sending = new Set();
    let again = 0;

    const keep = () => {
      try {
        if (Object.keys(waiting).length) store?.setItem(name, JSON.stringify(waiting));
        else store?.removeItem(name);
      } catch {
        // A full store keeps nothing; the rows stay in the page and are sent all the same.
      }
    };
    const say = (text) => {
      if (state.textContent !== text) state.textContent = text;
    };
    const place = (row) => row.dataset.row;
    const read = (row) => ({
      seen: row.querySelector("[data-seen]").value,
      marks: Object.fromEntries([...row.querySelectorAll("[data-mark]")].map((c) => [c.dataset.mark, c.value.trim()])),
      note: row.querySelector("[data-note]").value.trim(),
    });
    const complete = (values) => Object.values(values.marks).every(Boolean);
    const sign = (cell) => {
      cell.nextElementSibling.textContent = legend[cell.value.toUpperCase()] ?? "";
    };
    const write = (row, values) => {
      for (const cell of row.querySelectorAll("[data-mark]")) {
        cell.value = values.marks[cell.dataset.mark] ?? "";
        sign(cell);
      }
      row.querySelector("[data-note]").value = values.note ?? "";
    };

    const typed = (row, pause = 0) => {
      const values = read(row);
      waiting[place(row)] = values;
      keep();
      clearTimeout(timers[place(row)]);
      if (complete(values)) timers[place(row)] = setTimeout(() => send(row), pause);
      else if (Object.values(values.marks).some(Boolean)) say(words.incomplete);
    };

    async function send(row) {
      const at = place(row);
      if (sending.has(at) || !waiting[at]) return;
      sending.add(at);
      row.dataset.state = "sending";
      const values = waiting[at];
      const sent = JSON.stringify(values);
      const body = new URLSearchParams({ csrf: sheet.querySelector('[name="csrf"]').value });
      body.append(`seen.${at}`, values.seen);
      for (const [letter, mark] of Object.entries(values.marks)) body.append(`m.${at}.${letter}`, mark);
      body.append(`note.${at}`, values.note);
      try {
        const answer = await fetch(sheet.action, { method: "POST", body, headers: { accept: "application/json" } });
        if (answer.status === 401 || answer.status === 403 || answer.redirected) {
          say(words["signed-out"]);
          row.dataset.state = "kept";
          return;
        }
        if (!answer.ok) throw new Error(String(answer.status));
        const told = await answer.json();
        again = 0;
        const one = told.rows.find((r) => String(r.position) === at);
        if (one?.saved) recorded(row, one, sent, told.answer);
        else if (one?.conflict) differs(row, one);
        else {
          row.dataset.state = "kept";
          say(one?.message ?? words.kept);
        }
      } catch {
        row.dataset.state = "kept";
        say(words.kept);
        again = Math.min((again || 1000) * 2, 30000);
        setTimeout(() => send(row), again);
      } finally {
        sending.delete(at);
        const now = waiting[at];
        if (now && JSON.stringify(now) !== sent && complete(now)) send(row);
      }
    }

    function recorded(row, one, sent, answer) {
      row.querySelector("[data-seen]").value = one.seen;
      row.querySelector("[data-outcome]").innerHTML = one.outcome;
      row.querySelector(".conflict")?.remove();
      row.dataset.state = "saved";
      const at = place(row);
      if (JSON.stringify(waiting[at]) === sent) delete waiting[at];
      else if (waiting[at]) waiting[at].seen = one.seen;
      keep();
      const head = document.querySelector(".answer");
      if (head && answer) head.textContent = answer;
      say(Object.keys(waiting).length ? words.sending : words.saved);
    }

    // Somebody else recorded this item: both are shown, and the person chooses.
    function differs(row, one) {
      row.dataset.state = "conflict";
      row.querySelector(".conflict")?.remove();
      const box = document.createElement("div");
      box.className = "conflict";
      const theirs = Object.entries(one.marks).map(([letter, mark]) => `${letter} ${mark || "–"}`).join(", ");
      const said = document.createElement("p");
      said.textContent = `${one.message} (${theirs}${one.note ? `; ${one.note}` : ""})`;
      const button = (word, work) => {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "button quiet";
        made.textContent = word;
        made.addEventListener("click", () => {
          row.querySelector("[data-seen]").value = one.seen;
          box.remove();
          work();
        });
        return made;
      };
      box.append(
        said,
        button(words.mine, () => typed(row)),
        button(words.theirs, () => {
          write(row, one);
          row.querySelector("[data-outcome]").innerHTML = one.outcome;
          delete waiting[place(row)];
          delete row.dataset.state;
          keep();
        }),
      );
      row.querySelector("th").append(box);
      say(one.message);
    }

    const go = (row, column) => {
      const target = cells[row]?.[Math.min(column, cells[row].length - 1)];
      if (!target) return false;
      target.focus();
      target.select();
      target.scrollIntoView({ block: "nearest", inline: "nearest" });
      return true;
    };
    const find = (cell) => {
      const row = rows.indexOf(cell.closest("tr"));
      return [row, cells[row].indexOf(cell)];
    };
    const onward = (row, column) => {
      if (column + 1 < cells[row].length) return go(row, column + 1);
      return go(row + 1, 0);
    };

    sheet.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const cell = event.target;
      if (cell.matches("[data-note]") && event.key === "Enter") {
        event.preventDefault();
        go(rows.indexOf(cell.closest("tr")) + 1, 0);
        return;
      }
      if (!cell.matches("[data-mark]")) return;
      const [row, column] = find(cell);
      const ways = {
        ArrowDown: () => go(row + 1, column),
        ArrowUp: () => go(row - 1, column),
        ArrowLeft: () => go(row, column - 1),
        ArrowRight: () => onward(row, column),
        Enter: () => onward(row, column),
      };
      if (ways[event.key]) {
        event.preventDefault();
        ways[event.key]();
      } else if (event.key === "Backspace" || event.key === "Delete") {
        event.preventDefault();
        cell.value = "";
        sign(cell);
        typed(cell.closest("tr"));
      } else if (event.key.length === 1 && event.key !== " ") {
        event.preventDefault();
        const key = { 1: "P", 0: "D", "-": "N" }[event.key] ?? event.key.toUpperCase();
        const known = legend[event.key.toUpperCase()] !== undefined ? event.key.toUpperCase() : key;
        if (legend[known] === undefined) {
          say(words.unknown);
          return;
        }
        cell.value = known;
        sign(cell);
        typed(cell.closest("tr"));
        onward(row, column);
      }
    });
    sheet.addEventListener("input", (event) => {
      const row = event.target.closest("tr");
      if (!row) return;
      if (event.target.matches("[data-mark]")) sign(event.target);
      typed(row, 600);
    });
    sheet.addEventListener("change", (event) => {
      const row = event.target.closest("tr");
      if (row && waiting[place(row)]) typed(row);
    });
    // Sent as a whole, everything that waits goes with it.
    sheet.addEventListener("submit", () => {
      waiting = {};
      keep();
    });
    addEventListener("online", () => {
      for (const row of rows) if (waiting[place(row)] && complete(waiting[place(row)])) send(row);
    });

    // What an interrupted session left behind.
    try {
      waiting = JSON.parse(store?.getItem(name) ?? "{}");
    } catch {
      waiting = {};
    }
    let restored = false;
    for (const row of rows) {
      const left = waiting[place(row)];
      if (!left) continue;
      restored = true;
      write(row, left);
      if (complete(left)) send(row);
    }
    if (restored) say(words.restored);
    // The first open cell is where the hand begins.
    const first = cells.flat().find((cell) => !cell.value);
    if (first && !document.querySelector("[data-focus]")) first.focus({ preventScroll: true });
  }
})();
