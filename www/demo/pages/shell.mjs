// What have all pages in common? Head, navigation, foot.

/** The policy of every page, for hosts that send none: no inline script or style, nothing from elsewhere. */
export const POLICY = [
  "default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
  "connect-src 'self'", "worker-src 'self'", "base-uri 'none'", "form-action 'self'", "require-trusted-types-for 'script'",
].join("; ");

const NAVIGATION = [["", "Playground"], ["docs/", "Docs"], ["own/", "Your registry"], ["performance/", "Performance"]];

export const escaped = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt()};`);

/** Nine skills, three of them chosen. */
export const MARK = `<svg class="mark" viewBox="0 0 24 24" aria-hidden="true">${dots()}</svg>`;

function dots() {
  const lit = { 1: "keyword", 3: "meaning", 8: "both" };
  const dot = (i) => `<circle class="${lit[i] ?? "unlit"}" cx="${4 + (i % 3) * 8}" cy="${4 + Math.floor(i / 3) * 8}" r="${lit[i] ? 3 : 2}"/>`;
  return Array.from({ length: 9 }, (_, i) => dot(i)).join("");
}

const FONT = "../node_modules/@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2";

/** The way from a page to where the site begins. */
const above = (path) => "../".repeat(path.split("/").length - 1);

/** What the first answer of a page needs is asked for with it, not after its scripts. */
export function preloaded(path, snapshot) {
  const files = [`data/${snapshot}`, "../node_modules/skillmesh/wasm/skillmesh_bg.wasm"];
  return files.map((file) => `<link rel="preload" as="fetch" crossorigin href="${above(path)}${file}">\n`).join("");
}

/**
 * A whole page. The script that sets its colours holds up what follows, so it follows what is to be fetched. `path` is where it lies in the site, `script` its module in src/entries, `site` where the
 * site will be, if that is known.
 */
export function shell({ path, title, description, script, body, site, head = "", tools = "" }) {
  const up = above(path);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<meta name="description" content="${escaped(description)}">
<meta name="theme-color" media="(prefers-color-scheme: light)" content="#f4f5f7">
<meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0f1115">
${social({ path, title, description, site })}
<link rel="icon" type="image/svg+xml" href="/favicon.svg">
<link rel="preload" as="font" type="font/woff2" crossorigin href="${up}${FONT}">
${head}<link rel="stylesheet" href="${up}../src/style/main.css">
<script type="module" src="${up}../src/entries/${script}.js"></script>
</head>
<body>
<script src="/theme.js"></script>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
  <a class="brand" href="${up || "./"}">${MARK}<span>SkillMesh</span></a>
  <nav aria-label="Pages">${links(path, up)}</nav>
  <div class="tools">${tools}
    <button type="button" class="icon" data-part="theme" aria-label="Dark colours" aria-pressed="false">${MOON}</button></div>
</header>
<main id="main" tabindex="-1">
<noscript><p class="notice">Searching here is done by scripts of this site, which your browser does not run.</p></noscript>
${body}
</main>
<footer class="foot">
  <p>SkillMesh is free software, under MIT or Apache-2.0. This site is files alone: no server answers,
  nothing is counted, nothing you type leaves the page.</p>
</footer>
</body>
</html>
`;
}

const MOON = `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 1.75a6.25 6.25 0 1 0 0 12.5z"/><circle cx="8" cy="8" r="6.25"/></svg>`;

function links(path, up) {
  const current = path.split("/").slice(0, -1).join("/");
  const link = ([to, name]) => `<a href="${up + to || "./"}"${to === (current && `${current}/`) ? ' aria-current="page"' : ""}>${name}</a>`;
  return NAVIGATION.map(link).join("");
}

/** Social networks want whole addresses, which are only known where the site's own is. */
function social({ path, title, description, site }) {
  const named = { "og:type": "website", "og:site_name": "SkillMesh", "og:title": title, "og:description": description };
  const place = site ? new URL(path.replace(/index\.html$/, ""), site) : null;
  const placed = place ? { "og:url": place.href, "og:image": new URL("card.png", site).href, "og:image:alt": CARD } : {};
  const meta = Object.entries({ ...named, ...placed }).map(([name, value]) => `<meta property="${name}" content="${escaped(value)}">`);
  const canonical = place ? [`<link rel="canonical" href="${escaped(place.href)}">`] : [];
  return [...meta, `<meta name="twitter:card" content="${place ? "summary_large_image" : "summary"}">`, ...canonical].join("\n");
}

const CARD = "SkillMesh: your agent has hundreds of skills and room for three";
