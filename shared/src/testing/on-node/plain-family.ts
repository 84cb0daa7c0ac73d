import "@automerge/automerge"
import { createHash } from "node:crypto"
import type { Log, Store, StoreChange } from "../../base/index.js"
import { openReplica } from "../../replica/replica.js"
import { createPlainSealer } from "../plain-sealer.js"
import { type TestDevice, type TestFamily, createTestFamily, silentLog } from "../test-family.js"

// What tests that run on Node share: the hash comes from the platform, so this is no part of the pure layers.

export const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash("sha256").update(bytes).digest())

/** A family whose sealer hides nothing: fast, and readable when a test fails. */
export const plainFamily = (seed = 1, log?: Log): TestFamily =>
  createTestFamily({
    seed,
    sealer: random => createPlainSealer({ sha256, randomBytes: length => random.bytes(length) }),
    ...(log === undefined ? {} : { log }),
  })

export interface Trio {
  readonly world: TestFamily
  readonly anna: TestDevice
  readonly ben: TestDevice
  readonly cleo: TestDevice
}

/** Anna founded the family and has taken in two editors; all three know of each other. */
export const plainTrio = async (seed?: number): Promise<Trio> => {
  const world = plainFamily(seed)
  const anna = await world.found("Anna")
  const ben = await world.join(anna, "Ben", "editor")
  const cleo = await world.join(anna, "Cleo", "editor")
  for (const other of [ben, cleo]) await world.sync(anna, other)
  return { world, anna, ben, cleo }
}

export const memberOf = (device: TestDevice) => {
  const member = device.replica.session.state().devices.get(device.identity.id)?.member
  if (member === undefined) throw new Error("not a member")
  return member
}

export const bundlesOf = async (device: Pick<TestDevice, "archive">): Promise<readonly Uint8Array[]> =>
  (await device.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles.map(({ bundle }) => bundle.bytes)

/** What one device has and another lacks. */
export const newsFor = async (from: TestDevice, to: TestDevice): Promise<readonly Uint8Array[]> => {
  const known = new Set(
    (await to.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles.map(({ hash }) => hash),
  )
  const all = (await from.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
  return all.filter(({ hash }) => !known.has(hash)).map(({ bundle }) => bundle.bytes)
}

/** A store whose disk fails, or whose process dies, from a chosen write on. */
export const fragile = (
  store: Store,
): Store & { dieAt(isFatal: (changes: readonly StoreChange[]) => boolean): void } => {
  let isFatal: (changes: readonly StoreChange[]) => boolean = () => false
  return {
    ...store,
    write: changes =>
      isFatal(changes) ? Promise.reject(new Error("the process died")) : store.write(changes),
    dieAt: at => (isFatal = at),
  }
}

/** The device over another store or archive, as if it had been moved there. */
export const movedTo = async (
  world: TestFamily,
  device: TestDevice,
  parts: Partial<TestDevice>,
): Promise<TestDevice> => {
  const bare = { ...device, ...parts }
  const { sealer, random, clock } = world
  const replica = await openReplica(
    { sealer, random, clock, log: silentLog, store: bare.store, archive: bare.archive },
    { ...bare, slot: 0 },
  )
  return { ...bare, replica }
}
