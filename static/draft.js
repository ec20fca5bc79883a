// Keeps what is typed in a form on this device until it is saved. A draft belongs to one person, and is forgotten
// after saving, after 14 days, and on signing out. Where the device keeps nothing, the form works without it.
const DAYS_14 = 14 * 24 * 3600 * 1000;
const place = (name) => `draft:${name}`;

const keep = (name, values) => {
  try { localStorage.setItem(place(name), JSON.stringify({ at: Date.now(), values })); } catch { /* no storage, or full */ }
};
const forget = (name) => {
  try { localStorage.removeItem(place(name)); } catch { /* no storage */ }
};
const kept = (name) => {
  try {
    const draft = JSON.parse(localStorage.getItem(place(name)));
    if (Array.isArray(draft?.values) && Date.now() - draft.at < DAYS_14) return draft.values;
    forget(name);
  } catch { /* no storage, or not ours */ }
  return null;
};

// The old ones go on every page that loads this.
try {
  Object.keys(localStorage).filter((key) => key.startsWith(place(""))).forEach((key) => kept(key.slice(place("").length)));
} catch { /* no storage */ }

// Home offers to continue.
document.querySelectorAll("[data-continue]").forEach((link) => { link.hidden = !kept(link.dataset.continue); });

const form = document.querySelector("form[data-draft]");
if (form) {
  const name = form.dataset.draft;
  // With what was typed goes which version it was typed over: what was saved elsewhere since is asked about.
  const fields = [...form.elements].filter((field) => field.name === "opened_at" || (field.name && !["hidden", "file"].includes(field.type)));
  const isTick = (field) => field.type === "radio" || field.type === "checkbox";
  const typed = () => fields.filter((field) => !isTick(field) || field.checked).map((field) => [field.name, field.value]);
  const before = typed();
  const stored = kept(name) ?? [];
  // The page without a network has fewer fields: what was typed into the others stays.
  let elsewhere = stored.filter(([key]) => !fields.some((field) => field.name === key));
  const isAsBefore = (values) => JSON.stringify(values) === JSON.stringify(before);

  const show = (values) => {
    for (const field of fields) {
      const mine = values.filter(([key]) => key === field.name).map(([, value]) => value);
      const was = isTick(field) ? field.checked : field.value;
      if (isTick(field)) field.checked = mine.includes(field.value);
      else if (mine.length) field.value = mine[0];
      const fold = field.closest("details");
      if (fold && was !== (isTick(field) ? field.checked : field.value)) fold.open = true;
    }
    form.dispatchEvent(new Event("restored"));
  };

  // Over a refused form nothing is put back: it holds what was typed last.
  const values = "draftKept" in form.dataset || !stored.length ? null : stored;
  const notice = document.getElementById("draft-notice");
  const discarded = document.getElementById("draft-discarded");
  if (values && !isAsBefore(values)) {
    show(values);
    notice.hidden = false;
    // A slip of the finger takes nothing away: as long as the page is open, what was discarded can come back.
    let last = values;
    notice.querySelector("button").addEventListener("click", () => {
      last = [...typed(), ...elsewhere];
      forget(name);
      elsewhere = [];
      show(before);
      notice.hidden = true;
      discarded.hidden = false;
      discarded.querySelector("button").focus();
    });
    discarded.querySelector("button").addEventListener("click", () => {
      elsewhere = last.filter(([key]) => !fields.some((field) => field.name === key));
      keep(name, last);
      show(last);
      discarded.hidden = true;
      notice.hidden = false;
      notice.querySelector("button").focus();
    });
  }

  form.addEventListener("input", () => {
    const now = typed();
    discarded.hidden = true; // what is written now is not written over
    if (isAsBefore(now) && !elsewhere.length && !("draftKept" in form.dataset)) forget(name);
    else keep(name, [...now, ...elsewhere]);
  });
  // What was offered and not changed is in no draft yet: the network may end on the way.
  form.addEventListener("submit", () => keep(name, [...typed(), ...elsewhere]));
}
