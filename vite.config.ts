import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;
const templates = resolve(root, "golmok/web/templates");
const icons = resolve(root, "node_modules/lucide-static/icons");
const typeface = resolve(root, "node_modules/pretendard/dist/public/variable/PretendardVariable.ttf");

const entries = ["site", "home", "order", "pay", "styleguide", "watch", "studio/main"]
  .map((name) => `frontend/src/${name}.ts`)
  .filter((path) => existsSync(resolve(root, path)));

/** Names in `{% icon "name" %}` of any template. */
function iconsInTemplates(): Set<string> {
  const names = new Set<string>();
  for (const path of readdirSync(templates, { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".html")) continue;
    const source = readFileSync(join(templates, path), "utf8");
    for (const [, name] of source.matchAll(/{% icon "([a-z0-9-]+)"/g)) if (name) names.add(name);
  }
  return names;
}

/** Files outside the bundles: the icons that templates name, the typeface of drawn pictures, the site's icon. */
function forTheServer(): Plugin {
  return {
    name: "golmok-for-the-server",
    apply: "build",
    generateBundle() {
      for (const name of iconsInTemplates()) {
        const source = readFileSync(join(icons, `${name}.svg`));
        this.emitFile({ type: "asset", fileName: `icons/${name}.svg`, source });
      }
      this.emitFile({
        type: "asset",
        fileName: "fonts/PretendardVariable.ttf",
        source: readFileSync(typeface),
      });
      this.emitFile({ type: "asset", fileName: "icon.svg", source: readFileSync(resolve(root, "frontend/icon.svg")) });
    },
  };
}

export default defineConfig({
  root,
  base: "/static/build/",
  publicDir: false,
  resolve: {
    alias: { "@messages": resolve(root, "golmok/messages"), "@styles": resolve(root, "frontend/styles") },
  },
  plugins: [forTheServer()],
  build: {
    outDir: "golmok/web/static/build",
    emptyOutDir: true,
    manifest: "manifest.json",
    target: ["chrome123", "safari17.5", "firefox128"],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { input: entries },
  },
  test: { include: ["frontend/tests/**/*.test.ts"] },
});
