// Small comforts over pages that work without any script: theme switch, menu on a phone, local times, confirmation,
// files dropped onto a field, and one press for one submit.

const root = document.documentElement;

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const chosen = root.dataset.bsTheme === "dark" ? "light" : "dark";
    root.dataset.bsTheme = chosen;
    root.dataset.themeChosen = chosen;
    document.cookie = `theme=${chosen}; path=/; max-age=31536000; samesite=lax`;
  });
}

for (const toggle of document.querySelectorAll("[data-menu-toggle]")) {
  const sidebar = toggle.closest(".sidebar");
  const close = () => { sidebar.classList.add("menu-closed"); toggle.setAttribute("aria-expanded", "false"); };
  toggle.hidden = false;
  close();
  toggle.addEventListener("click", () => {
    const open = sidebar.classList.toggle("menu-closed") === false;
    toggle.setAttribute("aria-expanded", String(open));
  });
  sidebar.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && toggle.getAttribute("aria-expanded") === "true") { close(); toggle.focus(); }
  });
}

// The server writes UTC; the reader's own clock and language are known only here.
const asLocal = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time[data-local]")) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.getTime())) continue;
  time.title = time.textContent.trim();
  time.textContent = asLocal.format(at);
}

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", (event) => {
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    if (form.method !== "post" || form.target === "_blank") return;
    // Disabled only after the browser has collected the form, so the button's own value is still sent.
    setTimeout(() => { for (const button of form.querySelectorAll("button:not([type=button])")) button.disabled = true; });
  });
}
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const button of document.querySelectorAll("form button:disabled")) button.disabled = false;
});

for (const zone of document.querySelectorAll(".dropzone")) {
  const input = zone.querySelector("input[type=file]");
  const over = (on) => (event) => { event.preventDefault(); zone.classList.toggle("over", on); };
  zone.addEventListener("dragover", over(true));
  zone.addEventListener("dragleave", over(false));
  zone.addEventListener("drop", (event) => { over(false)(event); input.files = event.dataTransfer.files; });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
    button.dataset.label ??= button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = button.dataset.label; }, 2000);
  });
}

// What takes long shows how far it is, and the page is shown anew when it has ended.
for (const shown of document.querySelectorAll("[data-progress]")) {
  const bar = shown.querySelector("progress");
  const words = shown.querySelector("[data-progress-text]");
  const look = async () => {
    const answer = await fetch(shown.dataset.progress, { headers: { Accept: "application/json" } }).catch(() => null);
    const now = answer?.ok ? await answer.json() : null;
    if (now && !now.running) {
      location.reload();
      return;
    }
    if (now) {
      bar.value = now.percent;
      words.textContent = now.text;
    }
    setTimeout(look, 2000);
  };
  setTimeout(look, 2000);
}
