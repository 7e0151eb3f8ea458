/* Says the weekday of a date that is being chosen. Without it the server says it. */
for (const echo of document.querySelectorAll("[data-weekday-of]")) {
  const field = document.getElementById(echo.dataset.weekdayOf);
  field.addEventListener("change", () => {
    const day = field.valueAsDate;
    const names = new Intl.DateTimeFormat(document.documentElement.lang, {
      weekday: "long",
      timeZone: "UTC",
    });
    echo.textContent = day ? names.format(day) : "";
  });
}
