// What a page is asked in the browser about being usable. Each answer is a list of faults, as sentences.
window.usable = (() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const named = (node) => {
    const part = node.id ? `#${node.id}` : node.classList.length ? `.${[...node.classList].join(".")}` : "";
    const words = (node.innerText || node.value || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `${node.localName}${part}${words ? ` “${words}”` : ""}`;
  };
  const shown = (node) =>
    node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;
  const hiddenFromSight = (node) => Boolean(node.closest(".visually-hidden, .results-hidden, .skip"));

  // Colors: what is painted under an element, and how far two colors stand apart (WCAG's formula).
  // Any way of writing a color is painted, and read back as four numbers.
  const brush = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const read = new Map();
  const channels = (color) => {
    if (!read.has(color)) {
      brush.clearRect(0, 0, 1, 1);
      brush.fillStyle = color;
      brush.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
      read.set(color, [red, green, blue, alpha / 255]);
    }
    return read.get(color);
  };
  const light = ([r, g, b]) =>
    [r, g, b]
      .map((one) => one / 255)
      .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
      .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
  const apart = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const paper = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = channels(getComputedStyle(at).backgroundColor);
      if (color[3] > 0.99) return color;
    }
    return [255, 255, 255, 1];
  };

  const FOCUSABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex], iframe";
  const reachable = () =>
    all(FOCUSABLE).filter((node) => {
      if (!shown(node) || node.disabled || node.tabIndex < 0) return false;
      if (node.type !== "radio") return true;
      const group = all("input[type=radio]").filter((one) => one.name === node.name && one.form === node.form);
      return node === (group.find((one) => one.checked) || group[0]);
    });

  function makeDocument(whole) {
    const faults = [];
    if (!document.documentElement.lang) faults.push("the page has no language");
    if (!document.title.trim()) faults.push("the page has no title");
    if (all("h1").filter(shown).length !== 1) faults.push(`${all("h1").filter(shown).length} headings of the first level`);
    if (all("main").length !== 1) faults.push("not one main part");
    if (/user-scalable\s*=\s*no|maximum-scale/.test(document.querySelector("meta[name=viewport]")?.content ?? ""))
      faults.push("the page keeps readers from zooming");
    let level = 0;
    for (const node of all("h1, h2, h3, h4, h5, h6").filter(shown)) {
      const here = Number(node.localName[1]);
      if (here > level + 1) faults.push(`${named(node)} comes after level ${level}`);
      level = here;
    }
    const ids = new Set();
    for (const node of all("[id]")) {
      if (ids.has(node.id)) faults.push(`the id ${node.id} is there twice`);
      ids.add(node.id);
    }
    for (const node of all("a[href^='#']"))
      if (!document.getElementById(decodeURIComponent(node.hash.slice(1)))) faults.push(`${named(node)} leads nowhere`);
    for (const node of all("[tabindex]")) if (node.tabIndex > 0) faults.push(`${named(node)} jumps the queue of focus`);
    if (whole) {
      for (const part of ["header", "footer"]) if (!document.body.querySelector(`:scope > ${part}`)) faults.push(`no ${part}`);
      const first = reachable()[0];
      if (first?.getAttribute("href") !== `#${document.querySelector("main")?.id}`) faults.push("focus does not begin at a way past the head");
      for (const node of all("*")) {
        if (node.localName === "style" || (node.localName === "script" && !node.src)) faults.push(`an inline ${node.localName}`);
        for (const one of node.attributes) if (one.name === "style" || one.name.startsWith("on")) faults.push(`${named(node)} has ${one.name}`);
      }
    }
    return faults;
  }

  // Every control says what it is for, and its edge stands out from what is around it (WCAG 1.4.11).
  function readControls() {
    const faults = [];
    for (const node of all("input:not([type=hidden]), select, textarea, button, summary").filter(shown)) {
      const words = node.matches("button, summary")
        ? node.textContent.trim() || node.getAttribute("aria-label")
        : [...(node.labels ?? [])].map((one) => one.textContent.trim()).join("") ||
          node.getAttribute("aria-label") || node.getAttribute("aria-labelledby");
      if (!words) faults.push(`${named(node)} [name=${node.name}] has no name`);
      if (node.matches("button, summary, [type=checkbox], [type=radio], [type=range]") || hiddenFromSight(node)) continue;
      const style = getComputedStyle(node);
      const edge = channels(style.borderTopColor);
      if (parseFloat(style.borderTopWidth) < 1 || apart(edge, paper(node.parentElement)) < 3)
        faults.push(`the edge of ${named(node)} [name=${node.name}] is too faint`);
    }
    return faults;
  }

  // Words stand out from what is under them (WCAG 1.4.3): our own measure beside axe-core's, quick enough for each view.
  const blend = (over, under) => over.slice(0, 3).map((one, place) => one * over[3] + under[place] * (1 - over[3]));
  const faint = (style, ground) => {
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    return apart(blend(channels(style.color), ground), ground) < (large ? 3 : 4.5);
  };
  function readWords(ground = paper) {
    const faults = [];
    const grounds = new Map();
    for (const node of all("body *")) {
      const own = [...node.childNodes].some((one) => one.nodeType === Node.TEXT_NODE && one.data.trim());
      const made = ["::before", "::after"].filter((one) => /^"[^"]*[\p{L}\p{N}]/u.test(getComputedStyle(node, one).content));
      const field = node.matches("input, textarea") && node.placeholder;
      if (!(own || made.length || field) || !shown(node) || hiddenFromSight(node) || node.closest(":disabled")) continue;
      if (!grounds.has(node)) grounds.set(node, ground(node));
      const under = grounds.get(node);
      if (own && faint(getComputedStyle(node), under)) faults.push(`the words of ${named(node)} are too faint`);
      for (const one of made) if (faint(getComputedStyle(node, one), under)) faults.push(`${one} of ${named(node)} is too faint`);
      if (field && faint(getComputedStyle(node, "::placeholder"), under)) faults.push(`the hint in ${named(node)} [name=${node.name}] is too faint`);
    }
    return faults;
  }

  // A line under words that tells something by its color must be seen (WCAG 1.4.11).
  function readLines() {
    return all("a, abbr, span, mark, q")
      .filter((node) => shown(node) && getComputedStyle(node).textDecorationLine.includes("underline"))
      .filter((node) => apart(channels(getComputedStyle(node).textDecorationColor), paper(node)) < 3)
      .map((node) => `the line under ${named(node)} is too faint`);
  }

  // Focus is followed while a person would press Tab: where it went, whether it was seen there.
  let walked, unseen;
  function look() {
    const node = document.activeElement;
    if (!node || node === document.body || walked.includes(node)) return;
    walked.push(node);
    const box = node.getBoundingClientRect();
    const style = getComputedStyle(node);
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    if (!ring) unseen.push(`focus on ${named(node)} has no ring`);
    const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    if (right - left < 1 || bottom - top < 1) unseen.push(`focus on ${named(node)} is off the screen`);
    else if (![[0.1, 0.5], [0.5, 0.5], [0.9, 0.5], [0.5, 0.1], [0.5, 0.9]].some(([x, y]) => {
      const over = document.elementFromPoint(left + (right - left) * x, top + (bottom - top) * y);
      return over && (node.contains(over) || over.contains(node));
    })) unseen.push(`focus on ${named(node)} is covered`);
  }
  function watchFocus() {
    walked = [];
    unseen = [];
    // Tab begins at the top, wherever the page itself put the focus.
    const top = document.createElement("span");
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    top.remove();
    document.addEventListener("keydown", look, true);
    return reachable().length;
  }
  function readFocus(whole) {
    look();
    document.removeEventListener("keydown", look, true);
    const faults = [...unseen];
    const wanted = reachable();
    const missed = whole ? wanted.filter((node) => !walked.includes(node)) : [];
    for (const node of missed) faults.push(`the keyboard does not reach ${named(node)}`);
    for (let place = 1; place < walked.length; place++)
      if (!(walked[place - 1].compareDocumentPosition(walked[place]) & Node.DOCUMENT_POSITION_FOLLOWING))
        faults.push(`focus goes back from ${named(walked[place - 1])} to ${named(walked[place])}`);
    if (!walked.length) faults.push("the keyboard reaches nothing");
    return faults;
  }

  const scrolls = (node) => {
    for (let at = node.parentElement; at && at !== document.body; at = at.parentElement)
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  // Nothing makes the page scroll sideways; words are cut nowhere.
  function readReflow() {
    const faults = [];
    const wide = document.documentElement.scrollWidth;
    if (wide > innerWidth + 1) {
      const out = all("body *").filter((node) => shown(node) && !hiddenFromSight(node) && node.getBoundingClientRect().right > innerWidth + 1 && !scrolls(node));
      faults.push(`the page is ${wide} px wide on ${innerWidth}: ${out.slice(-3).map(named).join(", ")}`);
    }
    return [...faults, ...readCuts(["hidden", "clip"])];
  }
  function readCuts(kinds) {
    return all("body *")
      .filter((node) => !node.matches("input, textarea, select, option, svg, svg *") && !hiddenFromSight(node))
      .filter((node) => {
        const style = getComputedStyle(node);
        const sideways = kinds.includes(style.overflowX) && node.scrollWidth > node.clientWidth + 2;
        const down = kinds.includes(style.overflowY) && node.scrollHeight > node.clientHeight + 2;
        return (sideways || down) && shown(node) && style.display !== "inline";
      })
      .map((node) => `${named(node)} is cut off`);
  }
  // On paper nothing scrolls: what does not fit is lost; and printers leave grounds out.
  const readPaper = () => [...readWords(() => [255, 255, 255, 1]), ...readReflow(), ...readCuts(["auto", "scroll"])];

  // Where colors are the reader's own, a button or field is still seen as one, a button that is written like a link as that.
  const readForced = () =>
    all("button, input:not([type=hidden]), select, textarea")
      .filter((node) => shown(node) && !hiddenFromSight(node) && !node.matches("[type=checkbox], [type=radio]"))
      .filter((node) => {
        const style = getComputedStyle(node);
        const line = node.localName === "button" && style.textDecorationLine.includes("underline");
        return parseFloat(style.borderTopWidth) < 1 && !line;
      })
      .map((node) => `${named(node)} has no edge in forced colors`);

  const readMotion = () =>
    all("body, body *")
      .filter((node) => {
        const style = getComputedStyle(node);
        const moves = (list) => list.split(",").some((one) => parseFloat(one) > 0.01);
        return (style.animationName !== "none" && moves(style.animationDuration)) || moves(style.transitionDuration) || style.scrollBehavior === "smooth";
      })
      .map((node) => `${named(node)} moves though the reader asked for less motion`);

  // Readers may set their own spacing (WCAG 1.4.12) or double the letters (1.4.4).
  const own = { spacing: "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }", letters: "html { font-size: 200% !important }" };
  function wear(style) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(own[style] ?? "");
    document.adoptedStyleSheets = [sheet];
  }

  const openAll = () => all("details").forEach((node) => (node.open = true));
  return { document: makeDocument, controls: readControls, words: readWords, lines: readLines, watchFocus, readFocus, reflow: readReflow, paper: readPaper, forced: readForced, motion: readMotion, wear, openAll };
})();
