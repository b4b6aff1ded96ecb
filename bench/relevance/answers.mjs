// What does one entrant answer, and does it answer in time?
const spent = (start) => (performance.now() - start) / 1000;

/** `{ answers, seconds }`, or `{ note }` for an entrant that is too slow or fails: it has no figure, but is named. */
export async function answersOf(entrant, set, embedder, capSeconds) {
  const start = performance.now();
  const answers = [];
  try {
    const ask = await entrant(set, embedder);
    for (const query of set.queries) {
      if (spent(start) > capSeconds) return { note: `too slow: ${answers.length} of ${set.queries.length} queries` };
      answers.push({ id: query.id, ids: await ask(query) });
    }
    return { answers, seconds: spent(start) };
  } catch (error) {
    return { note: `failed: ${error.message}` };
  }
}
