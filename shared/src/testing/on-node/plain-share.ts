import { type IncarnationId, type MemberId, bytesToHex } from "../../base/index.js"
import { type Operation, type Role, type Voucher, deviceIdOf, parseOperation } from "../../access/index.js"
import type { StoredBundle } from "../../replica/archive.js"
import { actByContactKey } from "../../replica/contact-key.js"
import { foundShare } from "../../replica/found.js"
import type { DeviceIdentity } from "../../replica/identity.js"
import { hostJoin, requestJoin } from "../../replica/join.js"
import { openReplica } from "../../replica/replica.js"
import { acceptShare } from "../../replica/share.js"
import { createMemoryArchive } from "../memory-archive.js"
import { createMemoryStore } from "../memory-store.js"
import { createChannelPair } from "../memory-channel.js"
import { type TestDevice, silentLog } from "../test-family.js"
import { bundlesOf, newsFor, plainFamily } from "./plain-family.js"

/** Two families' devices in one share: Anna's, who founded it, and the other side's, let in by its contact key. */
export const plainShare = async (role: Exclude<Role, "admin"> = "editor", seed = 31) => {
  const world = plainFamily(seed)
  const { sealer, random, clock } = world
  const newIdentity = (): DeviceIdentity => {
    const secrets = { signing: random.bytes(32), wrap: random.bytes(32), link: random.bytes(32) }
    const keys = {
      signing: sealer.signingKeyOf(secrets.signing),
      wrap: sealer.agreementKeyOf(secrets.wrap),
      link: sealer.agreementKeyOf(secrets.link),
    }
    return { id: deviceIdOf(keys, sealer.hash), keys, secrets }
  }
  const open = async (
    name: string,
    identity: DeviceIdentity,
    logKey: Uint8Array,
    operations: readonly Pick<Operation, "id" | "bytes">[],
    /** What a box was given; a device gets its bundles otherwise. */
    bundles?: readonly StoredBundle[],
  ): Promise<TestDevice> => {
    const [store, archive] = [createMemoryStore(), createMemoryArchive(random.bytes(16))]
    for (const { id, bytes } of operations)
      await store.write([{ type: "Put", key: ["operation", id], value: bytes }])
    const isKeeper = bundles !== undefined
    await archive.append(bundles ?? [])
    const incarnation = bytesToHex(random.bytes(16)) as IncarnationId
    const replica = await openReplica(
      { sealer, random, clock, log: silentLog, store, archive },
      { identity, logKey, incarnation, isKeeper, slot: 0 },
    )
    return { name, identity, store, archive, logKey, isKeeper, incarnation, replica }
  }
  const secrets = { signing: random.bytes(32), agreement: random.bytes(32) }
  const ownSecrets = { signing: random.bytes(32), agreement: random.bytes(32) }
  const recovery = {
    signing: sealer.signingKeyOf(ownSecrets.signing),
    wrap: sealer.agreementKeyOf(ownSecrets.agreement),
  }
  const voucher: Voucher = {
    member: bytesToHex(random.bytes(16)) as MemberId,
    role,
    signing: sealer.signingKeyOf(secrets.signing),
    wrap: sealer.agreementKeyOf(secrets.agreement),
  }
  const identity = newIdentity()
  const founded = await foundShare({ sealer, random }, identity, recovery, voucher)
  const anna = await open("Anna", identity, founded.logKey, [founded.genesis])
  const { logKey, group } = founded

  /** With what lies at the relays: all that Anna has. */
  const accept = async (name: string, by = secrets) => {
    const relay = createMemoryArchive(random.bytes(16))
    await relay.append((await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles)
    const own = newIdentity()
    const accepted = await acceptShare({ sealer }, relay, { group, logKey }, by, own)
    if (!accepted.ok) return accepted.error
    const device = await open(name, own, logKey, accepted.value.operations)
    await device.replica.receive(await bundlesOf({ archive: relay }))
    return { device, admission: accepted.value.admission, sharedWith: accepted.value.sharedWith }
  }
  const comeIn = async (name: string, by = secrets): Promise<TestDevice> => {
    const accepted = await accept(name, by)
    if (!("device" in accepted)) throw new Error(accepted.type)
    const { device, admission } = accepted
    if (!(await device.replica.actAs(admission)).ok) throw new Error("not admitted")
    await anna.replica.introduce(await newsFor(device, anna))
    return device
  }
  /** A box of the side whose contact key is given; of the founding one by its device. */
  const box = async (by?: { readonly signing: Uint8Array }): Promise<TestDevice> => {
    const own = newIdentity()
    const [hostEnd, newEnd] = createChannelPair()
    const hosting = hostJoin(hostEnd, {
      sealer,
      replica: anna.replica,
      logKey,
      relays: [],
      boxes: [],
      admitAs:
        by === undefined
          ? { type: "Box", circles: [anna.replica.everyone()] }
          : {
              type: "VouchedBox",
              member: voucher.member,
              act: write => actByContactKey({ sealer, random }, anna.replica, by.signing, write),
            },
      newMemberId: () => bytesToHex(random.bytes(16)) as MemberId,
      confirm: () => Promise.resolve(true),
    })
    const joined = await requestJoin(newEnd, { sealer, identity: own }, { kind: "box", name: "" })
    if (!joined.ok) throw new Error(joined.error.type)
    const { admitted, done } = joined.value
    const genuine = admitted.operations.map(bytes => {
      const parsed = parseOperation(bytes, sealer.hash)
      if (!parsed.ok) throw new Error("no operation")
      return parsed.value
    })
    const device = await open("box", own, logKey, genuine, admitted.bundles)
    done()
    await hosting
    return device
  }
  return { world, anna, voucher, accept, comeIn, box, newIdentity, secrets, ownSecrets }
}
