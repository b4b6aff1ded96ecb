import { DocSearch } from "skillmesh";
import { asked, shown } from "./shown.js";

const docs = await DocSearch.load(`/${asked.get("snapshot")}`);
const { pages } = await docs.search(asked.get("q"));
shown(pages[0].title);
