// Follow the system's light or dark unless the person has chosen. Loaded before the page is drawn, so nothing flashes.
(() => {
  const root = document.documentElement;
  if (root.dataset.themeChosen) return;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => { root.dataset.bsTheme = dark.matches ? "dark" : "light"; };
  apply();
  dark.addEventListener("change", apply);
})();
