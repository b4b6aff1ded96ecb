import { asked, shown } from "./shown.js";

const pagefind = await import(/* @vite-ignore */ `${location.origin}/pagefind/pagefind.js`);
const { results } = await pagefind.search(asked.get("q"));
shown((await results[0].data()).meta.title);
