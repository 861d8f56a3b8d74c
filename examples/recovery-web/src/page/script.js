// Copy and print; everything else works without a script.
"use strict";

const copy = document.getElementById("copy");
const print = document.getElementById("print");

if (navigator.clipboard) {
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

print.hidden = false;
print.addEventListener("click", () => window.print());

// The back button may take this page from memory, although the code is confirmed by now.
window.addEventListener("pageshow", (shown) => shown.persisted && window.location.reload());
