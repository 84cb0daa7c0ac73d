import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { request } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createRoomSync } from "@home/shared/replica"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import {
  claimBox,
  foundDevice,
  joinDevice,
  linkToBox,
  parseCode,
  readItems,
  roomDeps,
  writeItem,
} from "../box/testing/test-devices.js"
import { silentLog, systemClock, systemRandom } from "../profile/platform.js"
import { type Child, bundleChild, startChild } from "../store/testing/bundled-child.js"
import { explainStart } from "./explain.js"
import { type HomeServers, startHome } from "./main.js"

const root = mkdtempSync(join(tmpdir(), "home-start-"))
const pages = join(root, "pages")
mkdirSync(join(pages, "assets"), { recursive: true })
writeFileSync(join(pages, "index.html"), "<!doctype html><title>HOME</title>")
writeFileSync(join(pages, "assets", "app.js"), "export {}")
writeFileSync(join(root, "secret.html"), "secret")
const children: Child[] = []
afterAll(async () => {
  for (const child of children) child.process.kill("SIGKILL")
  await Promise.all(children.map(({ exited }) => exited))
  rmSync(root, { recursive: true })
})

interface Started {
  readonly page: string
  readonly relay: string
  readonly box: string
  readonly claim?: string
}

describe("home start", () => {
  let program = ""
  beforeAll(async () => {
    program = await bundleChild(
      "start-child",
      join(root, "program"),
      new URL("./testing/", import.meta.url).href,
    )
  })
  const run = async (port: string): Promise<{ child: Child; line: Started & { problem?: string } }> => {
    const child = startChild(program, [join(root, "data"), port, pages])
    children.push(child)
    const { value } = await child.lines.next()
    return { child, line: JSON.parse(value ?? "{}") as Started }
  }
  const portOf = (address: string): string => new URL(address).port

  it("[B22] has everything again after SIGKILL: the family's box, its archive, and what lay at the relay", async () => {
    const first = await run("0")
    const port = portOf(first.line.box)
    const anna = await foundDevice(root, "anna", [first.line.relay])
    expect((await claimBox(anna, parseCode(first.line.claim))).ok).toBe(true)
    const ben = await joinDevice(anna, root, "ben", "editor")
    await writeItem(anna, "a", "apples")
    const link = await linkToBox(anna, first.line.box)
    expect(await link.session.settle()).toBe(true)
    const relay = { url: first.line.relay, origin: first.line.relay, isKeeper: false }
    const room = createRoomSync(roomDeps(anna), relay)
    expect(await room.settle()).toBe(true)
    first.child.process.kill("SIGKILL")
    await first.child.exited
    room.close()
    await anna.close()

    const second = await run(port)
    expect(second.line).toEqual({ ...first.line, claim: undefined })
    const fromRelay = createRoomSync(roomDeps(ben), relay)
    expect(await fromRelay.settle()).toBe(true)
    fromRelay.close()
    expect(await readItems(ben)).toEqual({ a: "apples" })
    const cara = await joinDevice(ben, root, "cara", "own device")
    const bens = await linkToBox(ben, second.line.box)
    expect(await bens.session.settle()).toBe(true)
    await ben.close()
    const caras = await linkToBox(cara, second.line.box)
    expect(await caras.session.settle()).toBe(true)
    expect(await readItems(cara)).toEqual({ a: "apples" })
    caras.session.close()
    await cara.close()

    second.child.process.kill("SIGINT")
    await second.child.exited
    expect(second.child.process.exitCode).toBe(0)
  })

  it("[B23] says which port is taken and what to do", async () => {
    const first = await run("0")
    const port = portOf(first.line.box)
    const child = startChild(program, [join(root, "other data"), port, pages])
    const { value } = await child.lines.next()
    await child.exited
    const { problem } = JSON.parse(value ?? "{}") as { problem: string }
    expect(problem).toContain(`port ${port}`)
    expect(problem).toContain("--port")
    expect(child.process.exitCode).toBe(1)
    first.child.process.kill("SIGINT")
    await first.child.exited
  })
})

describe("one port", () => {
  let home: HomeServers
  beforeAll(async () => {
    const started = await startHome({
      dataDir: join(root, "one"),
      host: "127.0.0.1",
      port: 0,
      pageDir: pages,
      clock: systemClock,
      random: systemRandom,
      log: silentLog,
    })
    if (!started.ok) throw new Error(explainStart(started.error))
    home = started.value
  })
  afterAll(() => home.close())

  it("[B24] serves the page, the relay and the box, each at its own path", async () => {
    expect(new URL(home.relay).host).toBe(new URL(home.box).host)
    expect(await (await fetch(home.page)).text()).toContain("<title>HOME</title>")
    expect(await (await fetch(`${home.page}/health`)).json()).toEqual({ ok: true, claimed: false })
    const relay = home.relay.replace(/^ws/, "http")
    expect(await (await fetch(`${relay}/health`)).json()).toEqual({ status: "ok" })
  })

  it("[B25] lets a page load nothing from elsewhere, run nothing inline and stand in no frame", async () => {
    for (const path of ["", "/assets/app.js", "/nothing"]) {
      const response = await fetch(home.page + path)
      const policy = response.headers.get("content-security-policy") ?? ""
      expect(policy).toContain("default-src 'none'")
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toContain("unsafe-inline")
      expect(policy).not.toContain("'unsafe-eval'")
      expect(policy).toContain("require-trusted-types-for 'script'")
      expect(policy).toMatch(/trusted-types home$/)
      expect(response.headers.get("permissions-policy")).toMatch(/^camera=\(self\), geolocation=\(\)/)
      expect(response.headers.get("x-content-type-options")).toBe("nosniff")
    }
    expect((await fetch(`${home.page}/assets/app.js`)).headers.get("cache-control")).toContain("immutable")
    expect((await fetch(home.page, { method: "POST" })).status).toBe(405)
  })

  it("[B26] gives out no file but those of the page, however the path is spelled", async () => {
    for (const path of [
      "/../secret.html",
      "/assets/../../secret.html",
      "/%2e%2e/secret.html",
      "//secret.html",
    ]) {
      expect(await statusOf(home.page, path)).toBe(404)
    }
    expect(await statusOf(home.page, "/assets/app.js")).toBe(200)
  })

  it("[B26] opens the page at every address inside the app, and only for who opens a page", async () => {
    const asPage = { headers: { accept: "text/html,*/*" } }
    for (const path of ["/money", "/family/members/0a1b", "/money/?search=tea", "/?source=app"]) {
      const response = await fetch(home.page + path, asPage)
      expect(await response.text(), path).toContain("<title>HOME</title>")
      expect(response.headers.get("content-security-policy")).toContain("default-src 'none'")
    }
    for (const path of ["/assets/gone.js", "/money/secret.html", "/a/b%2ehtml", "/sw.js"]) {
      expect((await fetch(home.page + path, asPage)).status, path).toBe(404)
    }
    expect((await fetch(`${home.page}/money`, { headers: { accept: "*/*" } })).status).toBe(404)
    expect((await fetch(`${home.page}/health`, asPage)).headers.get("content-type")).toContain("json")
  })
})

/** `fetch` tidies paths up before it sends them. */
const statusOf = (page: string, path: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(page)
    const sent = request({ hostname, port, path }, response => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.on("error", reject)
    sent.end()
  })
