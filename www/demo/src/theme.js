// Light or dark: what the system says, until somebody chooses.

const dark = matchMedia("(prefers-color-scheme: dark)");

export function themeToggle(node) {
  const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
  const show = () => node.setAttribute("aria-pressed", String(isDark()));
  node.addEventListener("click", () => {
    choose(isDark() ? "light" : "dark");
    show();
  });
  dark.addEventListener("change", show);
  show();
}

function choose(theme) {
  document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem("theme", theme);
  } catch {
    // It holds for this page then.
  }
}
