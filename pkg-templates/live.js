// How is somebody who types answered? By keywords at once, by meaning when it has joined, and never late.

/** Milliseconds without a further key before somebody who types is answered. */
const DELAY = 120;

/** What `docs`, which may be in a worker, answers to what is typed. */
export function live(docs, onAnswer, { delay = DELAY, meaningDelay = 0, onError = console.error, ...options } = {}) {
  let typed = new AbortController();
  const cancel = () => typed.abort();
  const search = (query) => {
    cancel();
    const { signal } = (typed = new AbortController());
    const answer = () => answered(docs, query, { ...options, signal }, onAnswer, meaningDelay);
    const told = (error) => signal.aborted || onError(error);
    const timer = setTimeout(() => answer().catch(told), delay);
    signal.addEventListener("abort", () => clearTimeout(timer));
  };
  return { search, cancel };
}

async function answered(docs, query, options, onAnswer, meaningDelay) {
  const answer = async (more) => {
    const found = await docs.search(query, { ...options, ...more });
    if (!options.signal.aborted) onAnswer(found);
  };
  if (options.mode !== "dense") await answer({ mode: "sparse" });
  if (options.mode === "sparse" || !(await docs.semanticReady.catch(() => false))) return;
  await new Promise((rested) => setTimeout(rested, meaningDelay)); // embedding takes a moment: let the first answer be seen
  if (!options.signal.aborted) await answer();
}
