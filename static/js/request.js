/* Makes the form of a request quicker to fill in. Without it the server says the same. */
const page = document.documentElement;
const heading = document.querySelector("[data-regularly]");
const rhythm = document.getElementById("id_rhythm");

function weekdayOf(day) {
  const format = new Intl.DateTimeFormat(page.lang, { weekday: "long", timeZone: "UTC" });
  return format.format(day);
}

/* Says the weekday of the date that is being chosen, beside it and in "on the first …". */
for (const echo of document.querySelectorAll("[data-weekday-of]")) {
  const field = document.getElementById(echo.dataset.weekdayOf);
  let named = rhythm ? rhythm.dataset.weekday : "";
  field.addEventListener("change", () => {
    const day = field.valueAsDate;
    echo.textContent = day ? weekdayOf(day) : "";
    if (!day || !rhythm) return;
    for (const option of rhythm.options) {
      option.text = option.text.replace(named, echo.textContent);
    }
    named = echo.textContent;
  });
}

/* Says how many steps there are: a series has one more. */
for (const choice of document.querySelectorAll('[name="repeats"]')) {
  choice.addEventListener("change", () => {
    heading.textContent =
      choice.value === "regelmaessig" ? heading.dataset.regularly : heading.dataset.once;
  });
}
