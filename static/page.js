// Small helps; every page works without them.
// After a post, the message or the list of errors is read first.
document.querySelector("[data-focus]")?.focus();

// A double click sends a form once.
document.addEventListener("submit", (event) => {
  if (event.target.method !== "post") return; // a download may be asked for twice
  const sent = Number(event.target.dataset.sentAt ?? 0);
  if (Date.now() - sent < 3000) event.preventDefault();
  else event.target.dataset.sentAt = Date.now();
});
