// The page that answers where there is no network. At Add Logbook Entry it is the form, for the person who is signed in
// on this device: their draft lies under the same name as on the real page. For nobody else, and nowhere else.
{
  const page = document.querySelector("[data-offline]");
  const form = page.querySelector("form");
  const two = (number) => String(number).padStart(2, "0");
  const dayOf = (date) => `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;

  const signedIn = () => {
    try {
      if (location.pathname === page.dataset.signOut) localStorage.removeItem("signed-in"); // as far as we can
      const { person, until } = JSON.parse(localStorage.getItem("signed-in"));
      return Date.now() < until ? person : null;
    } catch { return null; }
  };
  const person = signedIn();
  const isForm = person && location.pathname === page.dataset.add;

  page.querySelectorAll("[data-when]").forEach((part) => {
    part.hidden = part.dataset.when !== (isForm ? "form" : location.pathname === page.dataset.signOut ? "sign-out" : "other");
  });
  page.querySelectorAll("[data-member]").forEach((part) => { part.hidden = !person; });
  // "Add another like this" has a draft of its own. Here it becomes the one of Add Logbook Entry, unless there is one.
  const nameOfDraft = () => {
    const place = (name) => `draft:${person}:${name}`;
    const like = new URLSearchParams(location.search).get("like");
    const typed = like && localStorage.getItem(place(`like-${like.slice(0, 36)}`));
    if (typed && localStorage.getItem(place("add"))) return `like-${like.slice(0, 36)}`;
    if (typed) {
      localStorage.setItem(place("add"), typed);
      localStorage.removeItem(place(`like-${like.slice(0, 36)}`));
    }
    return "add";
  };
  let again = location.pathname + location.search; // not sent once more: opened
  if (isForm) {
    const name = nameOfDraft();
    if (name === "add") again = location.pathname;
    form.dataset.draft = `${person}:${name}`;
    const [today, yesterday] = form.querySelectorAll("[data-days] button");
    const now = new Date();
    form.elements.ended_on.value = today.value = dayOf(now);
    yesterday.value = dayOf(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1));
  } else {
    form.remove();
  }
  page.querySelectorAll("[data-again]").forEach((link) => { link.href = location.origin + again; }); // "//elsewhere" is a path, too
  addEventListener("online", () => { page.querySelector("[data-online]").hidden = false; });
  addEventListener("offline", () => { page.querySelector("[data-online]").hidden = true; });
}
