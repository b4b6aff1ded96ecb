/// <reference lib="dom" />
// Apart from skillmesh.d.ts, which must not ask for the types of a page.
import type { DocSearch } from "./skillmesh.js";

/** What the element says. Gaps such as `{query}` are filled. */
export interface SearchLabels {
  trigger: string;
  placeholder: string;
  results: string;
  close: string;
  start: string;
  loading: string;
  none: string;
  noneHint: string;
  waiting: string;
  waitingHint: string;
  failed: string;
  retry: string;
  /** By plural category of the page's language, such as `one` and `few`; `other` is for all that are missing. */
  count: Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
  move: string;
  follow: string;
  tab: string;
  meaningLoading: string;
  meaningReady: string;
  meaningFailed: string;
}

/** The result that somebody chose. */
export interface SearchSelection {
  /** The whole address, with the anchor of a section. */
  url: string;
  query: string;
  /** Of the page. */
  title: string;
  /** Of the section, the outermost first. */
  headings: string[];
  /** Of the page within what was ingested. */
  path: string;
  /** Whether it opens beside this page. */
  newTab: boolean;
}

interface SearchEvents {
  "skillmesh-open": CustomEvent<null>;
  "skillmesh-close": CustomEvent<null>;
  /** Before the browser goes there; `preventDefault()` leaves that to the page. */
  "skillmesh-select": CustomEvent<SearchSelection>;
  /** The snapshot or the model could not be used, or an answer failed. */
  "skillmesh-error": CustomEvent<{ error: Error }>;
}

/** What the element's attributes say (docs/widget.md). */
export interface SearchAttributes {
  snapshot?: string;
  vectors?: string;
  model?: string;
  semantic?: "auto" | "off";
  skills?: string;
  base?: string;
  limit?: number | string;
  placeholder?: string;
  theme?: "light" | "dark";
  shortcuts?: "off";
  labels?: string | Partial<SearchLabels>;
}

/** The element `<skillmesh-search>`; importing this module makes it known. */
export class SkillMeshSearch extends HTMLElement {
  /** Opens the dialog, with a query if one is given. */
  open(query?: string): void;
  close(): void;
  /** What answers: a DocSearch that you set, else the one of `snapshot` once it is loaded. */
  get search(): DocSearch | null;
  set search(docs: DocSearch | null);
  /** All texts; what is set needs to name only those that differ. */
  get labels(): SearchLabels;
  set labels(labels: Partial<SearchLabels>);
}

declare global {
  interface HTMLElementTagNameMap {
    "skillmesh-search": SkillMeshSearch;
  }
  interface HTMLElementEventMap extends SearchEvents {}
  interface DocumentEventMap extends SearchEvents {}
  interface WindowEventMap extends SearchEvents {}
}

// @ts-ignore: without React nobody asks for this
declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      // @ts-ignore: its names come from React
      "skillmesh-search": SearchAttributes & React.DetailedHTMLProps<React.HTMLAttributes<SkillMeshSearch>, SkillMeshSearch>;
    }
  }
}
