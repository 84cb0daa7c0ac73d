import { type ChildProcess, spawn } from "node:child_process"
import { symlinkSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { build } from "vite"

const repository = fileURLToPath(new URL("../../../../", import.meta.url))

/** Bundles the TypeScript entry `name` beside the file `beside` into `dir`, for plain Node: gives the program's path. */
export const bundleChild = async (
  name: string,
  dir: string,
  beside: string = import.meta.url,
): Promise<string> => {
  await build({
    configFile: false,
    logLevel: "silent",
    root: repository,
    ssr: { noExternal: [/^@home\//] },
    build: {
      ssr: fileURLToPath(new URL(`./${name}.ts`, beside)),
      outDir: dir,
      emptyOutDir: false,
      target: "node20",
      // What is only imported for tests (vitest behind the contract suites) stays outside.
      rolldownOptions: { treeshake: { moduleSideEffects: false } },
    },
  })
  symlinkSync(join(repository, "node_modules"), join(dir, "node_modules"))
  return join(dir, `${name}.js`)
}

export interface Child {
  readonly process: ChildProcess
  /** Whole lines of its standard output; ends with the process. */
  readonly lines: AsyncIterableIterator<string>
  readonly exited: Promise<void>
}

export const startChild = (program: string, args: readonly string[]): Child => {
  const process = spawn(globalThis.process.execPath, [program, ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  return {
    process,
    lines: createInterface({ input: process.stdout })[Symbol.asyncIterator](),
    exited: new Promise(resolve => process.once("close", () => resolve())),
  }
}
