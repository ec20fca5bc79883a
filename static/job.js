// Long work: asks whether it is done, and says what changes, without loading the page again under its reader.
const said = document.querySelector("[data-job]");
const ask = async () => {
  try {
    const answer = await fetch(location.href);
    if (answer.redirected) return location.replace(answer.url);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("[data-job]");
    if (!now) return location.reload(); // it failed, or the sign-in has ended: the page says so
    if (said.textContent !== now.textContent) said.textContent = now.textContent;
  } catch {
    // No connection: the next time, perhaps.
  }
  setTimeout(ask, 1000 * said.dataset.job);
};
setTimeout(ask, 1000 * said.dataset.job);
