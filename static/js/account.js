// Shows what a browser needs for passkeys, or that it has none; says when a passkey did not work.
// Lets people look at the password they type.
(() => {
  const { show, hide } = document.currentScript.dataset;
  const shown = "PublicKeyCredential" in window ? "[data-needs-passkeys]" : "[data-no-passkeys]";
  for (const element of document.querySelectorAll(shown)) {
    element.hidden = false;
  }

  for (const field of document.querySelectorAll("input[type=password]")) {
    const button = document.createElement("button");
    const label = document.createElement("span");
    const reveal = (isShown) => {
      field.type = isShown ? "text" : "password";
      label.textContent = isShown ? hide : show;
    };
    button.type = "button";
    button.className = "kern-btn kern-btn--tertiary rvz-quiet";
    button.setAttribute("aria-controls", field.id);
    label.className = "kern-label";
    button.append(label);
    button.addEventListener("click", () => reveal(field.type === "password"));
    // Browsers remember what stands in fields of text.
    field.form.addEventListener("submit", () => reveal(false));
    reveal(false);
    field.after(button);
  }

  document.addEventListener("allauth.error", () => {
    for (const element of document.querySelectorAll("[data-passkey-error]")) {
      element.hidden = false;
      element.scrollIntoView({ block: "nearest" });
    }
  });
})();
