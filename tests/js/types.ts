// Do the published types say what the package does? This file only has to compile.
import { DocSearch, SkillMesh, SkillMeshError, init, type Answer, type ExpertCard, type Progress, type RemoteSkillMesh, type StateStore, type Stats } from "skillmesh";
import { Embedder, type WasmFile } from "skillmesh/embed";
import { SkillMeshSearch } from "skillmesh/widget";

export async function everyCall(bytes: Uint8Array): Promise<string> {
  using mesh = await SkillMesh.load(bytes, { model: "minilm.msgpack" });
  const ready: boolean = await mesh.semanticReady;
  const answer: Answer = await mesh.retrieve("q", { topK: 2, mode: "hybrid", filter: { risk_level: "low" } });
  const { confidence, reason } = await mesh.retrieve("\"q\" -x", { minConfidence: "medium", syntax: true });
  const sure: boolean = confidence?.clear_winner === true && confidence.level === "high" && reason === null;
  const marked: [start: number, end: number][] = answer.hits[0].snippet.ranges;
  // @ts-expect-error: there is no such level
  await mesh.retrieve("q", { minConfidence: "sure" });
  const terms: string[] = answer.hits.flatMap((hit) => hit.explain.sparse?.terms.map((match) => match.term) ?? []);
  const cards: ExpertCard[] = mesh.cards();
  // @ts-expect-error: there is no such mode
  await mesh.retrieve("q", { mode: "fuzzy" });
  return mesh.emit("claude", `${ready} ${sure} ${marked.length} ${terms.length} ${cards.length}`, { instructionChars: 100 });
}

export const codeOf = (error: unknown): string | undefined => (error instanceof SkillMeshError ? error.code : undefined);

export async function everyRoutingCall(mesh: SkillMesh, store: StateStore): Promise<string> {
  const { skills, markdown } = await mesh.discover("q", { limit: 2, localOnly: true, filter: { source: "local", installed: true } });
  const { best, alternatives } = await mesh.suggest("t");
  const { arrived, to_load, failed } = await mesh.autoRoute("t", { load: async (id) => id.length, autoInstall: true, loaded: new Set(["a"]) });
  const route = await mesh.route("t", { llm: async (task, { signal }) => ({ selected_skills: [task], confidence: signal ? 0.5 : 1 }), genericSkills: ["writer"], signal: AbortSignal.timeout(9) });
  // @ts-expect-error: a route without confidence is none
  await mesh.route("t", { llm: () => ({ selected_skills: [] }) });
  await mesh.recordOutcome({ query: "q", skill: "a", success: true });
  await mesh.syncState(store);
  await mesh.importState(mesh.exportState(), { now: 1 });
  mesh.clearCache();
  const counts = [skills, alternatives, arrived, to_load, failed, route.selected_skills].map((list) => list.length);
  return `${markdown} ${best?.match} ${counts} ${mesh.cacheStats().misses} ${route.cached}`;
}

export async function everyDocumentCall(mesh: SkillMesh): Promise<number> {
  using docs = await DocSearch.load("/docs.msgpack", { skills: ["a"] });
  const { pages, total, facets } = await docs.search("q", { limit: 5, offset: 5, tags: ["x"], filter: { collection: "c" }, signal: AbortSignal.timeout(9) });
  const url: string | undefined = pages[0]?.sections[0]?.url;
  const live = docs.live((answer) => void answer.total, { delay: 10, access: "all" });
  live.search("q");
  live.cancel();
  await mesh.emit("codex", "q", { docs, docsOptions: { skills: ["a"], topK: 2 } });
  // @ts-expect-error: only "all" is a word
  await docs.search("q", { access: "none" });
  return total + facets.tag.length + (url?.length ?? 0);
}

export async function everyChange(mesh: SkillMesh): Promise<number> {
  const end = mesh.onChange(({ added, changed, removed }) => void [...added, ...changed, ...removed]);
  await mesh.upsert([{ id: "a", title: "A", tags: ["t"] }]);
  // @ts-expect-error: a card needs an id
  await mesh.upsert([{ title: "A" }]);
  const gone: string[] = await mesh.remove(["a"]);
  await mesh.applyDelta("/delta.msgpack");
  await mesh.reload("/other.msgpack", { model: "/model.msgpack", verify: true });
  end();
  return gone.length + mesh.snapshot().length + (mesh.card("a")?.instruction_text?.length ?? 0);
}

export async function everyPlace(module: WebAssembly.Module, file: Promise<WasmFile>): Promise<number> {
  init({ core: module, embed: fetch("/embed.wasm"), index: file, build: () => fetch("/build.wasm") });
  // @ts-expect-error: there is no such file
  init({ cor: module });
  const model = await Embedder.load("/minilm.msgpack");
  using mesh = await SkillMesh.load("/registry.msgpack", { model });
  return model.embed("q").length + mesh.cards().length;
}

export async function everyElement(element: SkillMeshSearch): Promise<string> {
  element.search = await DocSearch.load("/docs.msgpack");
  element.labels = { trigger: "Suche", count: { one: "{count} Treffer", other: "{count} Treffer" } };
  // @ts-expect-error: there is no such text
  element.labels = { triggers: "Suche" };
  element.addEventListener("skillmesh-select", (event) => void (event.detail.newTab || event.detail.headings.length));
  element.addEventListener("skillmesh-error", (event) => void event.detail.error);
  window.addEventListener("skillmesh-select", (event) => void event.detail.url);
  document.addEventListener("skillmesh-open", (event) => void event.detail);
  element.open("q");
  element.close();
  const same: SkillMeshSearch | null = document.querySelector("skillmesh-search");
  return `${element.labels.placeholder} ${same?.search?.stats().cards}`;
}

export async function everyDownload(bytes: Uint8Array): Promise<number> {
  const onProgress = ({ received, total, from }: Progress) => void (total !== null && from === "cache" && received / total);
  const options = { cache: "mine", onProgress, model: { url: "/minilm.msgpack", integrity: "sha256-…" } };
  using mesh = await SkillMesh.load({ url: new URL("https://example.org/registry.msgpack"), integrity: "sha256-…" }, options);
  await mesh.reload({ bytes, integrity: "sha256-…" }, { cache: true });
  // @ts-expect-error: nothing says where it is
  await mesh.reload({ integrity: "sha256-…" });
  const { signal } = new AbortController();
  using called = await SkillMesh.load("/registry.msgpack", { signal });
  await called.reload("/other.msgpack", { signal });
  using docs = await DocSearch.load("/docs.msgpack", { signal });
  // @ts-expect-error: a controller is no signal
  await docs.reload("/docs.msgpack", { signal: new AbortController() });
  return (await Embedder.load("/minilm.msgpack", { onProgress, signal })).dimensions;
}

export async function everyModel(mesh: SkillMesh, service: (text: string) => Promise<number[]>): Promise<void> {
  const fingerprint = mesh.stats().model?.fingerprint ?? "";
  await mesh.reload("/registry.msgpack", { model: { embed: service, fingerprint, dimensions: 384 } });
  const model = Promise.resolve({ embed: (text: string) => new Float32Array(text.length), fingerprint });
  using other = await SkillMesh.load("/registry.msgpack", { model, onError: (error) => void codeOf(error) });
  // @ts-expect-error: nobody knows which model it is
  await other.reload("/registry.msgpack", { model: { embed: service } });
}

export async function everyRemoteCall(bytes: Uint8Array, store: StateStore): Promise<number> {
  using mesh: RemoteSkillMesh = await SkillMesh.load({ bytes, transfer: true }, { worker: true, model: "/minilm.msgpack" });
  using docs = await DocSearch.load("/docs.msgpack", { worker: mesh.worker, skills: ["a"] });
  const [stats, cards]: [Stats, ExpertCard[]] = await Promise.all([mesh.stats(), mesh.cards()]);
  const { hits } = await mesh.retrieve("q", { signal: AbortSignal.timeout(9) });
  const ready: boolean = await mesh.semanticReady;
  await mesh.syncState(store);
  const end = await mesh.onChange(({ added }) => void added.length);
  await end();
  await mesh.emit("claude", "q", { docs, topK: 2 });
  // @ts-expect-error: what is asked elsewhere is promised
  mesh.stats().cards;
  using local = await DocSearch.load("/docs.msgpack", { worker: false });
  // @ts-expect-error: it does not live in the worker
  await mesh.emit("claude", "q", { docs: local });
  docs.live(({ total }) => void total).search("q");
  const own = await SkillMesh.load("/registry.msgpack", { worker: new Worker("/worker.js", { type: "module" }) });
  own.free();
  return stats.cards + cards.length + hits[0].snippet.ranges.length + Number(ready) + (await mesh.snapshot()).length;
}

export async function everyBuild(picked: FileList): Promise<string> {
  const files = [...picked, { path: "a.yaml", text: "" }, Promise.resolve({ path: "b.md", text: "" })];
  const { mesh, findings, embedded } = await SkillMesh.build(files, { model: "/minilm.msgpack", signal: AbortSignal.timeout(9) });
  await embedded;
  // @ts-expect-error: a file has a path
  await SkillMesh.build([{ text: "" }]);
  return `${mesh.cards().length} ${findings[0]?.severity} ${findings[0]?.line?.toFixed()}`;
}
