// Which colours did the visitor choose here? Before anything is painted, so not a module.
try {
  const chosen = localStorage.getItem("theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
} catch {
  // Where nothing may be kept, the system's colours hold.
}
