import type { FeedId, GroupId, MemberId, OperationId } from "@home/shared/base"
import {
  type OperationBody,
  admissionMessage,
  encodeUnsignedOperation,
  joinOperation,
} from "@home/shared/access"
import type { Replica } from "@home/shared/replica"
import { type Action, persons, running, someText } from "./actions.js"
import type { SimulatedDevice } from "./device.js"
import { noteName } from "./edits.js"
import { admins } from "./family-actions.js"
import { expectRefusal, forgerOf, giveTo, holdsKey, readsEveryone } from "./hostile-actions.js"
import type { World } from "./world.js"

// Devices with a program of their own, which holds all the keys of the device: what they sign is genuine.

const able = (world: World, devices: readonly SimulatedDevice[]): SimulatedDevice | undefined =>
  world.chance.oneOf(
    devices.filter(({ running: one }) => one && readsEveryone(one.replica) && holdsKey(one.replica)),
  )

/** Somebody who does not exist, let in by a device that may have no right to. */
const ghostFor = async (
  world: World,
  replica: Replica,
): Promise<{ readonly device: SimulatedDevice["identity"]["id"]; readonly body: OperationBody }> => {
  const { id, keys, secrets } = world.newIdentity()
  const member = world.chance.hex(16) as MemberId
  const message = admissionMessage(replica.group, member, keys)
  const proof = await world.sealer.sign("admission", secrets.signing, message)
  const body: OperationBody = {
    ...{ type: "addMember", member, kind: "person", role: "editor", circles: [replica.everyone()] },
    ...{ expiresMs: undefined, device: { keys, proof }, wraps: [] },
  }
  return { device: id, body }
}

/** An operation as a bundle of the log, in a feed that was made for it. */
export const asBundle = async (
  world: World,
  device: SimulatedDevice,
  replica: Replica,
  payload: Uint8Array,
  groupHeads: readonly OperationId[],
): Promise<Uint8Array> => {
  const forger = await forgerOf(world, device, replica, "log")
  const key = replica.keyFor("notes", noteName(world, 0))
  const sealed = await forger.seal(key, { kind: "operation", document: undefined, groupHeads, payload })
  return sealed.bytes
}

/** A removed device lets somebody in, as if it had done so before it was removed. */
const backdate = async (world: World): Promise<void> => {
  const { chance, sealer } = world
  const device = chance.oneOf(running(world).filter(one => one.isRogue && !one.isKeeper))
  const replica = device?.running?.replica
  const receiver = chance.oneOf(persons(world))
  if (device === undefined || replica === undefined || receiver === undefined) return
  const { session } = replica
  const author = device.identity.id
  const places = session.log
    .operations()
    .filter(({ id }) => session.log.stateAt([id])?.devices.get(author)?.live === true)
  const place = chance.oneOf(places)
  if (place === undefined) return
  const before = session.log
    .operations()
    .filter(operation => operation.author === author && session.covers([place.id], [operation.id]))
  const ghost = await ghostFor(world, replica)
  const unsigned = encodeUnsignedOperation({
    ...{ group: session.group, parents: [place.id], author, seq: before.length + 1, body: ghost.body },
  })
  const bytes = joinOperation(
    unsigned,
    await sealer.sign("operation", device.identity.secrets.signing, unsigned),
  )
  const bundle = await asBundle(world, device, replica, bytes, [place.id])
  const received = await giveTo(world, receiver, [bundle])
  if (received === undefined) return
  world.ghosts.push({ name: device.name, author, device: ghost.device })
  world.attacks.tried += 1
  world.coverage.count("backdated operation")
  world.trace(`${device.name}, removed, lets a ghost in as of long ago; ${receiver.name} hears of it`)
}

/** Two operations with one number at the same place, each told to somebody else. */
const forkLog = async (world: World): Promise<void> => {
  const device = able(world, admins(world))
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return
  const [one, other] = persons(world).filter(each => each !== device)
  if (one === undefined || other === undefined) return
  const target = [...replica.session.state().members.values()].find(
    ({ live, kind, id }) =>
      live && kind === "person" && id !== replica.session.state().devices.get(device.identity.id)?.member,
  )
  const { author, session } = replica
  const bodies: OperationBody[] = [(await ghostFor(world, replica)).body]
  if (target === undefined || world.chance.isLucky(0.3)) bodies.push((await ghostFor(world, replica)).body)
  else bodies.push(await author.setRole(target.id, target.role === "guest" ? "user" : "guest"))
  const heads = session.log.heads()
  for (const [i, body] of bodies.entries()) {
    const bundle = await asBundle(world, device, replica, await session.sign(body), heads)
    await giveTo(world, i === 0 ? one : other, [bundle])
  }
  world.attacks.tried += 1
  world.coverage.count("forked log")
  world.trace(`${device.name} tells ${one.name} and ${other.name} two things under one number`)
}

/** Two bundles with one number, and two changes at one place of one actor, each given to somebody else. */
const forkFeed = async (world: World): Promise<void> => {
  const device = able(world, persons(world))
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return
  const others = persons(world).filter(each => each !== device)
  const forger = await forgerOf(world, device, replica)
  const key = replica.keyFor("notes", noteName(world, world.chance.below(3)))
  for (const receiver of others.slice(0, 2)) {
    const changes = [forger.edit(key, someText(world, device))]
    const sealed = await forger.seal(key, { changes, seq: 1, prev: new Uint8Array(32) })
    await giveTo(world, receiver, [sealed.bytes])
  }
  world.attacks.tried += 1
  if (others.length > 1) world.coverage.count("forked feed")
  world.trace(`${device.name} writes two things under one number`)
}

/** What says another group's name, under our keys; and another family's operation in our log. */
const replayAcross = (world: World): Promise<void> =>
  expectRefusal(world, "replayed across groups", async (forger, device, replica) => {
    const stranger = await world.stranger()
    const key = replica.keyFor("notes", noteName(world, 0))
    if (world.chance.isLucky(0.5)) {
      const group = world.chance.hex(32) as GroupId
      const changes = [forger.edit(key, someText(world, device))]
      return (await forger.seal(key, { group, changes })).bytes
    }
    for (const { key: name, value } of stranger.profile.disk.values())
      if (name[0] === "operation") return asBundle(world, device, replica, value, replica.session.log.heads())
    return undefined
  })

/** All that somebody has but the log: what it says waits for what was kept back. */
const withholdLog = async (world: World): Promise<void> => {
  const giver = world.chance.oneOf(persons(world))
  const receiver = world.chance.oneOf(persons(world).filter(one => one !== giver))
  const replica = giver?.running?.replica
  if (giver === undefined || receiver === undefined || replica === undefined) return
  const { bundles } = await giver.profile.archive.readSince(0, Number.MAX_SAFE_INTEGER)
  const kept = bundles.filter(({ bundle }) => bundle.epochTag !== replica.session.keyring.log.tag)
  const given = kept.slice(0, 500).map(({ bundle }) => bundle.bytes)
  const received = await giveTo(world, receiver, given)
  if (received === undefined) return
  world.attacks.tried += 1
  world.coverage.count("log withheld")
  world.trace(`${giver.name} gives ${receiver.name} ${given.length} bundles and keeps the log back`)
}

const floodOf = 40
/** Bundles that nobody can open, each of a feed of its own; and as many feeds in one's own name. */
const flood = async (world: World): Promise<void> => {
  const device = able(world, persons(world))
  const replica = device?.running?.replica
  const receiver = world.chance.oneOf(persons(world).filter(one => one !== device))
  if (device === undefined || replica === undefined || receiver === undefined) return
  const key = replica.keyFor("notes", noteName(world, 0))
  const junk: Uint8Array[] = []
  const own: Uint8Array[] = []
  const feeds = new Set<FeedId>()
  for (let i = 0; i < floodOf; i++) {
    const forger = await forgerOf(world, device, replica)
    feeds.add(forger.feed)
    junk.push((await forger.seal(key, { payload: new Uint8Array(64), key: world.chance.bytes(32) })).bytes)
    // In form, and nothing in it.
    own.push((await forger.seal(key, { changes: [], seq: 1, prev: new Uint8Array(32) })).bytes)
  }
  const received = await giveTo(world, receiver, junk)
  if (received === undefined) return
  world.attacks.tried += 1
  if (received.documents.size > 0) world.accepted("Other", `junk was taken by ${receiver.name}`)
  await giveTo(world, receiver, own)
  world.coverage.count("flood")
  world.trace(`${device.name} floods ${receiver.name}: ${JSON.stringify(received.refused)}`)
}

export const adversaries: readonly Action[] = [
  { name: "backdate", weight: 3, run: backdate },
  { name: "fork the log", weight: 1, run: forkLog },
  { name: "fork a feed", weight: 1, run: forkFeed },
  { name: "replay across groups", weight: 1, run: replayAcross },
  { name: "withhold the log", weight: 1, run: withholdLog },
  { name: "flood", weight: 0.4, run: flood },
]
