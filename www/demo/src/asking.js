// In which order do answers come? Keywords at once; meaning as soon as it is there. Answers to what was asked before are dropped.

/** Milliseconds that keywords wait for meaning where its model is at hand: one answer is calmer than two. */
const TOGETHER = 90;

/** Milliseconds of rest before a text is embedded: nobody reads the answer to half a word. */
const REST = 30;

/**
 * Gives `ask(query, mode)` and `cancel()`. `byWords` and `byMeaning` answer, the latter with `{ vector, embedding }`, the query's vector and
 * what it took; `parts` makes of a query the texts to embed; `show(answer, waiting)` gets the answers, null where only meaning will do
 * and is not there yet; `fail` gets errors.
 */
export function asking({ meaning, parts, byWords, byMeaning, show, fail }) {
  let latest = 0;
  const ask = (query, mode) => {
    const call = ++latest;
    const current = () => call === latest;
    return answer(query, mode, current).catch((error) => current() && fail(error));
  };
  return { ask, cancel: () => ++latest };

  async function answer(query, mode, current) {
    const put = (found, waiting) => current() && show(found, waiting);
    if (mode === "sparse") return put(await byWords(query), false);
    const vector = embedded(query, current);
    const soon = meaning.state === "ready" && (await Promise.race([vector, rest(TOGETHER)]));
    if (!soon) put(mode === "dense" ? null : await byWords(query), isComing(meaning));
    const found = soon || (await vector);
    if (found && current()) put(await byMeaning(query, mode, found), false);
  }

  async function embedded(query, current) {
    await Promise.all([meaning.arrived, rest(REST)]);
    if (!current()) return null;
    const [texts, since] = [parts(query), performance.now()];
    return texts.length ? { vector: await meaning.vector(texts), embedding: performance.now() - since } : null;
  }
}

const isComing = ({ state }) => state === "loading" || state === "ready";

const rest = (time) => new Promise((resolve) => setTimeout(resolve, time));
