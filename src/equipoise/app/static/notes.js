// Notes on selected words: a pen appears, a box opens, the note is saved. Without this file the same forms are pages.
"use strict";
(() => {
  const CONTEXT = 32, LONGEST = 10000, DAYS = 14;
  // What bounds words and what is beside the text, as desk/page_text.py has it: both must read the same text.
  const BLOCKS = new Set(("address article aside blockquote br caption dd details div dl dt figcaption figure footer h1 h2 " +
    "h3 h4 h5 h6 header hr li main nav ol p pre section summary table tbody td tfoot th thead tr ul").split(" "));
  const ASIDE = new Set("svg math script style textarea select button".split(" "));
  const LETTER = /[\p{L}\p{M}\p{N}\ud800-\udfff]/u;
  const SPACE = "\t\n\f\r \u00a0";
  const bar = document.getElementById("notes");
  const box = document.getElementById("note-box");
  const count = (text) => Array.from(text).length;

  // --- the text of a part, and where a range of it begins and ends

  function readPart(part, range) {
    let text = "", start = -1, end = -1;
    const space = () => { if (text && !text.endsWith(" ")) text += " "; };
    const reach = (node, offset) => {
      if (node === range.startContainer && offset === range.startOffset) start = text.length;
      if (node === range.endContainer && offset === range.endOffset) end = text.length;
    };
    const walk = (node) => {
      if (node.nodeType === Node.TEXT_NODE) {
        const data = node.data;
        for (let i = 0; i < data.length; i++) {
          reach(node, i);
          if (SPACE.includes(data[i])) space(); else text += data[i];
        }
        reach(node, data.length);
        return;
      }
      if (node.nodeType !== Node.ELEMENT_NODE) return;
      const name = node.localName;
      if ((ASIDE.has(name) && !node.hasAttribute("interestfor")) || node.hasAttribute("data-aside")) {
        if (node.contains(range.startContainer)) start = text.length;
        if (node.contains(range.endContainer)) end = text.length;
        return;
      }
      if (BLOCKS.has(name)) space();
      const children = node.childNodes;
      for (let i = 0; i < children.length; i++) { reach(node, i); walk(children[i]); }
      reach(node, children.length);
      if (BLOCKS.has(name)) space();
    };
    walk(part);
    return { text, start, end };
  }

  function placeOf(selection) {
    if (!selection || selection.isCollapsed || !selection.rangeCount) return null;
    const range = selection.getRangeAt(0).cloneRange();
    const parts = [...document.querySelectorAll("section.part[id]")];
    const part = parts.find((one) => range.intersectsNode(one));
    if (!part) return null;
    const whole = document.createRange();
    whole.selectNodeContents(part);
    if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) range.setStart(part, 0);
    if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) range.setEnd(part, part.childNodes.length);
    let { text, start, end } = readPart(part, range);
    if (start < 0 || end < 0) return null;
    while (start < end && text[start] === " ") start++;
    while (end > start && text[end - 1] === " ") end--;
    if (start >= end) return null;
    // Whole words: a finger seldom meets their bounds.
    const inWord = (at) => at > 0 && at < text.length && LETTER.test(text[at - 1]) && LETTER.test(text[at]);
    while (inWord(start)) start--;
    while (inWord(end)) end++;
    const exact = text.slice(start, end);
    const first = count(text.slice(0, start));
    if (count(exact) > LONGEST) return { part: part.id, exact: "", prefix: "", suffix: "", start: 0, end: 0, range };
    return {
      part: part.id, exact, range, start: first, end: first + count(exact),
      prefix: Array.from(text.slice(0, start)).slice(-CONTEXT).join(""),
      suffix: Array.from(text.slice(end, end + 4 * CONTEXT)).slice(0, CONTEXT).join(""),
    };
  }

  // --- what was typed is kept in this browser until it is saved

  const person = bar ? bar.dataset.person : "";
  const drafts = {
    name: (id) => `equipoise-note:${person}:${id}`,
    read(name) {
      try { return JSON.parse(localStorage.getItem(name)); } catch { return null; }
    },
    keep(id, values) {
      try { localStorage.setItem(this.name(id), JSON.stringify({ ...values, at: Date.now() })); } catch { /* full or off */ }
    },
    forget(id) {
      try { localStorage.removeItem(this.name(id)); } catch { /* off */ }
    },
    of(start) {
      const found = [];
      try {
        for (const name of Object.keys(localStorage)) {
          if (!name.startsWith("equipoise-note:")) continue;
          const draft = this.read(name);
          if (!draft || Date.now() - draft.at > DAYS * 864e5) localStorage.removeItem(name);
          else if (name.startsWith(this.name(start))) found.push(draft);
        }
      } catch { /* off */ }
      return found.sort((one, other) => one.at - other.at);
    },
  };
  const valuesOf = (form) => Object.fromEntries(new FormData(form));

  // --- saving

  async function save(form, id) {
    const problem = form.querySelector(".note-problem");
    const button = form.querySelector("button:not([type=button])");
    const body = new URLSearchParams(new FormData(form));
    problem.textContent = "";
    button.disabled = true;
    let answer = null;
    try {
      // A page that is closed meanwhile still sends it; browsers take so much of that.
      const keepalive = body.toString().length < 60000;
      answer = await fetch(form.action, { method: "POST", body, keepalive, headers: { accept: "application/json" } });
    } catch {
      problem.textContent = "Not saved: Equipoise does not answer. What you typed is kept here; try again in a moment.";
    }
    button.disabled = false;
    if (!answer) return;
    // Changed elsewhere: the page that shows both texts is the server's.
    if (answer.status === 409) { drafts.forget(id); form.submit(); return; }
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok || !told.address) {
      const why = told.problem || told.detail || "Equipoise cannot save it now";
      problem.textContent = `Not saved. ${why}. ${told.next || ""} What you typed is kept here.`;
      return;
    }
    drafts.forget(id);
    try { sessionStorage.setItem("equipoise-note-saved", String(told.id)); } catch { /* off */ }
    const here = new URL(told.address, location.href);
    if (here.pathname === location.pathname) {
      history.replaceState(null, "", here);
      location.reload();
    } else {
      location.assign(here);
    }
  }

  function wire(form, id) {
    form.addEventListener("input", () => drafts.keep(id, valuesOf(form)));
    form.addEventListener("submit", (event) => { event.preventDefault(); save(form, id); });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }

  // The pages that hold a form: what was typed before, and not saved, is there again.
  for (const form of document.querySelectorAll("form.note-form[data-fresh]")) {
    const id = form.dataset.kept || new URL(form.action).pathname.split("/")[2] + ":" +
      ["part", "start", "end"].map((name) => form.elements[name].value).join(":");
    const before = form.dataset.fresh ? drafts.of(id).pop() : null;
    if (before && before.text && before.text !== form.elements.text.value) {
      form.elements.text.value = before.text;
      form.elements.tags.value = before.tags || "";
      form.querySelector(".note-problem").textContent = "This is what you typed before and did not save.";
    }
    wire(form, id);
  }

  if (!bar || !box) return;
  const number = bar.dataset.number;

  // --- the box

  function open(values) {
    pen.remove();
    const dialog = box.content.firstElementChild.cloneNode(true);
    const form = dialog.querySelector("form");
    const id = `${number}:${values.part}:${values.start}:${values.end}`;
    const before = drafts.read(drafts.name(id));
    const filled = { key: newKey(), version: bar.dataset.version, ...values, ...before };
    for (const input of form.querySelectorAll("[name]")) input.value = filled[input.name] ?? "";
    const quote = dialog.querySelector(".note-quote");
    quote.textContent = filled.exact;
    quote.hidden = !filled.exact;
    const back = document.activeElement;
    show(dialog, back);
    if (values.range && window.Highlight && CSS.highlights) {
      CSS.highlights.set("noting", new Highlight(values.range));
      dialog.addEventListener("close", () => CSS.highlights.delete("noting"));
    }
    dialog.addEventListener("close", listDrafts);
    wire(form, id);
    form.elements.text.focus();
  }

  function show(dialog, back) {
    document.body.append(dialog);
    dialog.querySelector("[data-close]")?.addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
    dialog.addEventListener("close", () => { dialog.remove(); if (back?.isConnected) back.focus(); });
    dialog.showModal();
  }

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  // --- the pen

  const pen = document.createElement("button");
  pen.type = "button";
  pen.className = "note-pen";
  pen.setAttribute("aria-label", "Add a note on the selected words");
  const drawn = document.querySelector(".note-offer svg");
  if (drawn) pen.append(drawn.cloneNode(true));
  pen.append("Note");
  let chosen = null;
  // A press on the pen must not take the selection away before it counts.
  pen.addEventListener("pointerdown", (event) => event.preventDefault());
  pen.addEventListener("click", () => { if (chosen) open(chosen); });

  function offer() {
    const selection = document.getSelection();
    if (document.querySelector("dialog[open]") || pen === document.activeElement) return;
    const place = placeOf(selection);
    if (!place) { pen.remove(); chosen = null; return; }
    chosen = place;
    const last = place.range.endContainer;
    const near = (last.nodeType === Node.ELEMENT_NODE ? last : last.parentElement).closest("p, li, dd, dt, td, th, h2, h3, pre, div, section");
    // After the selected words in the order of the keyboard, so that Tab reaches it next.
    if (pen.parentElement !== near) near.insertBefore(pen, near.querySelector(":scope > .note-offer"));
    put();
  }
  function put() {
    if (!chosen || !pen.isConnected) return;
    const rects = chosen.range.getClientRects();
    const rect = rects.length ? rects[rects.length - 1] : chosen.range.getBoundingClientRect();
    const below = rect.bottom + 8 + pen.offsetHeight < innerHeight;
    pen.style.left = `${Math.max(8, Math.min(rect.right - 20, innerWidth - pen.offsetWidth - 12))}px`;
    pen.style.top = `${below ? rect.bottom + 8 : Math.max(8, rect.top - 8 - pen.offsetHeight)}px`;
  }
  let waiting = 0;
  const soon = () => { clearTimeout(waiting); waiting = setTimeout(offer, 120); };
  document.addEventListener("selectionchange", soon);
  addEventListener("scroll", put, { passive: true });
  addEventListener("resize", put, { passive: true });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.code !== "KeyN") return;
    if (document.querySelector("dialog[open]")) return;
    const place = placeOf(document.getSelection());
    const part = document.activeElement?.closest?.("section.part[id]");
    event.preventDefault();
    open(place || { part: part ? part.id : "", exact: "", prefix: "", suffix: "", start: 0, end: 0 });
  });

  // --- a number shows its note beside the words

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.(".note-number");
    const item = link && document.getElementById(link.hash.slice(1));
    if (!item || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const dialog = document.createElement("dialog");
    dialog.className = "note-box";
    dialog.setAttribute("aria-label", "Your note");
    const copy = item.cloneNode(true);
    copy.removeAttribute("id");
    const shown = document.createElement("div");
    shown.className = copy.className;
    shown.append(...copy.childNodes);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "plain";
    close.dataset.close = "";
    close.textContent = "Close";
    shown.querySelector(".note-actions a[href^='#']")?.remove();
    shown.querySelector(".note-actions")?.append(close);
    dialog.append(shown);
    show(dialog, link);
  });

  // --- what was typed and not saved, and what was saved just now

  function listDrafts() {
    const room = bar.querySelector(".note-drafts");
    const waiting = drafts.of(`${number}:`).filter((draft) => draft.text);
    room.replaceChildren(...waiting.map((draft) => {
      const line = document.createElement("div"), words = document.createElement("p"), go = document.createElement("button");
      const drop = document.createElement("button"), buttons = document.createElement("span");
      line.className = "note-draft";
      words.dir = "auto";
      words.textContent = `Not saved yet: “${draft.text.slice(0, 80)}${draft.text.length > 80 ? " …" : ""}”`;
      go.className = drop.className = "plain";
      go.textContent = "Go on writing";
      drop.textContent = "Throw away";
      go.addEventListener("click", () => open(draft));
      drop.addEventListener("click", () => {
        drafts.forget(`${number}:${draft.part}:${draft.start}:${draft.end}`);
        listDrafts();
      });
      buttons.append(go, " ", drop);
      line.append(words, buttons);
      return line;
    }));
    room.hidden = !waiting.length;
  }
  listDrafts();

  let saved = null;
  try { saved = sessionStorage.getItem("equipoise-note-saved"); sessionStorage.removeItem("equipoise-note-saved"); } catch { /* off */ }
  if (saved) {
    bar.querySelector(".note-told").textContent = "The note was saved.";
    // Where there are no words to stand at, the keyboard goes on from the note itself.
    const mark = document.querySelector(`.note-number[href="#note-${CSS.escape(saved)}"]`);
    (mark || document.getElementById(`note-${saved}`))?.focus({ preventScroll: true });
  }
})();
