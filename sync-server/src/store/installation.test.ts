import { execFileSync } from "node:child_process"
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { randomBytes } from "node:crypto"
import { afterAll, describe, expect, it } from "vitest"
import { type Installation, readInstallation } from "./installation.js"
import { openProfileDatabase } from "./profile-database.js"

const root = mkdtempSync(join(tmpdir(), "home-installation-"))
afterAll(() => rmSync(root, { recursive: true }))
const random = { bytes: (length: number) => new Uint8Array(randomBytes(length)) }

/** One start of a program on the profile in `dir`. */
const start = async (dir: string): Promise<Installation> => {
  const opened = openProfileDatabase(join(dir, "profile.db"))
  if (!opened.ok) throw new Error(opened.error.type)
  const installation = await readInstallation(dir, opened.value.store, random)
  await opened.value.close()
  return installation
}
let profiles = 0
const newProfile = async (): Promise<{ dir: string; first: Installation }> => {
  const dir = join(root, `${profiles++}`, "profile")
  mkdirSync(dir, { recursive: true })
  return { dir, first: await start(dir) }
}

const copies: Readonly<Record<string, (from: string, to: string) => void>> = {
  "cp -r": (from, to) => void execFileSync("cp", ["-r", from, to]),
  "cp -a": (from, to) => void execFileSync("cp", ["-a", from, to]),
  tar: (from, to) => {
    const archive = execFileSync("tar", ["-C", from, "-cf", "-", "."])
    mkdirSync(to)
    execFileSync("tar", ["-C", to, "-xpf", "-"], { input: archive })
  },
  "node's cpSync with times": (from, to) => cpSync(from, to, { recursive: true, preserveTimestamps: true }),
}

describe("an installation", () => {
  it("[S25] is fresh once and the same at every later start", async () => {
    const { dir, first } = await newProfile()
    expect(first.fresh).toBe(true)
    expect(first.incarnation).toMatch(/^[0-9a-f]{32}$/)
    for (const again of [await start(dir), await start(dir)])
      expect(again).toEqual({ incarnation: first.incarnation, fresh: false })
    expect(statSync(join(dir, "installation")).mode & 0o777).toBe(0o600)
  })

  it.each(Object.entries(copies))(
    "[S26] a profile copied with %s is a new incarnation, the original stays",
    async (_, copy) => {
      const { dir, first } = await newProfile()
      const to = join(dir, "..", "copy")
      copy(dir, to)
      const copied = await start(to)
      expect(copied.fresh).toBe(true)
      expect(copied.incarnation).not.toBe(first.incarnation)
      expect(await start(to)).toEqual({ incarnation: copied.incarnation, fresh: false })
      expect(await start(dir)).toEqual({ incarnation: first.incarnation, fresh: false })
    },
  )

  it("[S26] a backup restored into the place of the profile is a new incarnation", async () => {
    const { dir, first } = await newProfile()
    const backup = execFileSync("tar", ["-C", dir, "-cf", "-", "."])
    execFileSync("tar", ["-C", dir, "-xpf", "-"], { input: backup })
    expect(await start(dir)).toMatchObject({ fresh: true })
    rmSync(dir, { recursive: true })
    mkdirSync(dir)
    execFileSync("tar", ["-C", dir, "-xpf", "-"], { input: backup })
    const restored = await start(dir)
    expect(restored.fresh).toBe(true)
    expect(restored.incarnation).not.toBe(first.incarnation)
  })

  it("[S26] a file that was written over, lost or cut off is a new incarnation", async () => {
    const { dir, first } = await newProfile()
    const path = join(dir, "installation")
    const content = readFileSync(path)
    // ctime ticks every few milliseconds: what is done within the tick of the creation is done again.
    const until = (act: () => void) => (): void => {
      const { ctimeNs } = statSync(path, { bigint: true })
      do act()
      while (statSync(path, { bigint: true }).ctimeNs === ctimeNs)
    }
    const spoil = [
      until(() => writeFileSync(path, content)),
      () => rmSync(path),
      () => writeFileSync(path, content.subarray(1)),
      until(() => chmodSync(path, 0o640)),
    ]
    let last = first
    for (const spoiled of spoil) {
      spoiled()
      const next = await start(dir)
      expect(next.fresh).toBe(true)
      expect(next.incarnation).not.toBe(last.incarnation)
      last = next
    }
  })

  it("[S27] a folder that is renamed stays the same installation", async () => {
    const { dir, first } = await newProfile()
    const moved = join(dir, "..", "moved")
    renameSync(dir, moved)
    expect(await start(moved)).toEqual({ incarnation: first.incarnation, fresh: false })
  })
})
