// The worker of `worker: true` in Node, Deno and Bun.
import { parentPort } from "node:worker_threads";
import "./node.js";
import { serve } from "./serve.js";
parentPort.on("message", (data) => data?.skillmesh && serve(data));
