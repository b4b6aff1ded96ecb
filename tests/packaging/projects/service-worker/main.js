import { show } from "./ask.js";

navigator.serviceWorker.onmessage = (event) => show(event.data);
await navigator.serviceWorker.register("/sw.js", { type: "module" });
(await navigator.serviceWorker.ready).active.postMessage("ask");
