import { cpSync, mkdtempSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { writeServiceWorker } from "../../client/build/precache.js"

const client = join(process.cwd(), "client")

/** Where `home start` has built the app. */
export const appFolder = join(client, "dist")

/** `name-hash.js` -> the same with another hash. */
const renamed = (file: string): string =>
  file.replace(/-([\w-]{8})\.js$/, (_, hash: string) => `-${[...hash].reverse().join("")}.js`)

/**
 * Another version of the app in a folder of its own: its scripts have other names, as after a change of the sources, its
 * page says which it is (`html[data-build]`), and its service worker pins what it has.
 */
export const makeOtherBuild = async (build: string): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), "home-build-"))
  cpSync(appFolder, folder, { recursive: true })
  const assets = join(folder, "assets")
  const scripts = readdirSync(assets).filter(file => renamed(file) !== file)
  if (scripts.length === 0) throw new Error(`no scripts in ${assets}`)
  const texts = [...scripts.map(file => join(assets, file)), join(folder, "index.html")]
  for (const path of texts) {
    let text = readFileSync(path, "utf8")
    for (const file of scripts) text = text.replaceAll(file, renamed(file))
    writeFileSync(path, text.replace("<html", `<html data-build="${build}"`))
  }
  for (const file of scripts) renameSync(join(assets, file), join(assets, renamed(file)))
  await writeServiceWorker(client, folder)
  return folder
}
