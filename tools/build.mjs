import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "vite"

const repository = fileURLToPath(new URL("../", import.meta.url))

/** Where `home` looks for its program. */
export const serverDist = join(repository, "sync-server", "dist")

/**
 * Bundles the `home` command into `<outDir>/home.js`: the workspaces inside, packages of the registry outside, so
 * `outDir` must lie below sync-server. One file: a process that runs has all of it, whatever is built meanwhile.
 */
export const buildServer = async (outDir = serverDist) => {
  await build({
    configFile: false,
    logLevel: "silent",
    root: repository,
    ssr: { noExternal: [/^@home\//] },
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: "node20",
      minify: false,
      rolldownOptions: {
        input: { home: join(repository, "sync-server", "src", "cli", "main.ts") },
        output: { entryFileNames: "[name].js", codeSplitting: false },
      },
    },
  })
}
