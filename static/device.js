// On every page of members. The person who is signed in here, and until when, so that the page without a network
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
