// Request Feedback: a new row without asking the server, and sharing, copying and printing of links.
const rows = document.querySelector("[data-rows]");
const add = document.querySelector("[data-add-row]");
add?.addEventListener("click", (event) => {
  event.preventDefault();
  const total = add.form.elements["parties-TOTAL_FORMS"];
  const number = Number(total.value);
  const blank = add.parentElement.querySelector("template").innerHTML;
  rows.insertAdjacentHTML("beforeend", blank.replaceAll("__prefix__", number).replaceAll("__number__", number + 1));
  total.value = number + 1;
  rows.lastElementChild.querySelector("input").focus();
  add.hidden = number + 1 >= Number(rows.dataset.rows);
});

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard; // absent on addresses without https
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.firstChild.textContent = button.dataset.done;
  });
}

// The share sheet of a phone, where there is one.
for (const button of document.querySelectorAll("[data-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", async () => {
    const url = document.getElementById(button.dataset.share).textContent.trim();
    try { await navigator.share({ url }); } catch { /* closed without choosing */ }
  });
}

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
