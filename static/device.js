// On every page of members, and on their way in. The person who is signed in here, and until when, so that the page without a network
// knows whose draft it may show; nobody, once somebody signed out or the time is over. And what was saved
// is a draft no more.
{
  const { person, until, worker } = document.currentScript.dataset;
  try {
    if (person) localStorage.setItem("signed-in", JSON.stringify({ person, until: Number(until) }));
    else localStorage.removeItem("signed-in");
    document.querySelectorAll("[data-saved]").forEach((message) => localStorage.removeItem(`draft:${message.dataset.saved}`));
  } catch { /* no storage */ }
  if (person) navigator.serviceWorker?.register(worker).catch(() => { /* this browser allows none */ });
}

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
