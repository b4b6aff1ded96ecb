// What do the scripts of all pages do?

import { themeToggle } from "./theme.js";

export function common() {
  themeToggle(document.querySelector("[data-part=theme]"));
}
