// Makes <skillmesh-search> known to the page. May also be imported where there is no page, such as while a site is rendered.
import { SkillMeshSearch } from "./widget/element.js";
if (globalThis.customElements && !customElements.get("skillmesh-search")) customElements.define("skillmesh-search", SkillMeshSearch);
export { SkillMeshSearch };
