// What is measured, in a Worker and in a page alike? A mesh in steps, and the memories of its wasm modules.

const memories = [];
for (const name of ["instantiate", "instantiateStreaming"]) {
  const original = WebAssembly[name]?.bind(WebAssembly);
  WebAssembly[name] = async (...given) => {
    const made = await original(...given);
    memories.push((made.instance ?? made).exports.memory);
    return made;
  };
}

/** Every twentieth query is hybrid, every twentieth a block, and the others ask for keywords, and read snippets and explanations. */
const kinds = { 0: "hybrid", 10: "emit" };

/** The steps, on what `read` gives of the files `snapshot` and `model`. */
export function steps({ SkillMesh }, read) {
  let mesh, queries;
  const ask = {
    hybrid: (query) => mesh.retrieve(query, { mode: "hybrid" }),
    emit: (query) => mesh.emit("claude", query, { mode: "sparse" }),
    keyword: (query) => mesh.retrieve(query, { mode: "sparse" }),
    async read(query) {
      const { hits } = await mesh.retrieve(query, { mode: "sparse" });
      return hits.map((hit) => hit.snippet.html + hit.explain.sparse.score);
    },
  };
  return {
    empty: async () => {},
    async snapshot({ texts }) {
      queries = texts;
      mesh = await SkillMesh.load(await read("snapshot"), { model: null });
    },
    async model() {
      mesh.free(); // in a Worker, no request may wait for what another began
      mesh = await SkillMesh.load(await read("snapshot"), { model: await read("model") });
      await mesh.semanticReady;
    },
    async ask({ from, count, kind }) {
      for (let i = from; i < from + count; i++) await ask[kind ?? kinds[i % 20] ?? "read"](turned(queries, i));
    },
    wasm: async () => memories.map((memory) => memory.buffer.byteLength),
  };
}

/** The query whose turn it is, with its words rotated, so that few come twice. */
function turned(queries, i) {
  const words = queries[i % queries.length].split(" ");
  const at = Math.floor(i / queries.length) % words.length;
  return [...words.slice(at), ...words.slice(0, at)].join(" ");
}
