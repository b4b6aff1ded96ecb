import { mkdtempSync, rmSync, readFileSync, writeFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os"; import { join } from "node:path";
import { chromium } from "playwright-core";
import { makeSite } from "./first-result/site.mjs"; import { throttled } from "./first-result/throttled.mjs";
const folder = "/tmp/demo-x/site"; rmSync(folder,{recursive:true,force:true});
import { mkdirSync } from "node:fs"; mkdirSync(folder);
await makeSite(folder, { cli: "/root/tools/cli/skillmesh", demo: "../build/demo-site", model: "../build/minilm.msgpack" });
const server = await throttled(folder, { rate: 200000, latency: 150 });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--disable-gpu","--disable-quic"] });
for (const place of process.argv.slice(2)) for (let i=0;i<3;i++) {
  const context = await browser.newContext(); const page = await context.newPage();
  await page.addInitScript(() => {
    const t0={}; globalThis.T=t0; const now=()=>Math.round(performance.now());
    const is=WebAssembly.instantiateStreaming; WebAssembly.instantiateStreaming=async(...a)=>{t0.is0=now();const r=await is.apply(WebAssembly,a);t0.is1=now();return r;};
    const f=globalThis.fetch; globalThis.fetch=async(u,...a)=>{const n=String(u.url??u).split("/").pop().slice(0,14);t0["f0 "+n]=now();const r=await f(u,...a);t0["f1 "+n]=now();return r;};
    const ab=Response.prototype.arrayBuffer; Response.prototype.arrayBuffer=async function(){const r=await ab.call(this);t0["ab "+this.url.split("/").pop().slice(0,14)]=now();return r;};
    const look = () => (globalThis.firstResult ??= document.querySelector(".pages .page") ? performance.now() : undefined);
    new MutationObserver(look).observe(document, { childList: true, subtree: true });
  });
  const session = await context.newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: +(process.env.CPU??4) });
  await page.goto(server.origin+place+(place.includes("?")?"&":"?")+"q=snapshot",{waitUntil:"commit"});
  await page.waitForFunction(()=>globalThis.firstResult,null,{timeout:60000});
  const r = await page.evaluate(()=>({first:Math.round(firstResult),T,res:[...performance.getEntriesByType("navigation"),...performance.getEntriesByType("resource")].map(e=>[e.name.split("/").pop().slice(0,22),Math.round(e.startTime),Math.round(e.responseStart),Math.round(e.responseEnd)].join(" "))}));
  console.log(place, r.first, JSON.stringify(r.T)); if(i==2) console.log(r.res.join("\n"));
  await context.close();
}
await browser.close(); server.close();
