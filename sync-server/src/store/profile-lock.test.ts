import { cpSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { lockProfile } from "./profile-lock.js"
import { bundleChild, startChild } from "./testing/bundled-child.js"

const root = mkdtempSync(join(tmpdir(), "home-lock-"))
afterAll(() => rmSync(root, { recursive: true }))
let program = ""
beforeAll(async () => {
  program = await bundleChild("lock-child", root)
})
let profiles = 0
const newDir = (): string => join(root, `profile ${profiles++}`)
const lock = (dir: string) => {
  const locked = lockProfile(dir)
  if (!locked.ok) throw new Error(locked.error.type)
  return locked.value
}
const firstLine = async (child: ReturnType<typeof startChild>): Promise<string> =>
  String((await child.lines.next()).value)

describe("the lock of a profile", () => {
  it("[S22] is held by one at a time, also within one process, and free after release", () => {
    const dir = newDir()
    const first = lock(dir)
    for (let i = 0; i < 2; i++)
      expect(lockProfile(dir)).toEqual({ ok: false, error: { type: "ProfileInUse", pid: process.pid } })
    expect(lockProfile(newDir()).ok).toBe(true)
    first.release()
    first.release()
    const second = lock(dir)
    first.release()
    expect(lockProfile(dir).ok).toBe(false)
    second.release()
    expect(readdirSync(dir)).toEqual(["lock"])
    expect([statSync(dir).mode & 0o777, statSync(join(dir, "lock")).mode & 0o777]).toEqual([0o700, 0o600])
  })

  it("[S22] names the process that holds it", async () => {
    const dir = newDir()
    const child = startChild(program, [dir])
    expect(await firstLine(child)).toBe("locked")
    expect(lockProfile(dir)).toEqual({ ok: false, error: { type: "ProfileInUse", pid: child.process.pid } })
    child.process.stdin?.end()
    await child.exited
    lock(dir).release()
  })

  it("[S23] ends with a killed process, whatever the files say", async () => {
    const dir = newDir()
    const child = startChild(program, [dir])
    expect(await firstLine(child)).toBe("locked")
    child.process.kill("SIGKILL")
    await child.exited
    expect(readdirSync(dir)).toContain("lock.pid")
    const mine = lock(dir)
    const copy = newDir()
    cpSync(dir, copy, { recursive: true, filter: path => !path.endsWith("lock") })
    writeFileSync(join(copy, "lock.pid"), String(process.pid))
    lock(copy).release()
    mine.release()
  })

  it("[S23] of many that come at once after a crash exactly one gets it", async () => {
    const dir = newDir()
    const children = Array.from({ length: 6 }, () => startChild(program, [dir]))
    const answers = await Promise.all(children.map(firstLine))
    expect(answers.filter(line => line === "locked")).toHaveLength(1)
    expect(answers.filter(line => line.startsWith("ProfileInUse"))).toHaveLength(5)
    for (const child of children) child.process.stdin?.end()
    await Promise.all(children.map(child => child.exited))
    lock(dir).release()
  })
})
