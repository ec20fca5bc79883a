// Saves a digest while it is written, and copies a finished one. Without this there are the Save button and the mouse.
const form = document.querySelector("form[data-autosave]");
if (form) {
  const status = document.getElementById("saved");
  const say = (sentence) => { if (status.textContent !== sentence) status.textContent = sentence; };
  let stored = form.elements.text.value;
  let isStopped = false;
  let timer;
  let saving = null;
  const isDirty = () => form.elements.text.value !== stored;

  const save = async () => {
    const text = form.elements.text.value;
    const body = new FormData(form);
    body.delete("form_key"); // each saving has an effect of its own
    body.set("action", "save");
    try {
      // Not form.action: the buttons have this name.
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" } });
      if (answer.status === 409) {
        isStopped = true;
        say(form.dataset.stopped);
      } else if (!answer.headers.get("Content-Type")?.includes("json")) {
        isStopped = answer.status !== 500 && answer.status !== 503; // signed out, or not theirs any more
        say(isStopped ? form.dataset.gone : form.dataset.failed);
      } else {
        const told = await answer.json();
        if (told.refused) return say(told.refused);
        stored = text;
        form.elements.version.value = told.version;
        say(form.dataset.autosave.replace("%s", told.saved_at));
      }
    } catch {
      say(form.dataset.failed);
    }
  };

  const saveSoon = (wait) => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (saving) await saving;
      if (isStopped || !isDirty()) return;
      saving = save();
      await saving;
      saving = null;
    }, wait);
  };

  form.elements.text.addEventListener("input", () => saveSoon(2000));
  document.addEventListener("visibilitychange", () => { if (document.hidden) saveSoon(0); });
  addEventListener("beforeunload", (event) => { if (isDirty()) event.preventDefault(); });
  // A button waits for a saving that is on its way: it goes with the version that this one makes.
  form.addEventListener("submit", async (event) => {
    clearTimeout(timer);
    if (saving) {
      event.preventDefault();
      event.stopPropagation();
      await saving;
      form.requestSubmit(event.submitter);
    } else {
      stored = form.elements.text.value;
    }
  });
}

document.querySelectorAll("button[data-copy]").forEach((button) => {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const box = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(box.value);
      button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
    } catch { box.select(); }
  });
});
