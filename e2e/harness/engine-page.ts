import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { BrowserContext, Page } from "playwright-core"
import type { Driver } from "../app/page/main.js"

/** Builds a page of the tests' own; gives its folder. `instead`: a module -> the file that takes its place. */
export const buildPage = async (
  root: string,
  instead: Readonly<Record<string, string>> = {},
): Promise<string> => {
  const vite = await import("vite")
  const outDir = mkdtempSync(join(tmpdir(), "home-page-"))
  const here = (path: string): string => join(process.cwd(), path)
  await vite.build({
    configFile: false,
    logLevel: "error",
    root: here(root),
    // Below any address: `seedFamily` puts it at one of the app's own origin.
    base: "./",
    worker: { format: "es" },
    resolve: {
      alias: Object.entries(instead).map(([name, path]) => ({ find: name, replacement: here(path) })),
    },
    build: {
      outDir,
      emptyOutDir: true,
      target: "es2022",
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      chunkSizeWarningLimit: 4_000,
    },
  })
  return outDir
}

/** The page without screens that drives the engine. */
export const buildEnginePage = (): Promise<string> => buildPage("e2e/app/page")

declare global {
  var driver: Driver
}

/** Opens the page in a tab and waits until its engine has said something. What goes wrong in it is collected. */
export const openEnginePage = async (
  context: BrowserContext,
  url: string,
  problems: string[] = [],
): Promise<Page> => {
  const page = await context.newPage()
  page.on("pageerror", error => problems.push(`error: ${error.message}`))
  page.on("console", message => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text())
  })
  await page.goto(url)
  await page.waitForFunction(() => {
    const state = globalThis.driver.value("state") as { readonly type: string } | undefined
    return state !== undefined && state.type !== "Starting"
  })
  return page
}
