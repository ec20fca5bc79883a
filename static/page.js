// Small helps; every page works without them.
// After a post, the message or the list of errors is read first.
document.querySelector("[data-focus]")?.focus();

// A passkey that was refused or cancelled: say so.
document.addEventListener("allauth.error", (event) => {
  const problem = document.querySelector(".passkey-problem");
  if (!problem) return;
  event.preventDefault();
  problem.hidden = false;
});

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

// A double click sends a form once.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return; // a download may be asked for twice
  const sent = Number(event.target.dataset.sentAt ?? 0);
  if (Date.now() - sent < 3000) event.preventDefault();
  else event.target.dataset.sentAt = Date.now();
});
