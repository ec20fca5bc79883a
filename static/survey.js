// The survey one part at a time. Typed answers stay in this tab until they are sent; without this script the whole
// form is one page.
const asked = new URLSearchParams(location.search);
asked.delete("lang"); // what was typed stays when the language changes
const place = `survey:${location.pathname}?${asked}`;
const form = document.querySelector("form[data-survey]");

if (form) {
  const parts = [...form.querySelectorAll(".part")];
  const fields = [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");
  let at = 0;

  const show = (number, focus = true) => {
    at = number;
    parts.forEach((part, index) => { part.hidden = index !== at; });
    document.querySelector("[data-first]").hidden = at > 0;
    if (focus) parts[at].querySelector("legend").focus();
  };
  const showField = (field) => show(parts.findIndex((part) => part.contains(field)), false);
  const keep = () => {
    const typed = [...new FormData(form)].filter(([name]) => fields.some((field) => field.name === name));
    try { sessionStorage.setItem(place, JSON.stringify({ at, typed })); } catch { /* no storage */ }
  };
  const kept = () => {
    try { return JSON.parse(sessionStorage.getItem(place)); } catch { return null; }
  };
  const fill = (typed) => fields.forEach((field) => {
    const mine = typed.filter(([name]) => name === field.name).map(([, value]) => value);
    if (field.type === "radio" || field.type === "checkbox") field.checked = mine.includes(field.value);
    else field.value = mine[0] ?? "";
  });

  const before = "filled" in form.dataset ? null : kept(); // what came back from the server is newer
  if (before?.typed) fill(before.typed);
  form.querySelectorAll("[data-step]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => { show(at + Number(button.dataset.step)); keep(); });
  });
  show(before?.at ?? 0, false);
  const wrong = form.querySelector(".part .field-wrong");
  if (wrong) showField(wrong);

  form.addEventListener("input", keep);
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT" || at === parts.length - 1) return;
    event.preventDefault(); // Enter would send the form from its first part
    show(at + 1);
  });
  form.querySelectorAll(".error-summary a").forEach((link) => link.addEventListener("click", () => {
    const field = document.getElementById(link.hash.slice(1));
    if (field) showField(field);
  }));
}

// Sent, or declined: nothing of it stays in this tab.
const forget = () => {
  try {
    Object.keys(sessionStorage).filter((key) => key.startsWith("survey:")).forEach((key) => sessionStorage.removeItem(key));
  } catch { /* no storage */ }
};
document.addEventListener("submit", (event) => {
  if (["send", "decline"].includes(event.submitter?.value)) forget();
});
