// Shows what a browser needs for passkeys, or that it has none; says when a passkey did not work.
(() => {
  const shown = "PublicKeyCredential" in window ? "[data-needs-passkeys]" : "[data-no-passkeys]";
  for (const element of document.querySelectorAll(shown)) {
    element.hidden = false;
  }

  document.addEventListener("allauth.error", () => {
    for (const element of document.querySelectorAll("[data-passkey-error]")) {
      element.hidden = false;
      element.scrollIntoView({ block: "nearest" });
    }
  });
})();
