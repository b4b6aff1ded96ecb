// Skills and documents for whoever asks: GET or POST /retrieve, /emit and /search, answered in JSON.

import { emit, retrieve, search } from "./routes.js";
import { answered, problem } from "./answers.js";
import { asked } from "./asked.js";

const routes = { "/retrieve": retrieve, "/emit": emit, "/search": search };

export default {
  async fetch(request, env, ctx) {
    try {
      const { pathname } = new URL(request.url);
      const route = Object.hasOwn(routes, pathname) && routes[pathname];
      if (!route) throw problem(404, "not-found", `there is no ${pathname}; expected ${Object.keys(routes).join(", ")}`);
      return await answered(request, await route(await asked(request, route.options), { request, env, ctx }));
    } catch (error) {
      return await answered(request, { error });
    }
  },
};
