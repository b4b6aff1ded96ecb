// In which order do answers come? Keywords at once; meaning as soon as it is there. Answers to what was asked before are dropped.

/** Milliseconds that keywords wait for meaning where its model is at hand: one answer is calmer than two. */
const TOGETHER = 90;

/** Milliseconds of rest before a text is embedded: nobody reads the answer to half a word. */
const REST = 30;

/**
 * Gives `ask(query, mode)` and `cancel()`. `answered(search, query, mode)` answers by `words`, or by what `meaning` brings, if there is one;
 * `show(answer, waiting)` gets the answers, null where only meaning will do and is not there yet; `fail` gets errors.
 */
export function asking({ words, meaning, answered, show, fail }) {
  let latest = 0;
  const ask = (query, mode) => {
    const call = ++latest;
    const current = () => call === latest;
    return answer(query, mode, current).catch((error) => current() && fail(error));
  };
  return { ask, cancel: () => ++latest };

  async function answer(query, mode, current) {
    const put = (found, waiting) => current() && show(found, waiting);
    if (mode === "sparse") return put(await answered(words, query, mode), false);
    const meant = byMeaning(query, mode, current);
    const soon = meaning.state === "ready" && (await Promise.race([meant, rest(TOGETHER)]));
    if (!soon) put(mode === "dense" ? null : await answered(words, query, "sparse"), isComing(meaning));
    const found = soon || (await meant);
    if (found) put(found, false);
  }

  async function byMeaning(query, mode, current) {
    const [search] = await Promise.all([meaning.arrived, rest(REST)]);
    return current() ? answered(search, query, mode === "dense" ? "dense" : "hybrid") : null;
  }
}

/** The answer of `ask`, and the milliseconds that it took. */
export async function timed(ask) {
  const since = performance.now();
  const answer = await ask();
  return { ...answer, took: performance.now() - since };
}

const isComing = ({ state }) => state === "loading" || state === "ready";

const rest = (time) => new Promise((resolve) => setTimeout(resolve, time));
