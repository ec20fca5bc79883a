// Small helps; every page works without them.
// After a post, the message or the list of errors is read first.
document.querySelector("[data-focus]")?.focus();

// One open menu; Escape or a tap elsewhere closes it.
const menu = document.querySelector("details.menu");
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
