import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  type ProfileContent,
  createDeviceIdentity,
  encodeContent,
  floorCost,
  parseContent,
} from "@home/crypto"
import { type GroupId, type MemberId, bytesToHex, textToBytes } from "@home/shared/base"
import { afterAll, describe, expect, it } from "vitest"
import { systemRandom } from "./platform.js"
import {
  type FolderSecret,
  adoptProfile,
  createFolder,
  createProfile,
  hasProfile,
  openFolder,
  openProfile,
  readProfile,
} from "./profile.js"

const root = mkdtempSync(join(tmpdir(), "home-profile-"))
afterAll(() => rmSync(root, { recursive: true }))

const content: ProfileContent = {
  group: "ab".repeat(32) as GroupId,
  member: "cd".repeat(16) as MemberId,
  identity: createDeviceIdentity(systemRandom),
  logKey: systemRandom.bytes(32),
  relays: ["wss://relay.example"],
  boxes: ["ws://192.168.1.2:7381"],
  deviceName: "the kitchen tablet",
}
const passphrase = (text: string): FolderSecret => ({
  type: "Passphrase",
  ask: () => Promise.resolve(text),
  cost: floorCost,
})
const keyFile: FolderSecret = { type: "KeyFile" }
const must = async <T>(
  result: Promise<{ ok: true; value: T } | { ok: false; error: unknown }>,
): Promise<T> => {
  const got = await result
  if (!got.ok) throw new Error(JSON.stringify(got.error))
  return got.value
}

describe("a profile", () => {
  it("[C70] comes back as it was, and shows nothing of itself", async () => {
    const dir = join(root, "c70")
    const made = await must(createProfile(dir, passphrase("one"), systemRandom, content, []))
    await (await made.update({ boxes: [] })).close()
    const opened = await must(openProfile(dir, passphrase("one"), systemRandom))
    expect(opened.content).toEqual({ ...content, boxes: [] })
    await opened.close()
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    const secrets = [
      textToBytes(content.deviceName),
      textToBytes("relay.example"),
      content.logKey,
      content.identity.secrets.signing,
      Buffer.from(content.group, "hex"),
      textToBytes(content.group),
    ]
    let files = 0
    for (const name of readdirSync(dir)) {
      expect(statSync(join(dir, name)).mode & 0o077).toBe(0)
      const bytes = readFileSync(join(dir, name))
      for (const secret of secrets) expect(bytes.includes(Buffer.from(secret))).toBe(false)
      files += 1
    }
    expect(files).toBeGreaterThanOrEqual(3)
    expect(await openProfile(dir, passphrase("two"), systemRandom)).toEqual({
      ok: false,
      error: { type: "WrongSecret" },
    })
    expect(await createProfile(dir, passphrase("one"), systemRandom, content, [])).toMatchObject({
      error: { type: "ProfileExists" },
    })
  })

  it("[C70] is refused when its record is cut or longer", () => {
    const bytes = encodeContent(content)
    expect(parseContent(bytes)).toEqual(content)
    for (let length = 0; length < bytes.length; length++)
      expect(parseContent(bytes.subarray(0, length))).toBeUndefined()
    expect(parseContent(Uint8Array.of(...bytes, 0))).toBeUndefined()
  })

  it("[C70] says that it is damaged when its vault is", async () => {
    const dir = join(root, "damaged")
    await (await must(createProfile(dir, passphrase("one"), systemRandom, content, []))).close()
    truncateSync(join(dir, "vault"), 50)
    expect(await openProfile(dir, passphrase("one"), systemRandom)).toMatchObject({
      error: { type: "ProfileDamaged" },
    })
  })

  it("[C71] is none before its vault stands", async () => {
    const dir = join(root, "c71")
    await (await must(createProfile(dir, passphrase("one"), systemRandom, content, []))).close()
    rmSync(join(dir, "vault"))
    expect(hasProfile(dir)).toBe(false)
    expect(await openProfile(dir, passphrase("one"), systemRandom)).toEqual({
      ok: false,
      error: { type: "NoProfile", dir },
    })
    const again = await must(createProfile(dir, passphrase("two"), systemRandom, content, []))
    await again.close()
    await (await must(openProfile(dir, passphrase("two"), systemRandom))).close()
  })

  it("[C72] of a server opens with its key file, and is in no family before it is adopted", async () => {
    const dir = join(root, "c72")
    const folder = await must(createFolder(dir, keyFile, systemRandom, []))
    expect(await readProfile(folder)).toMatchObject({ error: { type: "NoProfile" } })
    await (await adoptProfile(folder, content, [])).close()
    const path = join(dir, "key")
    expect([statSync(path).size, statSync(path).mode & 0o777]).toEqual([32, 0o600])
    const opened = await must(openProfile(dir, keyFile, systemRandom))
    expect(opened.content).toEqual(content)
    await opened.close()
    writeFileSync(path, systemRandom.bytes(32))
    expect(await openFolder(dir, keyFile, systemRandom)).toEqual({
      ok: false,
      error: { type: "WrongSecret" },
    })
    rmSync(path)
    expect(await openFolder(dir, keyFile, systemRandom)).toEqual({
      ok: false,
      error: { type: "KeyFileMissing", path },
    })
    expect(existsSync(path)).toBe(false)
  })

  it("[C73] that was copied opens as a new incarnation with a new archive", async () => {
    const [dir, copy] = [join(root, "c73"), join(root, "c73 copy")]
    const made = await must(createFolder(dir, keyFile, systemRandom, []))
    const { incarnation } = made
    const archive = bytesToHex(made.archive.identity)
    await made.close()
    const again = await must(openFolder(dir, keyFile, systemRandom))
    expect([again.isCopy, again.incarnation, bytesToHex(again.archive.identity)]).toEqual([
      false,
      incarnation,
      archive,
    ])
    await again.close()
    cpSync(dir, copy, { recursive: true })
    const copied = await must(openFolder(copy, keyFile, systemRandom))
    expect(copied.isCopy).toBe(true)
    expect(copied.incarnation).not.toBe(incarnation)
    expect(bytesToHex(copied.archive.identity)).not.toBe(archive)
    await copied.close()
  })
})
