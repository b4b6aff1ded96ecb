// Who is compared, and with which settings?
//
// An entrant says which command builds its index of a site, which files of it a client could fetch, how many bytes a
// visitor loads until the first answer, and how an opened index is searched.
import { miniSearch } from "./minisearch.mjs";
import { pagefind } from "./pagefind.mjs";
import { skillMesh } from "./skillmesh.mjs";

const entrants = {
  "SkillMesh, keywords": skillMesh({ dense: false }),
  "SkillMesh, both": skillMesh({ dense: true }),
  "Pagefind": pagefind,
  "MiniSearch": miniSearch(),
  "MiniSearch, prefixes, fuzzy, title twice": miniSearch({ prefix: true, fuzzy: 0.2, boost: { title: 2 } }),
};

export const ENGINES = [...new Set(Object.values(entrants).map(({ engine }) => engine))];

/** The entrants of those engines that `only` names, by name. */
export function entrantsOf(only) {
  return Object.fromEntries(Object.entries(entrants).filter(([, { engine }]) => only.includes(engine)));
}
