import { mount } from "svelte";
import Hits from "./Hits.svelte";

mount(Hits, { target: document.body });
