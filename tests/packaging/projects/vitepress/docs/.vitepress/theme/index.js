import { h } from "vue";
import { withBase } from "vitepress";
import DefaultTheme from "vitepress/theme";
import "skillmesh/widget";

const search = () => h("skillmesh-search", {
  snapshot: withBase("/docs.msgpack"), model: "skillmesh-mini", style: "margin-inline: 24px auto",
});

function followInPage(event, router) {
  if (event.detail.newTab || new URL(event.detail.url).origin !== location.origin) return;
  event.preventDefault();
  router.go(event.detail.url);
}

export default {
  extends: DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { "nav-bar-content-before": search }),
  enhanceApp({ router }) {
    if (typeof window !== "undefined") addEventListener("skillmesh-select", (event) => followInPage(event, router));
  },
};
