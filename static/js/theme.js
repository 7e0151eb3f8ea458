// Light or dark: the system decides, the reader may override it. Runs before the first paint.
(() => {
  "use strict";
  const KEY = "rvz-theme";
  const root = document.documentElement;

  const stored = () => {
    try {
      return localStorage.getItem(KEY);
    } catch {
      return null; // storage is switched off: the choice holds for this page
    }
  };
  const store = (theme) => {
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // see above
    }
  };

  const chosen = stored();
  if (chosen === "light" || chosen === "dark") root.dataset.kernTheme = chosen;

  const current = () =>
    root.dataset.kernTheme ||
    (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector(".rvz-theme");
    if (!place) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kern-btn kern-btn--tertiary";
    const icon = document.createElement("span");
    icon.className = "kern-icon kern-icon--brightness-medium";
    icon.setAttribute("aria-hidden", "true");
    const label = document.createElement("span");
    label.className = "kern-label";
    label.textContent = place.dataset.label;
    button.append(icon, label);
    button.addEventListener("click", () => {
      const theme = current() === "dark" ? "light" : "dark";
      root.dataset.kernTheme = theme;
      store(theme);
    });
    place.append(button);
  });
})();
