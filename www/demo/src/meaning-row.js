// How does a page say how its model stands, and ask for it?

import { SIZE } from "./data.js";
import { button, h } from "./dom.js";
import { bytes } from "./words.js";

/** Shows the state of `meaning` in `row`, from now on. */
export function meaningRow(row, meaning) {
  let shown;
  meaning.follow((now) => {
    if (now.state !== shown) row.replaceChildren(...SAYS[now.state](now));
    shown = row.dataset.state = now.state;
    if (now.state === "loading") progress(row, now);
  });
}

const UNASKED = `Meaning needs a model of ${bytes(SIZE)}, which is not fetched unasked on a phone or where data is saved.`;

const SAYS = {
  idle: (meaning) => [says(`Keywords answer now. Meaning joins once its model is here (${bytes(SIZE)}, ${meaning.isFree() ? FREE : PAID}).`)],
  asking: (meaning) => [
    says(`Keywords answer now. ${meaning.says.asking ?? UNASKED}`),
    button(`Fetch ${bytes(SIZE)}`, () => meaning.agree()),
  ],
  loading: () => [h("progress", { max: SIZE, value: 0, "aria-label": "The model’s download" }), h("span", { class: "figure" })],
  ready: () => [says("Keywords and meaning answer, both in this browser.")],
  failed: (meaning) => [
    says(`Meaning could not be loaded: ${meaning.error.message}. Keywords go on answering.`, "alert"),
    button("Try again", () => meaning.agree()),
  ],
};

const FREE = "fetched with your first question";
const PAID = "fetched if you say so";

const says = (text, role = false) => h("span", { class: "says", role }, text);

function progress(row, { loaded, says }) {
  const opening = says.opening ?? "Opening the model…";
  row.querySelector("progress").value = Math.min(loaded, SIZE);
  row.querySelector(".figure").textContent = loaded >= SIZE ? opening : `Keywords now; meaning is coming: ${bytes(loaded)} of ${bytes(SIZE)}`;
}
