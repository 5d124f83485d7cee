import { defineConfig } from "vite";

/** One file, so that nothing is loaded while something is measured; `--outDir` says where it goes. */
export default defineConfig({
  publicDir: false,
  build: {
    target: "chrome123",
    lib: { entry: "latency.ts", formats: ["es"], fileName: "latency" },
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
