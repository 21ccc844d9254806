// What the theme adds to a page: every block of code gets a menu, told by its number to who lists menus, and a wide table
// a frame that scrolls, which the keyboard must reach.
const completed = () => {
  document.querySelectorAll("nav.md-code__nav").forEach((menu, place) => {
    if (!menu.hasAttribute("aria-label")) menu.setAttribute("aria-label", `Code block ${place + 1}`);
  });
  document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex])").forEach((frame) => { frame.tabIndex = 0; });
};
new MutationObserver(completed).observe(document.body, { childList: true, subtree: true });
completed();
