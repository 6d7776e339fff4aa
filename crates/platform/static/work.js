// While many reports come in at once, the form carries a challenge: a number for which the SHA-256 of
// "challenge~number" begins with so many zero bits. It is searched for in the background while the person
// writes. Without script, or without the number, the report is taken all the same and looked at later.
"use strict";
(() => {
  const challenge = document.querySelector("form input[name=challenge]");
  const answer = document.querySelector("form input[name=work]");
  if (!challenge?.value || !answer || !window.crypto?.subtle) return;
  const bits = Number(challenge.value.split(".")[1]);
  const encoder = new TextEncoder();
  const zeros = (digest) => {
    let found = 0;
    for (const byte of digest) {
      found += byte === 0 ? 8 : Math.clz32(byte) - 24;
      if (byte !== 0) break;
    }
    return found;
  };
  const search = async () => {
    for (let from = 0; ; from += 64) {
      const numbers = Array.from({ length: 64 }, (_, n) => String(from + n));
      const digests = await Promise.all(
        numbers.map((n) => crypto.subtle.digest("SHA-256", encoder.encode(`${challenge.value}~${n}`))),
      );
      const at = digests.findIndex((digest) => zeros(new Uint8Array(digest)) >= bits);
      if (at >= 0) return numbers[at];
    }
  };
  const found = search().then((number) => { answer.value = number; });
  const form = challenge.form;
  form.addEventListener("submit", (event) => {
    if (answer.value || !form.reportValidity()) return;
    event.preventDefault();
    const button = event.submitter;
    if (button) button.disabled = true;
    found.then(() => form.submit());
  });
})();
