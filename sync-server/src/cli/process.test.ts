import { type ChildProcess, spawn } from "node:child_process"
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { calendarFile } from "./testing/fixtures.js"
import { scratch } from "./testing/test-home.js"

const bin = fileURLToPath(new URL("../../bin/home.mjs", import.meta.url))
const dist = fileURLToPath(new URL("../../dist", import.meta.url))
const folder = scratch()
const running = new Set<ChildProcess>()

afterAll(() => {
  for (const child of running) child.kill("SIGKILL")
  folder.remove()
})

interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<{ readonly code: number; readonly out: string; readonly err: string }>
  /** Resolves with the first line of standard output that holds for `test`. */
  line(test: (line: string) => boolean): Promise<string>
}

const start = (args: readonly string[]): Running => {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, HOME_PASSPHRASE: "correct horse", HOME_PASSPHRASE_COST: "floor" },
    stdio: ["ignore", "pipe", "pipe"],
  })
  running.add(child)
  let out = ""
  let err = ""
  let look = (): void => {}
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text
    look()
  })
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text
  })
  const ended = new Promise<{ code: number; out: string; err: string }>(resolve => {
    child.once("close", code => {
      running.delete(child)
      resolve({ code: code ?? -1, out, err })
    })
  })
  return {
    child,
    ended,
    line: test =>
      new Promise((resolve, reject) => {
        look = () => {
          const found = out.split("\n").slice(0, -1).find(test)
          if (found !== undefined) resolve(found)
        }
        look()
        void ended.then(({ code, err: said }) => reject(new Error(`ended with ${code}: ${said}`)))
      }),
  }
}

const run = (...args: string[]) => start([...args, "--json"]).ended
/** Every file below a folder, with when it was last changed. */
const filesIn = (dir: string): ReadonlyMap<string, number> => {
  const found = new Map<string, number>()
  if (!existsSync(dir)) return found
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name.endsWith(".part")) continue
    const path = join(entry.parentPath, entry.name)
    found.set(path, statSync(path).mtimeMs)
  }
  return found
}
const jsonOf = (text: string) => JSON.parse(text.split("\n")[0] ?? "") as Readonly<Record<string, unknown>>
const has = (key: string) => (line: string) => key in (JSON.parse(line) as object)

/** Each of the many processes takes seconds to start where others work as well. */
const testMs = 240_000

describe("real processes", { timeout: testMs }, () => {
  beforeAll(() => rmSync(join(dist, "built-from"), { force: true }))

  it("[C60] builds once for two that start at once, and keeps standard output clean", async () => {
    const both = await Promise.all([start(["--version"]).ended, start(["--version"]).ended])
    for (const { code, out } of both) expect([code, out]).toEqual([0, "0.1.0\n"])
    expect(both.map(({ err }) => err).filter(err => err.includes("building"))).toHaveLength(1)
  })

  it("[C32] [C6] [C24] found, invite, join, import, watch and export over a relay", async () => {
    const [anna, ben] = [folder.path("anna"), folder.path("ben")]
    const relay = start([
      "relay",
      "--host",
      "127.0.0.1",
      "--port",
      "0",
      "--data",
      folder.path("relay"),
      "--json",
    ])
    const { listening } = jsonOf(await relay.line(has("listening")))
    const founded = await run(
      "found",
      "Muster",
      "--member",
      "Anna",
      "--relay",
      String(listening),
      "--data",
      anna,
    )
    expect(founded.code).toBe(0)

    const invite = start(["invite", "--yes", "--host", "127.0.0.1", "--data", anna, "--json"])
    const { invitation } = jsonOf(await invite.line(has("invitation")))
    expect((await run("status", "--data", anna)).code).toBe(7)
    expect((await run("join", String(invitation), "--member", "Ben", "--data", ben)).code).toBe(0)
    expect((await invite.ended).code).toBe(0)

    const calendar = folder.path("calendar.ics")
    writeFileSync(calendar, calendarFile)
    expect((await run("import", calendar, "--data", anna)).code).toBe(0)

    const watch = start(["sync", "--watch", "--data", ben, "--json"])
    await watch.line(line => jsonOf(line)["settled"] === true)
    const busy = await run("status", "--data", ben)
    expect([busy.code, jsonOf(busy.out)["error"]]).toEqual([
      7,
      { kind: "inUse", message: expect.any(String), pid: watch.child.pid },
    ])
    expect((await run("sync", "--once", "--data", anna)).code).toBe(0)

    // A box that joins the family meanwhile is found by who watches already.
    const box = start(["box", "--host", "127.0.0.1", "--port", "0", "--data", folder.path("box"), "--json"])
    const { claim } = jsonOf(await box.line(has("claim")))
    expect((await run("claim", String(claim), "--data", anna)).code).toBe(0)
    expect((await run("sync", "--once", "--data", anna)).code).toBe(0)
    await watch.line(line => jsonOf(line)["kind"] === "box" && jsonOf(line)["settled"] === true)
    box.child.kill("SIGTERM")
    expect((await box.ended).code).toBe(0)

    watch.child.kill("SIGTERM")
    expect((await watch.ended).code).toBe(0)
    // Whatever the watcher had not seen yet, a last look brings.
    expect((await run("sync", "--once", "--data", ben)).code).toBe(0)
    const [first, second] = [
      await run("export", "plans", "--data", anna),
      await run("export", "plans", "--data", ben),
    ]
    expect(first.out).toContain("Dentist")
    expect(second.out).toBe(first.out)
    relay.child.kill("SIGTERM")
    expect((await relay.ended).code).toBe(0)
  })

  it("[C27] a device that is killed while its picture goes to the box goes on where it was; the relay sees none of it", async () => {
    const [anna, ben, boxDir, relayDir] = ["a", "b", "c", "d"].map(name => folder.path("files", name))
    if (anna === undefined || ben === undefined || boxDir === undefined || relayDir === undefined)
      throw new Error("paths")
    const serve = (what: string, dir: string) =>
      start([what, "--host", "127.0.0.1", "--port", "0", "--data", dir, "--json"])
    const relay = serve("relay", relayDir)
    const { listening } = jsonOf(await relay.line(has("listening")))
    const box = serve("box", boxDir)
    const { claim } = jsonOf(await box.line(has("claim")))
    const founded = await run(
      "found",
      "Muster",
      "--member",
      "Anna",
      "--relay",
      String(listening),
      "--data",
      anna,
    )
    expect(founded.code).toBe(0)
    expect((await run("claim", String(claim), "--data", anna)).code).toBe(0)
    const invite = start(["invite", "--yes", "--host", "127.0.0.1", "--data", anna, "--json"])
    const { invitation } = jsonOf(await invite.line(has("invitation")))
    expect((await run("join", String(invitation), "--member", "Ben", "--data", ben)).code).toBe(0)
    expect((await invite.ended).code).toBe(0)

    const canary = Buffer.from("a canary in a picture, eight bytes and more")
    const picture = Buffer.alloc(40 * 1024 * 1024, canary)
    const path = folder.path("files", "picture.jpg")
    writeFileSync(path, picture)
    const added = await run("ledger", "add", "9.90", "Zoo", "--currency", "EUR", "--data", anna)
    const attached = await run("ledger", "attach", String(jsonOf(added.out)["added"]), path, "--data", anna)
    expect(attached.code).toBe(0)

    const dying = start(["sync", "--once", "--data", anna, "--json"])
    await expect
      .poll(() => filesIn(join(boxDir, "blobs")).size, { timeout: testMs, interval: 5 })
      .toBeGreaterThan(2)
    dying.child.kill("SIGKILL")
    await dying.ended
    // Nothing more comes: what is there now was there before.
    const before = filesIn(join(boxDir, "blobs"))
    expect(before.size).toBeLessThan(40)
    expect((await run("sync", "--once", "--data", anna)).code).toBe(0)
    const after = filesIn(join(boxDir, "blobs"))
    expect(after.size).toBe(40)
    let kept = 0
    for (const [file, changedMs] of before) if (after.get(file) === changedMs) kept += 1
    // One may have been half-way onto the disk when the device died.
    expect(kept).toBeGreaterThanOrEqual(before.size - 1)

    expect((await run("sync", "--once", "--data", ben)).code).toBe(0)
    relay.child.kill("SIGTERM")
    await relay.ended
    const out = folder.path("files", "out.jpg")
    const id = String(jsonOf(attached.out)["attached"])
    expect((await run("blob", "get", id, "--out", out, "--data", ben)).code).toBe(0)
    expect(readFileSync(out).equals(picture)).toBe(true)
    box.child.kill("SIGTERM")
    await box.ended
    for (const dir of [relayDir, boxDir])
      for (const file of filesIn(dir).keys())
        expect([file, readFileSync(file).includes(canary)]).toEqual([file, false])
  })
})
