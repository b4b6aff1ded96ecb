import { create, load, search } from "@orama/orama";
import { asked, shown } from "./shown.js";

const db = create({ schema: { title: "string", content: "string" } });
load(db, await (await fetch("/orama.json")).json());
const { hits } = await search(db, { term: asked.get("q") });
shown(hits[0].document.title);
