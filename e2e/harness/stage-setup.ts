import { rmSync } from "node:fs"
import type { TestProject } from "vitest/node"
import { startApp } from "./app.js"
import { startBrowserServer } from "./browser.js"
import { buildEnginePage } from "./engine-page.js"
import { servePages } from "./page-server.js"
import "./stage.js"

/** Once a run, before the first browser test: builds, starts and hands out what they share. */
const setUp = async (project: TestProject): Promise<() => Promise<void>> => {
  const [app, browser, enginePageFolder] = await Promise.all([
    startApp(),
    startBrowserServer(),
    buildEnginePage(),
  ])
  const server = await servePages(enginePageFolder)
  project.provide("stage", {
    browser: browser.wsEndpoint(),
    appUrl: app.url,
    engineUrl: server.url,
    enginePageFolder,
  })
  return async () => {
    await browser.close()
    await Promise.all([app.stop(), server.close()])
    rmSync(enginePageFolder, { recursive: true, force: true })
  }
}

export default setUp
