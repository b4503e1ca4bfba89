// Opens an explanation on hover and on focus where the browser does not know the attribute `interestfor`.
// Everywhere else, and without this script, the browser does it by itself; a tap, Enter and Escape it always does.
(() => {
  if ("interestForElement" in HTMLButtonElement.prototype || !("popover" in HTMLElement.prototype)) return;
  let waiting;
  const later = (what, wait) => { clearTimeout(waiting); waiting = setTimeout(what, wait); };
  const show = (button) => {
    clearTimeout(waiting); // what was to close for the pointer that left must not close what focus opens now
    const tip = button.popoverTargetElement;
    if (tip && !tip.matches(":popover-open")) tip.showPopover({ source: button });
  };
  const hide = () => document.querySelectorAll(".tip:popover-open").forEach((tip) => tip.hidePopover());
  const over = (event) => event.target.closest(".term, .ask, .tip");
  document.addEventListener("pointerover", (event) => {
    const on = event.pointerType === "mouse" && over(event);
    if (!on) return;
    if (on.matches(".tip")) clearTimeout(waiting);
    else later(() => show(on), 400);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType === "mouse" && over(event)) later(hide, 400);
  });
  document.addEventListener("focusin", (event) => {
    const on = event.target.closest(".term, .ask");
    if (on && on.matches(":focus-visible")) show(on);
  });
  document.addEventListener("focusout", (event) => { if (over(event)) later(hide, 100); });
})();
