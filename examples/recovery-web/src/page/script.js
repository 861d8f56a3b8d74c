// Copy, print, and a page that comes back from the browser's memory; everything else works without a script.
"use strict";

const copy = document.getElementById("copy");
const print = document.getElementById("print");

if (copy && navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    const copied = document.getElementById("copied");
    try {
      await navigator.clipboard.writeText(document.getElementById("new-code").textContent);
      copied.textContent = "Copied. Paste it where you keep it.";
    } catch {
      copied.textContent = "The browser did not allow it: write the code down.";
    }
  });
}

if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}

// The back button may take a page from memory, with what was typed there or with a code that is confirmed by now. It is
// left without anything to see, and asks anew when it comes back.
window.addEventListener("pagehide", () => (document.body.hidden = true));
window.addEventListener("pageshow", (shown) => shown.persisted && window.location.reload());
