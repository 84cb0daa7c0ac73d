import { join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { build } from "vite"

const repository = fileURLToPath(new URL("../../", import.meta.url))

/**
 * Bundles one TypeScript entry of e2e for Node (which does not run .ts) and imports it. `isSplit`: what is imported only when
 * it is needed stays a file of its own.
 */
export const runBundled = async (entry, name, { isSplit = false } = {}) => {
  const outDir = join(repository, "node_modules", ".cache", "home-e2e", `${name}-${process.pid}`)
  await build({
    configFile: false,
    logLevel: "silent",
    root: repository,
    ssr: { noExternal: [/^@home\//] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: "node20",
      minify: false,
      rolldownOptions: {
        input: { [name]: join(repository, "e2e", entry) },
        // What is imported from it and not used here would make every process of a benchmark load a bundler.
        treeshake: { moduleSideEffects: [{ test: /^vite$/, external: true, sideEffects: false }] },
        output: { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs", codeSplitting: isSplit },
      },
    },
  })
  const { rmSync } = await import("node:fs")
  process.on("exit", () => rmSync(outDir, { recursive: true, force: true }))
  await import(pathToFileURL(join(outDir, `${name}.mjs`)).href)
}
