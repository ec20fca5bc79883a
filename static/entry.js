// Beside the date: Today, Yesterday, and the day in words, because browsers write dates in different orders.
const days = document.querySelector("[data-days]");
const box = document.getElementById(days?.dataset.days);
if (box) {
  const words = days.querySelector("output");
  const buttons = [...days.querySelectorAll("button")];
  const say = () => {
    const day = box.valueAsDate;
    words.textContent = day?.toLocaleDateString(document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang,
      { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }) ?? "";
    buttons.forEach((button) => button.setAttribute("aria-pressed", button.value === box.value));
  };
  buttons.forEach((button) => button.addEventListener("click", () => {
    box.value = button.value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }));
  box.addEventListener("input", say);
  box.form.addEventListener("restored", say);
  box.after(days);
  days.hidden = false;
  say();
}
