// Sets the chosen theme before the first paint; without a choice the system's is used.
(() => {
  try {
    const chosen = localStorage.getItem("fakeproviders.theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // A browser that keeps nothing: the system's theme.
  }
})();
