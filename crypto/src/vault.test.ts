import { ByteWriter, concatBytes } from "@home/shared/base"
import fc from "fast-check"
import { describe, expect, it } from "vitest"
import {
  type PassphraseCost,
  ceilingCost,
  defaultCost,
  floorCost,
  isCostAllowed,
  stretchPassphrase,
} from "./argon2.js"
import { flipBit, seededRandom } from "./testing/bytes.js"
import { type Unlock, createVault, openVault, rewrapVault } from "./vault.js"
import { parseVault } from "./vault-layout.js"

const random = seededRandom("vault")
const deps = { random, cost: floorCost }
const passphrase: Unlock = { type: "Passphrase", passphrase: "correct horse battery staple" }
const wrong: Unlock = { type: "Passphrase", passphrase: "correct horse battery stable" }
const keyFile: Unlock = { type: "KeyFile", key: random.bytes(32) }
const refused = (type: string): object => ({ ok: false, error: { type } })

describe("vault", () => {
  it("[K45] opens with each of its ways, and with nothing else", async () => {
    const { vault, masterKey } = await createVault(deps, [passphrase, keyFile])
    expect(await openVault(vault, passphrase)).toEqual({ ok: true, value: masterKey })
    expect(await openVault(vault, keyFile)).toEqual({ ok: true, value: masterKey })
    expect(await openVault(vault, wrong)).toEqual(refused("WrongPassphrase"))
    expect(await openVault(vault, { type: "Passphrase", passphrase: "" })).toEqual(refused("WrongPassphrase"))
    expect(await openVault(vault, { type: "KeyFile", key: random.bytes(32) })).toEqual(
      refused("WrongKeyFile"),
    )
    const keyOnly = await createVault(deps, [keyFile])
    expect(await openVault(keyOnly.vault, passphrase)).toEqual(refused("NoSuchSlot"))
    expect(Buffer.from(vault).includes(Buffer.from(masterKey))).toBe(false)
  })

  it("[K45] has the layout of the specification", async () => {
    const { vault } = await createVault(deps, [passphrase, keyFile])
    expect(vault).toHaveLength(2 + (1 + 16 + 4 + 4 + 1 + 72) + (1 + 72) + 32)
    expect([...vault.slice(0, 3)]).toEqual([1, 2, 1])
    expect(vault.slice(19, 28)).toEqual(
      new ByteWriter()
        .u32(19 * 1024)
        .u32(2)
        .u8(1)
        .done(),
    )
  })

  it("[K46] costs 64 MiB and three iterations when nothing else is said", async () => {
    const { vault, masterKey } = await createVault({ random }, [passphrase])
    expect(vault.slice(19, 28)).toEqual(
      new ByteWriter()
        .u32(64 * 1024)
        .u32(3)
        .u8(1)
        .done(),
    )
    expect(await openVault(vault, passphrase)).toEqual({ ok: true, value: masterKey })
  })

  it("[K46] a passphrase counts in Unicode form NFC, and an empty one is never taken", async () => {
    const salt = random.bytes(16)
    const composed = await stretchPassphrase("caf\u00e9", salt, floorCost)
    expect(await stretchPassphrase("cafe\u0301", salt, floorCost)).toEqual(composed)
    expect(await stretchPassphrase("cafe", salt, floorCost)).not.toEqual(composed)
    await expect(createVault(deps, [{ type: "Passphrase", passphrase: "" }])).rejects.toThrow(RangeError)
  })

  it("[K47] costs outside the bounds are refused before any work, in a file and in a call", async () => {
    expect(defaultCost).toEqual({ memoryKib: 65_536, iterations: 3, parallelism: 1 })
    for (const cost of [defaultCost, floorCost, ceilingCost]) expect(isCostAllowed(cost)).toBe(true)
    const outside: readonly Partial<PassphraseCost>[] = [
      { memoryKib: floorCost.memoryKib - 1 },
      { memoryKib: ceilingCost.memoryKib + 1 },
      { memoryKib: 0xffffffff },
      { iterations: 1 },
      { iterations: 17 },
      { iterations: 0xffffffff },
      { parallelism: 0 },
      { parallelism: 5 },
    ]
    const { vault } = await createVault(deps, [passphrase])
    for (const change of outside) {
      const cost = { ...floorCost, ...change }
      expect(() => stretchPassphrase("x", random.bytes(16), cost)).toThrow(RangeError)
      const head = new ByteWriter().u32(cost.memoryKib).u32(cost.iterations).u8(cost.parallelism).done()
      const planted = concatBytes(vault.subarray(0, 19), head, vault.subarray(28))
      expect(await openVault(planted, passphrase)).toEqual(refused("VaultCostRefused"))
    }
  })

  it("[K48] any flipped bit is refused, whichever way the vault is opened", async () => {
    const { vault } = await createVault(deps, [keyFile, passphrase])
    for (let bit = 0; bit < 8 * vault.length; bit++) {
      const opened = await openVault(flipBit(vault, bit), keyFile)
      expect(opened.ok, `bit ${bit}`).toBe(false)
    }
    // In the other slot the secret itself still fits: the mac over the whole file says that it was altered.
    expect(await openVault(flipBit(vault, 8 * 80), keyFile)).toEqual(refused("VaultAltered"))
    for (const bit of [8 * 2, 8 * 76, 8 * 92 + 7, 8 * 105, 8 * vault.length - 1])
      expect((await openVault(flipBit(vault, bit), passphrase)).ok, `bit ${bit}`).toBe(false)
  })

  it("[K48] a slot moved into another vault, or taken out, is refused", async () => {
    const [mine, other] = [await createVault(deps, [keyFile, passphrase]), await createVault(deps, [keyFile])]
    const without = concatBytes(Uint8Array.of(1, 1), mine.vault.subarray(2, 75), mine.vault.subarray(-32))
    expect(await openVault(without, keyFile)).toEqual(refused("VaultAltered"))
    const moved = concatBytes(other.vault.subarray(0, 75), mine.vault.subarray(-32))
    expect(await openVault(moved, keyFile)).toEqual(refused("VaultAltered"))
  })

  it("[K49] changing the passphrase keeps the master key and the other slots", async () => {
    const { vault, masterKey } = await createVault(deps, [passphrase, keyFile])
    const changed = await rewrapVault(deps, vault, passphrase, [wrong])
    if (!changed.ok) throw new Error(changed.error.type)
    expect(await openVault(changed.value, wrong)).toEqual({ ok: true, value: masterKey })
    expect(await openVault(changed.value, keyFile)).toEqual({ ok: true, value: masterKey })
    expect(await openVault(changed.value, passphrase)).toEqual(refused("WrongPassphrase"))
    expect(await rewrapVault(deps, vault, wrong, [passphrase])).toEqual(refused("WrongPassphrase"))
    expect(await rewrapVault(deps, vault.subarray(1), wrong, [passphrase])).toEqual(refused("VaultMalformed"))
    const both = await rewrapVault(deps, (await createVault(deps, [keyFile])).vault, keyFile, [
      keyFile,
      passphrase,
    ])
    expect(both.ok && (await openVault(both.value, passphrase)).ok).toBe(true)
  })

  it("[K45] foreign bytes never crash the parser, and a count beyond the file allocates nothing", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
        expect(parseVault(bytes).ok).toBe(false)
        expect(parseVault(concatBytes(Uint8Array.of(1, 8), bytes)).ok).toBe(false)
      }),
    )
  })
})
