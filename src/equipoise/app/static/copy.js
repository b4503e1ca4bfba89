// Copies what stands in an element: <button data-copy="ID" hidden>. Without this script the text is selected by hand.
"use strict";

function selected(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

async function copied(element) {
  try {
    await navigator.clipboard.writeText(element.textContent.trim());
    return true;
  } catch {
    // Over plain HTTP a browser has no clipboard for pages, only the older command.
    selected(element);
    return document.execCommand("copy");
  }
}

for (const button of document.querySelectorAll("button[data-copy]")) {
  const element = document.getElementById(button.dataset.copy);
  const told = button.parentElement.querySelector("[role=status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const done = await copied(element);
    if (!done) selected(element);
    told.textContent = done ? "Copied." : "Selected: press Ctrl C.";
  });
}
