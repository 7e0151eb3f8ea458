/* Says what was understood while one types, and copies Monday at once. Without it the buttons
   “Vorschau” and “wie Montag” do the same with a round trip. */
const form = document.querySelector("[data-reads-times]");
const PAUSE = 300; // milliseconds without a key
let waiting;
let latest = 0;

async function readTimes() {
  latest += 1;
  const asked = latest;
  const answer = await fetch(form.dataset.readsTimes, { method: "POST", body: new FormData(form) });
  if (!answer.ok || asked !== latest) return;
  for (const [name, said] of Object.entries(await answer.json())) {
    const place = document.getElementById(`id_${name}_words`);
    if (place && place.textContent.trim() !== said.words) place.textContent = said.words;
    if (place) place.classList.toggle("rvz-times__words--wrong", !said.understood);
  }
}

function readSoon() {
  clearTimeout(waiting);
  waiting = setTimeout(() => readTimes().catch(() => {}), PAUSE); // offline: saving will say so
}

if (form) {
  form.addEventListener("input", readSoon);
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=wie_montag]");
    if (!button) return;
    event.preventDefault();
    const field = form.elements[button.value];
    field.value = form.elements[button.value.replace(/\d+$/, "0")].value;
    field.focus();
    readSoon();
  });
}
