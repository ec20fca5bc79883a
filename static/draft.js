// Keeps what is typed in a form on this device until it is saved. A draft belongs to one person, and is
// forgotten after 14 days, after saving, and on signing out. The page works without it.
const form = document.querySelector("form[data-draft]");
const place = (name) => `draft:${name}`;
const DAYS_14 = 14 * 24 * 3600 * 1000;

// The form was sent, and its entry is now shown: the draft has done its work.
const sent = sessionStorage.getItem("draft-sent");
if (sent && document.querySelector("[data-draft-done]")) {
  localStorage.removeItem(place(sent));
  sessionStorage.removeItem("draft-sent");
}

if (form) {
  const name = form.dataset.draft;
  const fields = () => [...form.elements].filter((one) => one.name && one.type !== "hidden");
  const typed = () => fields().flatMap((one) =>
    one.type === "radio" || one.type === "checkbox" ? (one.checked ? [[one.name, one.value]] : []) : [[one.name, one.value]]);
  const before = JSON.stringify(typed());

  const restore = (values) => {
    for (const one of fields()) {
      const mine = values.filter(([key]) => key === one.name).map(([, value]) => value);
      if (one.type === "radio" || one.type === "checkbox") one.checked = mine.includes(one.value);
      else if (mine.length) one.value = mine[0];
    }
    form.querySelectorAll("details").forEach((fold) => { fold.open = true; });
  };

  const stored = JSON.parse(localStorage.getItem(place(name)) ?? "null");
  const notice = document.getElementById("draft-notice");
  if (stored && Date.now() - stored.at > DAYS_14) localStorage.removeItem(place(name));
  else if (stored && !("draftKept" in form.dataset) && JSON.stringify(stored.values) !== before) {
    restore(stored.values);
    if (notice) {
      notice.hidden = false;
      notice.querySelector("button").addEventListener("click", () => {
        localStorage.removeItem(place(name));
        restore(JSON.parse(before));
        notice.hidden = true;
      });
    }
  }

  form.addEventListener("input", () => {
    localStorage.setItem(place(name), JSON.stringify({ at: Date.now(), values: typed() }));
  });
  form.addEventListener("submit", () => sessionStorage.setItem("draft-sent", name));
}
