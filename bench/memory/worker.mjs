// The Worker that is measured: one step a request.
import * as skillmesh from "../node_modules/skillmesh/workerd.js";
import { steps } from "./measured.mjs";

let env;
const made = steps(skillmesh, async (name) => env.FILES.fetch(`http://files/${name}`));

export default {
  async fetch(request, bindings) {
    env = bindings;
    const { step, ...given } = await request.json();
    return Response.json({ value: await made[step](given) });
  },
};
