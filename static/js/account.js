// Shows what needs a script, and says when a passkey did not work.
(() => {
  for (const element of document.querySelectorAll("[data-needs-script]")) {
    element.hidden = false;
  }

  document.addEventListener("allauth.error", () => {
    for (const element of document.querySelectorAll("[data-passkey-error]")) {
      element.hidden = false;
      element.scrollIntoView({ block: "nearest" });
    }
  });
})();
