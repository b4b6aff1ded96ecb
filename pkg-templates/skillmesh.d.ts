/// <reference lib="esnext.disposable" />
/** Which legs answer: `auto` is hybrid once the model is there, else sparse; where the model fails, sparse too (`onError`). */
export type Mode = "auto" | "sparse" | "dense" | "hybrid";
/** Who reads a block, or in which format. */
export type Provider =
  | "codex" | "claude" | "agent-skills" | "anthropic-tools" | "anthropic-tool-references" | "anthropic-search-results" | "openai-tools" | "openai-responses"
  | "openai-tool-search" | "mcp" | "agents-md" | "llms-txt" | "cursor-mdc" | "copilot-instructions" | "vercel-ai" | "langchain"
  | "json" | "jsonl";
type Bytes = Response | ArrayBuffer | Uint8Array;
/**
 * Bytes, or where they are: a URL, a Response, or (Node) a path; gzip files are unpacked. With `integrity` (`sha256-` and base64) only the
 * right bytes are taken.
 */
export type Source =
  | string | URL | Bytes | Promise<Bytes>
  | { url: string | URL | Response; integrity?: string }
  /** `transfer` hands the bytes over to a worker for good, instead of a copy; a view of a part of a buffer is copied still. */
  | { bytes: ArrayBuffer | Uint8Array; integrity?: string; transfer?: boolean };

/** What is known of a download: from its first event, where nothing was received, to its last, where `received` is `total`. */
export interface Progress {
  what: "snapshot" | "model" | "shard";
  url: string;
  /** Bytes so far. */
  received: number;
  /** Bytes in all; null where the server does not say it, or sends them compressed. */
  total: number | null;
  from: "network" | "cache";
  /** In the last event, where `cache` is on: whether it is kept now. */
  stored?: boolean;
}

/** How addresses are downloaded. */
export interface Downloading {
  onProgress?: (progress: Progress) => void;
  /** Keeps downloads in Cache Storage, under this name or `skillmesh-downloads`, so that they are there without a network. */
  cache?: boolean | string;
  /** Calls off what is on its way, the model's download after `load` too: it rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** Conditions on cards: any value within a field, all fields together; applied before ranking. */
export interface Filter {
  domain?: string | string[];
  tag?: string | string[];
  risk_level?: string | string[];
  maturity?: string | string[];
  /** Of documents. */
  collection?: string | string[];
  /** Only cards that are installed, or only those that are not. */
  installed?: boolean;
  source?: CardSource | CardSource[];
}

/** Where what a card stands for comes from. */
export type CardSource = "local" | "remote";

export interface RetrieveOptions {
  /** How many hits at most, 1 or more; default 3. */
  topK?: number;
  mode?: Mode;
  filter?: Filter;
  /** Answers that are less sure come back without hits, with the reason: a level, or a probability; default: all come. */
  minConfidence?: Level | number;
  /** What success in use is worth where the snapshot knows it (`skillmesh build --usage`), as a share of the best score; default 0.1, 0 is nothing. */
  usageWeight?: number;
  /**
   * Whether marks in the query mean something; default false. `"side by side"` and `field:value` must hold, `-word`,
   * `-"side by side"` and `-field:value` must not; fields are domain, tag, risk_level, maturity (whole values), and title,
   * aliases, tags, description, examples, tool_hints, body (words), installed, source (of cards), collection (of documents). A query of conditions alone lists what fulfils them.
   */
  syntax?: boolean;
  /** How the legs are fused; default: the snapshot's convex weight. */
  fusion?: "rrf" | { convex: { dense_weight: number } };
  /**
   * The query's vector, where the caller embeds by itself with the snapshot's model: of the query alone, or, better, of each
   * text of `queryParts`, one after the other. Each may have any length but 0.
   */
  vector?: Float32Array;
  /** Whether past outcomes count; default false. Each such hit says so in `explain.boost`. */
  feedback?: boolean;
  /** Rejects with the signal's reason where it is aborted before the answer. */
  signal?: AbortSignal;
  /** As of when, in milliseconds since 1970; default: now. */
  now?: number;
}

/** How long a block may be: what was found fills it, best first, and what has no room is left out. */
export interface BlockBudget {
  /** In characters (Unicode code points); default: as long as it is. */
  maxChars?: number;
  /** In tokens, counted high; default: as long as it is. */
  maxTokens?: number;
}

export interface EmitOptions extends RetrieveOptions, BlockBudget {
  /** Instructions are cut to this many characters; at 0 there are none; default 700. */
  instructionChars?: number;
  /** The cards that the found ones depend upon come with them, each behind the one that needs it. */
  withDependencies?: boolean;
  /** Tools say that they are loaded when they are searched for: `anthropic-tools`, `openai-responses` and `openai-tool-search`. */
  deferLoading?: boolean;
  /** Adds documents from here: those that each card's `rag_context` wants, its own and everybody's where it says nothing. */
  docs?: DocSearch;
  /**
   * What is wanted of documents; what is left out is as each card has it. `skills` (default: those that `docs` was loaded for)
   * and `access` ask instead of the cards; `topK` counts chunks.
   */
  docsOptions?: Access & { topK?: number };
}

/** What an asker may see of documents. Names are compared letter for letter. */
export interface Access {
  /** Who asks: documents for any of these skills and those for everybody are seen; default: only those for everybody. */
  skills?: string[];
  /** If there are any, a document must have one of these tags as well. */
  tags?: string[];
  /** Every document is seen, whoever it is for. */
  access?: "all";
}

export interface SearchOptions extends Omit<RetrieveOptions, "topK" | "feedback" | "now">, Access {
  /** How many pages at most (for `emit`: chunks), 1 or more; default 10. */
  limit?: number;
  /** How many to pass over; default 0. */
  offset?: number;
  /** Rejects with its reason as soon as it is aborted. */
  signal?: AbortSignal;
}

export interface LiveOptions extends Omit<SearchOptions, "signal"> {
  /** Milliseconds without a further key before an answer; default 120. */
  delay?: number;
  /** Milliseconds that meaning waits longer than keywords, since it may hold up the typing; default 0. */
  meaningDelay?: number;
  /** Gets what goes wrong, also that the DocSearch was freed; default `console.error`. */
  onError?: (error: unknown) => void;
}

/** A section of a page. */
export interface DocumentHit {
  /** The headings above it, the outermost first, its own last. */
  headings: string[];
  /** Where it is read, with its anchor. */
  url: string;
  /** Its bytes within the document's text as it was ingested: Markdown without front matter, whatever the file was. */
  start: number;
  end: number;
  score: number;
  sparse_score: number | null;
  dense_score: number | null;
  explain: Explanation;
  snippet: Snippet;
}

export interface Page {
  /** Its path within what was ingested. */
  path: string;
  title: string;
  /** Where it is read. */
  url: string;
  collection: string;
  tags: string[];
  /** The score of its best section. */
  score: number;
  /** Its best sections, at most three. */
  sections: DocumentHit[];
}

export interface FacetCount {
  value: string;
  count: number;
}

export interface DocumentAnswer extends Omit<Answer, "hits"> {
  /** How many pages were found in all. */
  total: number;
  /** Those asked for, best first. */
  pages: Page[];
  /** How many of all found pages have each value, most first; of skills only those that ask. */
  facets: { collection: FacetCount[]; tag: FacetCount[]; skill: FacetCount[] };
}

export interface TermMatch {
  term: string;
  score: number;
  fields: string[];
}

/**
 * In hybrid mode with convex fusion, `score = w * dense.normalised + (1 - w) * sparse.normalised + boost.added`, with 0 for what is absent;
 * `normalised` is the score in units of the leg's standard deviation over the cards that the filter lets through.
 */
export interface Explanation {
  sparse: { rank: number; score: number; normalised: number; terms: TermMatch[] } | null;
  dense: { rank: number; score: number; normalised: number; passage: number } | null;
  dense_weight: number | null;
  /**
   * What the card earned: a share of the best score, −0.3 to 0.3 for past outcomes, and what that added; `usage` is the part of the share that
   * comes from how the skill did in use, where the snapshot knows it.
   */
  boost: { share: number; usage?: number; added: number } | null;
}

export interface RetrievalHit {
  id: string;
  title: string;
  domain: string;
  description: string;
  score: number;
  sparse_score: number | null;
  dense_score: number | null;
  /** How the score came about; worked out when it is read, so before `free`. */
  explain: Explanation;
  /** The piece of the card that shows why it was found; made when it is read, so before `free`. */
  snippet: Snippet;
}

export interface Snippet {
  /** Plain text on one line, about 240 characters. */
  text: string;
  /** Where words of the query stand in `text`: start and end, as `text.slice` takes them. */
  ranges: [number, number][];
  /** The same as HTML: everything escaped, matches in `<mark>`. */
  html: string;
}

export type Level = "low" | "medium" | "high";

export interface Confidence {
  /** The probability, 0 to 1, that one of the first three hits is relevant; calibrated by `skillmesh tune`. */
  value: number;
  /** `low`: hardly any query that has an answer is answered like this; `high`: from 0.9 on. */
  level: Level;
  /** How far the first hit stands before the second, in standard deviations. */
  lead: number;
  /** Whether that is far enough to take the first without looking at the second; never where confidence is low. */
  clear_winner: boolean;
}

export interface Answer {
  query: string;
  /** The legs that answered. */
  mode: "sparse" | "dense" | "hybrid";
  /** How sure the answer is; null where nothing was found to judge. */
  confidence: Confidence | null;
  /** Why there are no hits, where there are none. */
  reason: "no-words" | "none-allowed" | "no-match" | "low-confidence" | null;
  hits: RetrievalHit[];
}

export interface ExpertCard {
  id: string;
  title: string;
  domain?: string;
  description?: string;
  tags?: string[];
  tool_hints?: string[];
  examples?: string[];
  aliases?: string[];
  dependencies?: string[];
  input_contract?: Record<string, unknown>;
  output_artifacts?: string[];
  quality_checks?: string[];
  constraints?: string[];
  risk_level?: string;
  maturity?: string;
  /** Absent: true. */
  installed?: boolean;
  /** Absent: local. */
  source?: CardSource;
  rag_context?: { enabled: boolean; skills?: string[]; tags?: string[]; top_k: number };
  metadata?: Record<string, unknown>;
  /** Not in `cards()`. */
  instruction_text?: string;
  instruction_file?: string;
  invocation?: Record<string, unknown>;
}

/** A card as `upsert` takes it. */
export type NewCard = Partial<ExpertCard> & { id: string };

export interface Stats {
  format: number;
  kind: "cards" | "documents" | "card-shards" | "document-shards";
  builder: string;
  analyzer: number;
  language: string;
  cards: number;
  inputs: string;
  model: { name: string; fingerprint: string; dimensions: number } | null;
  bytes: number;
  /** Of a root: how many shards there are. */
  shards?: number;
  terms: number;
  passages: number;
  sections: Record<string, number>;
}

/** Options of `discover` and `suggest`. */
export interface DiscoverOptions extends Omit<RetrieveOptions, "topK" | "feedback"> {
  /** Whether past outcomes count; default true. */
  feedback?: boolean;
  /** How many skills at most, 1 or more; default 5. */
  limit?: number;
  /** Only installed skills; default false. */
  localOnly?: boolean;
}

export interface AutoRouteOptions extends DiscoverOptions {
  /** Loads a skill; called for each of `to_load`, one after the other. */
  load?: (id: string) => unknown;
  /** Whether remote skills are to be loaded too; default false. */
  autoInstall?: boolean;
  /** The ids of the skills that are loaded; default: those that are installed. */
  loaded?: Iterable<string>;
  /** Skills with a lower match are left out, but for the best; default 0.5. */
  minMatch?: number;
}

export interface RouteOptions extends Omit<RetrieveOptions, "topK" | "feedback"> {
  /** Whether past outcomes count; default true. */
  feedback?: boolean;
  /** Chooses skills, such as by asking a language model; nothing (`null`) leaves it to retrieval, this once. */
  llm?: (task: string, options: { signal?: AbortSignal }) => LlmRoute | null | undefined | Promise<LlmRoute | null | undefined>;
  /** How many skills retrieval chooses at most, 1 or more; default 3. */
  limit?: number;
  /** Only installed skills; default true. */
  installedOnly?: boolean;
  /** The ids that fit everything: chosen alone, they are a weak route; default writer, knowledge. */
  genericSkills?: string[];
}

export interface LlmRoute {
  selected_skills: string[];
  /** 0 to 1. */
  confidence: number;
  mission_brief?: string;
  reasoning?: string;
}

export interface Routing {
  task: string;
  selected_skills: string[];
  /** What retrieval found beside a weak choice, best first. */
  suggested_skills: string[];
  mission_brief: string;
  /** 0 to 1. */
  confidence: number;
  reasoning: string;
  answered_by: "llm" | "fallback" | "retrieval";
  /** How it was found again. For a task of the same meaning only the skills hold: it has no `mission_brief`. */
  cached: "exact" | "semantic" | null;
  reason: Answer["reason"];
  markdown: string;
}

export interface FoundSkill {
  id: string;
  title: string;
  description: string;
  keywords: string[];
  /** How well it fits, 0 to 1, falling from skill to skill. */
  match: number;
  installed: boolean;
  source: CardSource;
}

export interface Discovery extends Omit<Answer, "hits"> {
  skills: FoundSkill[];
  markdown: string;
}

export interface Suggestion extends Omit<Answer, "hits" | "query"> {
  task: string;
  best: FoundSkill | null;
  alternatives: FoundSkill[];
  markdown: string;
}

export interface AutoRoute extends Omit<Answer, "hits" | "query"> {
  task: string;
  /** Ready. */
  loaded: FoundSkill[];
  /** Ready since `load` loaded them. */
  arrived: FoundSkill[];
  /** At hand, but not loaded. */
  unloaded: FoundSkill[];
  /** To be installed first. */
  remote: FoundSkill[];
  /** The ids that should be loaded now. */
  to_load: string[];
  /** What `load` threw. */
  failed: { id: string; error: unknown }[];
  markdown: string;
}

export interface Outcome {
  query: string;
  skill: string;
  success: boolean;
  /** Milliseconds since 1970; default: now. */
  now?: number;
  vector?: Float32Array;
}

export interface CacheStats {
  exact_hits: number;
  semantic_hits: number;
  misses: number;
  /** How often all were let go. */
  clears: number;
  entries: number;
  capacity: number;
}

export interface RoutingSettings {
  /** Routes that are kept at most, up to 10,000; default 1000. */
  cacheSize?: number;
  /** From this cosine on, tasks mean the same; default 0.92. Above 1 none do. */
  sameFrom?: number;
  /** After how many days an outcome counts half; default 30. */
  halfLifeDays?: number;
}

/** Where the bytes of `exportState` are kept. */
export interface StateStore {
  /** Hands what is kept to `change`, and keeps what that gives. */
  update(change: (kept: Uint8Array | undefined) => Uint8Array): Promise<void>;
}
/** In the browser's database, also in extensions; several tabs may use it at once. */
export function indexedDbStore(options?: { database?: string; key?: string }): StateStore;
/** In Cloudflare KV, or anything with its `get` and `put`. */
export function kvStore(
  namespace: { get(key: string, type: "arrayBuffer"): Promise<ArrayBuffer | null>; put(key: string, value: Uint8Array): Promise<unknown> },
  options?: { key?: string },
): StateStore;
/** In the cache of a browser or Worker, which may drop it. */
export function cacheStore(options?: { name?: string; key?: string }): StateStore;
/** In a file; only where the package is imported in Node. */
export function fileStore(path: string): StateStore;

/** A model of the caller's own, such as a service's. Vectors of several texts are asked for at once. */
export interface OwnModel {
  /** The vector of a text; of any length but 0, since its direction counts alone. The signal is the query's. */
  embed(text: string, options: { signal?: AbortSignal }): ArrayLike<number> & Iterable<number> | Promise<ArrayLike<number> & Iterable<number>>;
  /** Which model it is: the snapshot's `stats().model.fingerprint`, if its vectors are this model's. */
  readonly fingerprint: string;
  readonly dimensions?: number;
  /** What a snapshot that `SkillMesh.build` makes calls it. */
  readonly name?: string;
}

/** Downloads go as `load` said, unless they say it here; the `signal` is for this call alone. */
export interface ReloadOptions extends Downloading {
  /** "skillmesh-mini" is the one that comes with the package; `null`: none from now on. Default: as before. */
  model?: Source | Embedder | OwnModel | null;
  /** Compares every checksum first. */
  verify?: boolean;
}

export interface LoadOptions extends Omit<ReloadOptions, "model"> {
  /**
   * What embeds queries: the model of the snapshot's vectors. Default: the one that comes with the package, "skillmesh-mini", if the vectors are its and
   * this host can reach it (Workers, edge functions and `skillmesh/slim` can't without `init`); why it fails goes to `onError`. `null`: none, keywords answer.
   */
  model?: Source | Embedder | OwnModel | null | Promise<Embedder | OwnModel>;
  /** Gets what fails where an answer comes all the same: a model that fails in mode `auto` leaves it to keywords. Default `console.error`. */
  onError?: (error: unknown) => void;
  /** How shards are read, where the snapshot is the root of some. */
  shards?: Sharding;
}

/** What a root has of a corpus in shards: each query reads a few of them, and those that were read stay. */
export interface Sharding {
  /** Where they are: an address as that of the root, or a function of a shard's file; default: beside the root. */
  from?: string | URL | ((file: string) => string | URL | Bytes | Promise<string | URL | Bytes>);
  /** How many a query reads at most; default 8. More find more, and take longer the first time. */
  atMost?: number;
}

/** A file with the path where it lay, with `/`; instruction files are found by theirs. A File says its own. */
export type RegistryFile = { path: string; text: string } | { path: string; bytes: Uint8Array } | File;

/** The model embeds the cards, too; default: none, since that takes a while. */
export interface BuildOptions extends Omit<LoadOptions, "verify"> {
  routing?: RoutingSettings;
}

/** One remark on one file. */
export interface Finding {
  path: string;
  /** From 1. */
  line: number | null;
  /** The JSON pointer into a registry. */
  pointer: string | null;
  code: string;
  /** `error`: the card or file is left out. */
  severity: "error" | "warning";
  message: string;
}

export interface BuiltMesh {
  /** Found by their words already. */
  mesh: SkillMesh;
  findings: Finding[];
  /** Resolves when meaning counts for all cards, at once where there is no model. */
  embedded: Promise<void>;
}

/** A use of a skill. */
export interface SkillUse {
  /** The skill's id. */
  skill: string;
  /** Default now; numbers are milliseconds since 1970. */
  invokedAt?: Date | number;
  durationMs?: number;
  /** Whether it did what it should. */
  success?: boolean;
  errorType?: string;
  sessionId?: string;
  workflowPath?: string;
  /** What the user asked, which is private. */
  query?: string;
  /** The skills that might have been taken instead. */
  alternatives?: string[];
  /** The place of the skill among those offered, from 1. */
  selectionRank?: number;
  /** What had to be done after it. */
  followUpActions?: string[];
}

/** What `.session-buddy/skill_metrics.json` of a project holds. */
export interface SkillMetricsFile {
  invocations: Record<string, unknown>[];
  /** Older uses than the 10,000 that are kept. */
  left_out: number;
}

/** Gathers uses of skills in memory. */
export interface SkillMetrics {
  record(use: SkillUse): void;
  export(): SkillMetricsFile;
  /** Forgets all. */
  clear(): void;
}

export class SkillMesh {
  private constructor();
  /** Gathers uses of skills here, which `exportSkillMetrics` gives. */
  readonly metrics: SkillMetrics;
  /** Opens a snapshot; keyword search is ready when this resolves. */
  static load(snapshot: Source, options: LoadOptions & { routing?: RoutingSettings; worker: WorkerOption }): Promise<RemoteSkillMesh>;
  static load(snapshot: Source, options?: LoadOptions & { routing?: RoutingSettings; worker?: false }): Promise<SkillMesh>;
  /**
   * Reads registries (YAML, JSON), corpora (JSON lines) and `SKILL.md` files from memory, as `skillmesh build` does from a disk. Of other files
   * those are read that a registry names. What cannot be used is left out and said in `findings`. It runs where it is called.
   */
  static build(files: Iterable<RegistryFile | Promise<RegistryFile>>, options?: BuildOptions): Promise<BuiltMesh>;
  /** The texts whose vectors, one after the other, make the option `vector`: the query, then its sentences if several. */
  queryParts(query: string, options?: { syntax?: boolean }): string[];
  /** Resolves to whether semantic search is there (false: no model was given, nor comes with the package for these vectors); rejects when the model can't be used. */
  readonly semanticReady: Promise<boolean>;
  retrieve(query: string, options?: RetrieveOptions): Promise<Answer>;
  emit(provider: Provider, query: string, options?: EmitOptions): Promise<string>;
  /** The skills for a query, each with how well it fits. */
  discover(query: string, options?: DiscoverOptions): Promise<Discovery>;
  /** The skill for a task and what else might do; none where nothing is sure enough. */
  suggest(task: string, options?: DiscoverOptions): Promise<Suggestion>;
  /** All skills that a task needs, by their state; those that should be loaded now are, where there is a `load`. */
  autoRoute(task: string, options?: AutoRouteOptions): Promise<AutoRoute>;
  /** The skills for a task: found before, else chosen by `llm`, else by retrieval. */
  route(task: string, options?: RouteOptions): Promise<Routing>;
  /** Remembers how a skill did: it stands higher or lower for queries like this one. */
  recordOutcome(outcome: Outcome): Promise<void>;
  /** The uses that `metrics.record` was told of, in the form that `skillmesh metrics collect` reads. */
  exportSkillMetrics(): SkillMetricsFile;
  exportState(): Uint8Array;
  /** Adds what was learnt elsewhere by `now`, in milliseconds since 1970; what is known already does not count twice. */
  importState(state: Source, options?: { now?: number }): Promise<void>;
  /** Merges what was learnt with what the store keeps, both ways. */
  syncState(store: StateStore, options?: { now?: number }): Promise<void>;
  cacheStats(): CacheStats;
  clearCache(): void;
  /**
   * Puts cards in, in place of those with the same ids; where one is unusable, none is taken. The next query finds them by
   * their words, and by meaning once this resolves.
   */
  upsert(cards: NewCard[]): Promise<void>;
  /** Takes cards out; resolves to the ids of those that were there. */
  remove(ids: string | string[]): Promise<string[]>;
  /** Follows a delta, which `skillmesh diff` made from this very snapshot. */
  applyDelta(delta: Source): Promise<void>;
  /** Lets another snapshot answer, with a `model` for it where it is another one; queries on their way end on the old one. */
  reload(snapshot: Source, options?: ReloadOptions): Promise<void>;
  /** Calls `listener` 200 ms after the first of some changes with the ids of all. Gives a function that ends it. */
  onChange(listener: (changes: CardChanges) => void): () => void;
  /** The snapshot as it is now. */
  snapshot(): Uint8Array;
  /** A whole card. */
  card(id: string): ExpertCard | null;
  /** All cards in order of id, without their instructions. */
  cards(): ExpertCard[];
  stats(): Stats;
  /** Gives the memory back, and the model's if it was loaded here; an `Embedder` that was passed stays. */
  free(): void;
  [Symbol.dispose](): void;
}

/** Ids in ascending order. */
export interface CardChanges {
  added: string[];
  changed: string[];
  removed: string[];
}

/** Search over documents, as `skillmesh ingest` writes them. */
export class DocSearch {
  private constructor();
  /** Opens a snapshot of documents; `skills` says who asks, where a search does not say it itself. */
  static load(snapshot: Source, options: LoadOptions & { skills?: string[]; worker: WorkerOption }): Promise<RemoteDocSearch>;
  static load(snapshot: Source, options?: LoadOptions & { skills?: string[]; worker?: false }): Promise<DocSearch>;
  /** Resolves to whether semantic search is there (false: no model was given, nor comes with the package for these vectors); rejects when the model can't be used. */
  readonly semanticReady: Promise<boolean>;
  search(query: string, options?: SearchOptions): Promise<DocumentAnswer>;
  /** A context block with the best chunks and where they are from; refused for providers whose form has no place for documents. */
  emit(provider: Provider, query: string, options?: SearchOptions & BlockBudget): Promise<string>;
  /** Answers somebody who types: by keywords when typing pauses, and once more with meaning where a model is at hand. */
  live(onAnswer: (answer: DocumentAnswer) => void, options?: LiveOptions): { search(query: string): void; cancel(): void };
  queryParts(query: string, options?: { syntax?: boolean }): string[];
  /** Lets another snapshot answer, with a `model` for it where it is another one. */
  reload(snapshot: Source, options?: ReloadOptions): Promise<void>;
  stats(): Stats;
  free(): void;
  [Symbol.dispose](): void;
}

/** A Worker of a browser or of `node:worker_threads`. */
export interface AnyWorker {
  postMessage(message: any, transfer: any[]): void;
}

/**
 * Where everything runs but the caller: true starts a worker, and `free` of the last that uses it ends it; so it is with the URL of a
 * script that imports `skillmesh/worker`. A Worker that the caller made of such a script stays the caller's.
 */
export type WorkerOption = true | string | URL | AnyWorker;

/** The same methods, each of which promises what it gives. */
type Asked<T> = { [Name in keyof T]: T[Name] extends (...args: infer Args) => infer Said ? (...args: Args) => Promise<Awaited<Said>> : T[Name] };

interface InWorker {
  /** For what is to live beside it: `DocSearch.load(snapshot, { worker: mesh.worker })`. */
  readonly worker: AnyWorker;
  free(): void;
  [Symbol.dispose](): void;
}

/** A SkillMesh in a worker. `explain` and `snippet` of hits are worked out there, before the answer comes. */
export interface RemoteSkillMesh extends InWorker, Asked<Omit<SkillMesh, "emit" | "onChange" | "free" | "metrics" | "exportSkillMetrics" | typeof Symbol.dispose>> {
  /** Uses are gathered here, not in the worker. */
  readonly metrics: SkillMetrics;
  exportSkillMetrics(): SkillMetricsFile;
  /** `docs` live in the same worker. */
  emit(provider: Provider, query: string, options?: Omit<EmitOptions, "docs"> & { docs?: RemoteDocSearch }): Promise<string>;
  onChange(listener: (changes: CardChanges) => void): Promise<() => Promise<void>>;
}

/** A DocSearch in a worker. */
export interface RemoteDocSearch extends InWorker, Asked<Omit<DocSearch, "live" | "free" | typeof Symbol.dispose>> {
  live(onAnswer: (answer: DocumentAnswer) => void, options?: LiveOptions): { search(query: string): void; cancel(): void };
}

/** Turns text into unit vectors with a model pack. */
export class Embedder {
  private constructor();
  /** Opens a model pack; "skillmesh-mini" is the one that comes with the package. */
  static load(model: Source, options?: Downloading): Promise<Embedder>;
  embed(text: string): Float32Array;
  readonly name: string;
  readonly fingerprint: string;
  readonly dimensions: number;
  free(): void;
}

/** A `WebAssembly.Module`, where the types of the host know it. */
export type WasmModule = typeof globalThis extends { WebAssembly: { Module: { prototype: infer Module } } } ? Module : object;
/** Where a wasm file is (in Node also a path), or what is in it. */
export type WasmFile = string | URL | Response | ArrayBuffer | Uint8Array | WasmModule;
/**
 * Takes the wasm files from here instead of from where the package lies; call it before anything is loaded. A function is asked anew by each
 * try, which a Response or a rejected promise can't stand. `core` is `skillmesh_bg.wasm`,
 * `embed` is `skillmesh_embed_bg.wasm` (for a model), `index` is `skillmesh_index_bg.wasm` (for changes), `build` is `skillmesh_build_bg.wasm` (for `SkillMesh.build`),
 * and `model` is `models/skillmesh-mini.msgpack`.
 */
export function init(files: { [file in "core" | "embed" | "index" | "build" | "model"]?: PromisedFile | (() => PromisedFile) }): void;
type PromisedFile = WasmFile | Promise<WasmFile>;
/** Uses an already compiled `skillmesh_bg.wasm`. */
export function initSync(options: { module: WasmModule }): void;
/** Uses an already compiled `skillmesh_embed_bg.wasm`. */
export function initEmbedSync(options: { module: WasmModule }): void;
/** Uses an already compiled `skillmesh_index_bg.wasm`, which `upsert`, `remove` and `applyDelta` need. */
export function initIndexSync(options: { module: WasmModule }): void;
/** Uses an already compiled `skillmesh_build_bg.wasm`, which `SkillMesh.build` needs. */
export function initBuildSync(options: { module: WasmModule }): void;

export class SkillMeshError extends Error {
  readonly code:
    | "invalid-argument"
    | "io"
    | "registry"
    | "path-escape"
    | "integrity"
    | "snapshot-format"
    | "snapshot-version"
    | "snapshot-corrupt"
    | "model-format"
    | "model-version"
    | "model-corrupt"
    | "model-mismatch"
    | "no-model"
    | "embed"
    | "worker"
    | "state-format"
    | "not-initialised"
    | "freed"
    | "internal";
  /** Of a download that a server refused: what it said. */
  readonly status?: number;
}
