import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build } from "vite"

const repository = fileURLToPath(new URL("../", import.meta.url))

/** Where `home` looks for its program. */
export const serverDist = join(repository, "sync-server", "dist")

const cli = join(repository, "sync-server", "src", "cli")

/**
 * The programs. What serves has one of its own: `home relay` without any code that opens what a relay keeps, `home box`
 * and `home start` without what only people's commands need.
 */
const programs = {
  home: join(cli, "main.ts"),
  relay: join(cli, "main-relay.ts"),
  box: join(cli, "main-box.ts"),
  start: join(cli, "main-start.ts"),
}

/**
 * Bundles the `home` command into `<outDir>/home.js` and its servers' programs: the workspaces inside, packages of the
 * registry outside, so `outDir` must lie below sync-server. One file each: a process that runs has all of it,
 * whatever is built meanwhile.
 */
export const buildServer = async (outDir = serverDist) => {
  for (const [name, entry] of Object.entries(programs)) {
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
          input: { [name]: entry },
          output: { entryFileNames: "[name].js", codeSplitting: false },
        },
      },
    })
  }
}

const client = join(repository, "client")

/** Where the built app lies: what the page server gives out. */
export const clientDist = join(client, "dist")

/** Builds the app that runs in browsers, with its service worker, into `client/dist`. */
export const buildClient = async () => {
  const { NODE_ENV } = process.env
  // Whatever started this, a test runner too: people get Solid as it is built for them.
  process.env.NODE_ENV = "production"
  try {
    await build({ configFile: join(client, "vite.config.ts"), logLevel: "error" })
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = NODE_ENV
  }
}
