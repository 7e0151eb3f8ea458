/* Offers the browser's own printing as a button. */
for (const place of document.querySelectorAll("[data-print]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "kern-btn kern-btn--secondary";
  const label = document.createElement("span");
  label.className = "kern-label";
  label.textContent = place.dataset.print;
  button.append(label);
  button.addEventListener("click", () => window.print());
  place.append(button);
}
