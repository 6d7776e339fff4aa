// Verifies a receipt in the browser: nothing is sent anywhere. The same checks as `tickmark verify`:
// the statement's Ed25519 signature by the key that it names, and the RFC 6962 inclusion proof of its
// entry under a checkpoint that the same key signed.
"use strict";
(() => {
  const root = document.querySelector("[data-verify]");
  if (!root) return;
  const words = root.dataset;
  const out = root.querySelector("[data-outcome]");
  const text = root.querySelector("textarea");
  const pinned = root.querySelector("[data-key]");
  const bytesOf = (string) => new TextEncoder().encode(string);
  const same = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);
  const fail = (key, detail) => {
    const e = new Error(words[key] ?? key);
    e.detail = detail;
    throw e;
  };
  const base64 = (string) => {
    try {
      const raw = atob(string);
      if (btoa(raw) !== string) return null;
      return Uint8Array.from(raw, (c) => c.charCodeAt(0));
    } catch {
      return null;
    }
  };
  const sha256 = async (...parts) => {
    const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
    let at = 0;
    for (const part of parts) {
      all.set(part, at);
      at += part.length;
    }
    return new Uint8Array(await crypto.subtle.digest("SHA-256", all));
  };

  // A verifier key of C2SP signed-note: name+hash+base64(type, key).
  const readKey = async (vkey) => {
    const match = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey);
    const bytes = match && base64(match[3]);
    if (!bytes || bytes.length !== 33 || bytes[0] !== 1) fail("badKey");
    const id = (await sha256(bytesOf(`${match[1]}\n`), bytes)).slice(0, 4);
    if (Array.from(id, (b) => b.toString(16).padStart(2, "0")).join("") !== match[2]) fail("badKey");
    const key = await crypto.subtle.importKey("raw", bytes.slice(1), { name: "Ed25519" }, false, ["verify"]);
    return { name: match[1], id, key };
  };

  // A signed note: text, an empty line, signature lines. Returns the text when the key signed it.
  const openNote = async (note, key) => {
    const split = note.lastIndexOf("\n\n\u2014 ");
    if (split < 0 || !note.endsWith("\n")) fail("malformed");
    const body = note.slice(0, split + 1);
    for (const line of note.slice(split + 2, -1).split("\n")) {
      const match = /^\u2014 (\S+) (\S+)$/.exec(line);
      if (!match) fail("malformed");
      const bytes = base64(match[2]);
      if (match[1] !== key.name || bytes?.length !== 68 || !same(bytes.slice(0, 4), key.id)) continue;
      if (await crypto.subtle.verify({ name: "Ed25519" }, key.key, bytes.slice(4), bytesOf(body))) return body;
      fail("badSignature");
    }
    return fail("badSignature");
  };

  // RFC 9162, 2.1.3.2.
  const rootOf = async (leaf, index, size, path) => {
    if (index >= size) fail("badProof");
    let [fn, sn, hash] = [index, size - 1n, await sha256(Uint8Array.of(0), leaf)];
    for (const next of path) {
      if (sn === 0n) fail("badProof");
      if (fn % 2n === 1n || fn === sn) {
        hash = await sha256(Uint8Array.of(1), next, hash);
        while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
      } else {
        hash = await sha256(Uint8Array.of(1), hash, next);
      }
      [fn, sn] = [fn >> 1n, sn >> 1n];
    }
    if (sn !== 0n) fail("badProof");
    return hash;
  };

  const readProof = (proof) => {
    const split = proof.indexOf("\n\n");
    const lines = proof.slice(0, split).split("\n");
    if (split < 0 || lines.shift() !== "c2sp.org/tlog-proof@v1") fail("malformed");
    if (lines[0]?.startsWith("extra ")) lines.shift();
    const index = /^index (0|[1-9][0-9]{0,18})$/.exec(lines.shift() ?? "");
    const path = lines.map(base64);
    if (!index || path.length > 63 || !path.every((h) => h?.length === 32)) fail("malformed");
    return { index: BigInt(index[1]), path, checkpoint: proof.slice(split + 2) };
  };

  const verify = async (file) => {
    // What was copied out of a page may have lost its last line end.
    const whole = `${file.replaceAll("\r\n", "\n").replace(/\n+$/, "")}\n`;
    if (!whole.startsWith("tickmark-receipt@v1\n")) fail("notAReceipt");
    const cut = whole.indexOf("\n\nc2sp.org/tlog-proof@v1\n");
    const statement = cut < 0 ? whole : whole.slice(0, cut + 1);
    const named = /^log: (\S+)$/m.exec(statement)?.[1];
    if (!named) fail("malformed");
    const trusted = pinned.value.trim();
    if (trusted && trusted !== named) fail("otherKey");
    const key = await readKey(named);
    const body = await openNote(statement, key);
    const fields = body.slice(0, -1).split("\n").slice(1).map((line) => {
      const at = line.indexOf(": ");
      return [line.slice(0, at), line.slice(at + 2)];
    });
    const entry = base64(Object.fromEntries(fields).entry ?? "");
    if (!entry?.length) fail("malformed");
    let logged = false;
    if (cut >= 0) {
      const proof = readProof(whole.slice(cut + 2));
      const [origin, size, hash] = (await openNote(proof.checkpoint, key)).split("\n");
      const wanted = base64(hash ?? "");
      if (origin !== key.name || !/^(0|[1-9][0-9]{0,18})$/.test(size ?? "") || wanted?.length !== 32) fail("malformed");
      if (!same(await rootOf(entry, proof.index, BigInt(size), proof.path), wanted)) fail("badProof");
      logged = true;
    }
    return { fields: fields.filter(([n]) => n !== "log" && n !== "entry"), log: key.name, logged, pinned: Boolean(trusted) };
  };

  const say = (good, sentence, found) => {
    out.replaceChildren();
    out.dataset.verified = good ? "yes" : "no";
    const first = document.createElement("p");
    const strong = document.createElement("strong");
    strong.textContent = sentence;
    first.append(strong);
    out.append(first);
    if (!found) return;
    const list = document.createElement("dl");
    list.className = "facts";
    for (const [name, value] of [...found.fields, ["log", found.log]]) {
      const dt = document.createElement("dt");
      dt.textContent = name.replaceAll("_", " ");
      const dd = document.createElement("dd");
      dd.textContent = value;
      list.append(dt, dd);
    }
    out.append(list);
    for (const note of [found.logged ? words.logged : words.promised, found.pinned ? "" : words.asStated]) {
      if (!note) continue;
      const p = document.createElement("p");
      p.textContent = note;
      out.append(p);
    }
  };

  const able = async () => {
    try {
      const raw = new Uint8Array(32);
      raw[0] = 1;
      await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
      return true;
    } catch {
      return false;
    }
  };
  const run = async () => {
    if (!text.value.trim()) return say(false, words.empty);
    if (!(await able())) return say(false, words.unable);
    try {
      const found = await verify(text.value);
      return say(true, words.verified, found);
    } catch (e) {
      return say(false, e instanceof TypeError || e instanceof DOMException ? words.malformed : e.message);
    }
  };
  root.hidden = false;
  root.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  root.querySelector("input[type=file]").addEventListener("change", async (event) => {
    const file = event.target.files[0];
    if (!file || file.size > 1 << 20) return;
    text.value = await file.text();
    run();
  });
  able().then((yes) => {
    if (!yes) say(false, words.unable);
  });
})();
