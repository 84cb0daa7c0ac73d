import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type ChangeHash, type CircleId, type DocumentId, type GroupId, bytesToHex } from "../base/index.js"
import { limits } from "../wire/index.js"
import { typeCodes } from "./body-codec.js"
import { deviceIdOf, documentIdOf, everyoneOf } from "./identity.js"
import { encodeUnsignedOperation, joinOperation, parseOperation } from "./operation-codec.js"
import { type OperationBody, type OperationType, nothingTaken } from "./operation.js"
import { createTestFamily } from "./testing/family.js"
import { testHash } from "./testing/hash.js"

const family = createTestFamily(3)
const log = family.log()
const by = family.founder.device.id
const state = log.state()
const document = "dd".repeat(16) as DocumentId
const circle = state.everyone
const taking = family.taking(state, by, { type: "rekey", circle }, [])
const full = {
  ...taking,
  circles: [circle],
  rekeys: [family.rekey({ circle, replaces: [], to: [by, "recovery"] })],
}
const wraps = full.rekeys.flatMap(rekey => rekey.wraps)
const keys = { ...state.recovery }
const genesis = family.genesis.body

const bodies: Record<OperationType, OperationBody> = {
  genesis,
  addMember: family.body.addMember(state, by, {
    member: family.member(),
    device: family.device(),
    role: "guest",
    expiresMs: 1_798_761_600_000,
    wraps,
  }),
  addDevice: family.body.addDevice(family.member(), family.device()),
  removeMember: { type: "removeMember", member: family.member(), taking: full },
  removeDevice: { type: "removeDevice", device: by, taking: full },
  setRole: { type: "setRole", member: family.member(), role: "guest", taking: nothingTaken },
  yield: { type: "yield", to: { type: "Member", member: family.member() } },
  suspend: { type: "suspend", device: by, taking: full },
  resume: { type: "resume", device: by },
  circle: { type: "circle", circle, add: [family.member()], remove: [family.member()], wraps, taking: full },
  rekey: {
    type: "rekey",
    rekey: full.rekeys[0] as never,
    cuts: [{ feed: "ab".repeat(32) as never, heads: [{ seq: 7, hash: "cd".repeat(32) as never }] }],
  },
  wrap: { type: "wrap", wraps },
  setRecovery: { type: "setRecovery", recovery: keys, rekeys: full.rekeys, cuts: [] },
  docPolicy: {
    type: "docPolicy",
    circle,
    document,
    usersWrite: true,
    invited: [family.member()],
    taking: nothingTaken,
  },
  move: {
    type: "move",
    circle,
    document,
    toCircle: circle,
    to: document,
    frontier: ["ee".repeat(32) as ChangeHash],
  },
  rebase: { type: "rebase", circle, document, frontier: ["ee".repeat(32) as ChangeHash], to: document },
  deleteDocument: { type: "deleteDocument", circle, document },
}

const bytesOf = (body: OperationBody): Uint8Array => {
  const parents = body.type === "genesis" ? [] : log.heads()
  const unsigned = encodeUnsignedOperation({ group: log.group, parents, author: by, seq: 2, body })
  return joinOperation(unsigned, new Uint8Array(64).fill(9))
}

describe("the form of an operation", () => {
  it("[A1] every type comes back as it was written", () => {
    for (const type of Object.keys(typeCodes) as OperationType[]) {
      const bytes = bytesOf(bodies[type])
      const parsed = parseOperation(bytes, testHash)
      if (!parsed.ok) throw new Error(`${type}: ${parsed.error.type}`)
      expect(parsed.value.body).toEqual(bodies[type])
      expect([parsed.value.author, parsed.value.seq]).toEqual([by, 2])
      expect(joinOperation(parsed.value.signedPart, parsed.value.signature)).toEqual(bytes)
    }
    const bothYields = bytesOf({ type: "yield", to: { type: "Device", device: by } })
    expect(parseOperation(bothYields, testHash)).toMatchObject({
      ok: true,
      value: { body: { to: { device: by } } },
    })
  })

  it("[A2] the parser takes nothing but whole operations, and never crashes", () => {
    for (const body of Object.values(bodies)) {
      const bytes = bytesOf(body)
      for (let length = 0; length < bytes.length; length += 7) {
        expect(parseOperation(bytes.subarray(0, length), testHash).ok).toBe(false)
      }
      expect(parseOperation(Uint8Array.of(...bytes, 0), testHash).ok).toBe(false)
    }
    expect(parseOperation(new Uint8Array(limits.operationBytes + 1), testHash)).toEqual({
      ok: false,
      error: { type: "OperationTooLarge" },
    })
    expect(parseOperation(new Uint8Array(100).fill(2), testHash)).toEqual({
      ok: false,
      error: { type: "OperationVersion", version: 2 },
    })
    const all = Object.values(bodies).map(bytesOf)
    fc.assert(
      fc.property(
        fc.nat(all.length - 1),
        fc.array(fc.tuple(fc.nat(100_000), fc.nat(255)), { maxLength: 6 }),
        (which, flips) => {
          const bytes = (all[which] ?? new Uint8Array(0)).slice()
          for (const [at, value] of flips) bytes[at % bytes.length] = value
          bytes[0] = 1
          const parsed = parseOperation(bytes, testHash)
          if (parsed.ok) {
            const again = encodeUnsignedOperation(parsed.value)
            expect(bytesToHex(again)).toBe(bytesToHex(parsed.value.signedPart))
          }
        },
      ),
      { seed: 5, numRuns: 1500 },
    )
  })

  it("[A3] the id is the hash of all bytes; a genesis is the group of that id and names no other", () => {
    const bytes = bytesOf(genesis)
    const parsed = parseOperation(bytes, testHash)
    expect(parsed).toMatchObject({
      ok: true,
      value: { id: bytesToHex(testHash("operation", bytes)), parents: [] },
    })
    if (parsed.ok) expect(parsed.value.group).toBe(parsed.value.id as string)
    const forged = bytes.slice()
    forged[1] = 1
    expect(parseOperation(forged, testHash).ok).toBe(false)
  })

  it("[A4] ids of devices, of Everyone and of documents follow from what they name", () => {
    expect(deviceIdOf(family.founder.device.keys, testHash)).toBe(by)
    expect(state.everyone).toBe(everyoneOf(log.group, testHash))
    expect(state.circles.get(state.everyone)?.everyone).toBe(true)
    const epochs = [...(state.circles.get(state.everyone)?.epochs.values() ?? [])]
    expect(epochs[0]?.rekey.wraps.map(wrap => wrap.circle)).toEqual([state.everyone, state.everyone])
    const ids = (["ledger", "book"] as const).flatMap(area =>
      ["2026", "2027"].map(name => documentIdOf(log.group, circle, { area, name }, testHash)),
    )
    const other = documentIdOf(
      "11".repeat(32) as GroupId,
      "22".repeat(16) as CircleId,
      { area: "ledger", name: "2026" },
      testHash,
    )
    expect(new Set([...ids, other]).size).toBe(5)
    expect(ids[0]).toHaveLength(32)
  })
})
