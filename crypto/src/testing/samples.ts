import { existsSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "../../..")
const folder = join(process.env["HOME_SAMPLES"] ?? join(root, "../shared/data"), "crypto")

/** Third-party vectors lie outside the repository; `undefined` when they are not on this machine. */
export const readSample = <T>(name: string): T | undefined => {
  const path = join(folder, name)
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined
}

/** One line for each set, so that a run says what it has proved. */
export const report = (set: string, passed: number, note = ""): void => {
  console.log(`vectors ${set}: ${passed} passed${note}`)
}
