import * as A from "@automerge/automerge"
import type { ChangeHash, MemberId } from "@home/shared/base"
import { type DocumentKey, type Replica, actorOf, circlesReadBy } from "@home/shared/replica"
import { type Forger, type TestDevice, createForger } from "@home/shared/testing"
import { parseBody } from "@home/shared/wire"
import { deflateRawSync } from "node:zlib"
import { type Action, persons, running, someText } from "./actions.js"
import type { Kind } from "./coverage.js"
import type { SimulatedDevice } from "./device.js"
import { memberOf, noteName, runEdit, someCircle, someEdit } from "./edits.js"
import type { World } from "./world.js"

/** A member with a program of his own. */
export const forgerOf = (
  world: World,
  device: SimulatedDevice,
  replica: Replica,
  of?: "log",
): Promise<Forger> =>
  createForger(
    { sealer: world.sealer, random: world.chance as never },
    { ...device, replica } as unknown as TestDevice,
    of,
  )

/** Whoever gets it takes it for what came through the relay. */
export const giveTo = async (
  world: World,
  receiver: SimulatedDevice,
  bundles: readonly Uint8Array[],
): Promise<Awaited<ReturnType<Replica["receive"]>> | undefined> => {
  const replica = receiver.running?.replica
  return (
    replica &&
    world.finish(`${receiver.name} is given something`, replica.receive(bundles, "somebody"), receiver)
  )
}

export const readsEveryone = (replica: Replica): boolean =>
  circlesReadBy(replica.session.state(), replica.device).includes(replica.everyone())

/** A reader who waits for a wrap cannot seal anything, forged or not. */
export const holdsKey = ({ session, everyone }: Replica): boolean =>
  session.keyring.sealingKey(session.state(), everyone()) !== undefined

/** Something that every receiver must refuse, whoever sends it. */
export const expectRefusal = async (
  world: World,
  kind: Kind,
  make: (
    forger: Forger,
    device: SimulatedDevice,
    replica: Replica,
    receiver: Replica,
  ) => Promise<Uint8Array | undefined>,
  isOne: (device: SimulatedDevice) => boolean = () => true,
): Promise<void> => {
  const device = world.chance.oneOf(
    persons(world).filter(one => {
      const { replica } = one.running ?? {}
      return replica !== undefined && readsEveryone(replica) && holdsKey(replica) && isOne(one)
    }),
  )
  const receiver = world.chance.oneOf(persons(world).filter(one => one !== device))
  const replica = device?.running?.replica
  const other = receiver?.running?.replica
  if (device === undefined || receiver === undefined || replica === undefined || other === undefined) return
  const forger = await world.finish("a forger gets ready", forgerOf(world, device, replica), device)
  const bytes = forger && (await make(forger, device, replica, other))
  if (bytes === undefined) return
  const received = await giveTo(world, receiver, [bytes])
  if (received === undefined) return
  world.attacks.tried += 1
  const isTaken = received.documents.size + received.operations.length > 0
  world.trace(
    `${device.name} gives ${receiver.name} ${kind}: ${JSON.stringify(received.refused)}, ${received.parked} parked`,
  )
  if (isTaken) world.accepted("Other", `${kind} was taken by ${receiver.name}`)
  else if (received.parked === 0) world.coverage.count(kind)
}

const anothersActor = (world: World): Promise<void> =>
  expectRefusal(world, "another's actor", async (forger, _, replica, victim) => {
    const key = replica.keyFor("notes", noteName(world, 0))
    const incarnation = world.devices.find(({ identity }) => identity.id === victim.device)?.incarnation ?? ""
    const actor = actorOf(world.sealer, { device: victim.device, document: key.id, incarnation, slot: 0 })
    const sealed = await forger.seal(key, {
      changes: [forger.edit(key, `${world.canary} forged`, { actor })],
    })
    return sealed.bytes
  })

const resealed = (world: World): Promise<void> =>
  expectRefusal(world, "re-sealed bundle", async (forger, device, replica) => {
    const { keyring } = replica.session
    const own = await replica.feedsOf(device.identity.id, replica.everyone())
    const { bundles } = await device.profile.archive.readSince(0, Number.MAX_SAFE_INTEGER)
    const found = bundles.flatMap(({ bundle }) => {
      const key = keyring.keyOf(bundle.epochTag)
      const plain =
        key?.circle === replica.everyone() && !own.includes(bundle.feed)
          ? world.sealer.openBundle(bundle, key.key)
          : undefined
      const body = plain && parseBody(plain)
      return body?.kind === "changes" && body.document !== undefined && body.payload.length > 0 ? [body] : []
    })
    const body = world.chance.oneOf(found)
    if (body?.document === undefined) return undefined
    const key = replica.keyFor(body.document.area, body.document.name)
    return (await forger.seal(key, { payload: body.payload, slot: body.slot })).bytes
  })

/** Inflates to twice what a bundle may hold. */
let bomb: Uint8Array | undefined
const inflating = (world: World): Promise<void> =>
  expectRefusal(world, "inflating bundle", async (forger, _, replica) => {
    bomb ??= new Uint8Array(deflateRawSync(new Uint8Array(64 * 1024 * 1024)))
    const payload = new Uint8Array(4 + bomb.length)
    const claimed = world.chance.oneOf([1_000, 32 * 1024 * 1024, 0xffff_ffff]) ?? 0
    new DataView(payload.buffer).setUint32(0, claimed)
    payload.set(bomb, 4)
    return (await forger.seal(replica.keyFor("notes", noteName(world, 0)), { payload })).bytes
  })

const altered = async (world: World): Promise<void> => {
  const { chance } = world
  const giver = chance.oneOf(running(world))
  const receiver = chance.oneOf(running(world).filter(one => one !== giver && !one.isRogue))
  if (giver === undefined || receiver === undefined) return
  const { bundles } = await giver.profile.archive.readSince(0, Number.MAX_SAFE_INTEGER)
  const bytes = chance.oneOf(bundles)?.bundle.bytes.slice()
  if (bytes === undefined) return
  const at = chance.below(bytes.length)
  bytes[at] = (bytes[at] ?? 0) ^ (1 << chance.below(8))
  const received = await giveTo(world, receiver, [bytes])
  if (received === undefined) return
  world.attacks.tried += 1
  if (received.added.length > 0) world.accepted("Other", `${receiver.name} took an altered bundle`)
  world.coverage.count("altered bundle")
}

/** The bundles of another family: nothing in ours opens them. */
const strangers = async (world: World): Promise<void> => {
  const receiver = world.chance.oneOf(running(world).filter(one => !one.isRogue))
  if (receiver === undefined) return
  const device = await world.stranger()
  const { bundles } = await device.profile.archive.readSince(0, Number.MAX_SAFE_INTEGER)
  const received = await giveTo(
    world,
    receiver,
    bundles.map(({ bundle }) => bundle.bytes),
  )
  if (received === undefined) return
  world.attacks.tried += 1
  if (received.documents.size + received.operations.length > 0)
    world.accepted("Foreign", `${receiver.name} took a stranger's bundle`)
  world.coverage.count("stranger's bundle")
}

/** Forges a note's edit, remembers that it must come to nothing, and gives it to somebody. */
const forge = async (
  world: World,
  device: SimulatedDevice,
  replica: Replica,
  by: "Removed" | "Guest",
  isBackdated: boolean,
): Promise<boolean> => {
  const receiver = world.chance.oneOf(persons(world).filter(one => one !== device))
  const forger = await world.finish("a forger gets ready", forgerOf(world, device, replica), device)
  if (forger === undefined || receiver === undefined) return false
  const key: DocumentKey = replica.keyFor("notes", noteName(world, 0))
  const change = forger.edit(key, someText(world, device))
  const operations = replica.session.log.operations()
  const old = operations[world.chance.below(operations.length)]
  // Heads at which he was not yet a member would judge themselves.
  const isMember =
    old !== undefined && replica.session.log.stateAt([old.id])?.devices.get(device.identity.id)?.live === true
  const groupHeads = isBackdated && isMember ? [old.id] : replica.session.log.heads()
  const sealed = await forger.seal(key, { changes: [change], groupHeads })
  const { hash, actor } = A.decodeChange(change)
  world.attacks.tried += 1
  const isForeign = world.share !== undefined && memberOf(replica) === world.share.member
  const from = isForeign && by === "Removed" ? "Foreign" : by
  world.forbidden.push({ by: from, author: device, bundle: sealed.hash, change: hash as ChangeHash, actor })
  return (await giveTo(world, receiver, [sealed.bytes])) !== undefined
}

const guestWrites = async (world: World): Promise<void> => {
  const guests = persons(world).filter(({ running: one }) => {
    const replica = one?.replica
    return (
      replica !== undefined &&
      readsEveryone(replica) &&
      holdsKey(replica) &&
      replica.session.state().members.get(memberOf(replica) as MemberId)?.role === "guest"
    )
  })
  const device = world.chance.oneOf(guests)
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return
  const chat = replica.keyFor("chat", "family/2026-01")
  const said = await runEdit(world, device, { key: chat, command: someChat(world, replica, device) })
  if (said === "written") world.coverage.count("edit of a role that may only chat")
  if (await forge(world, device, replica, "Guest", false)) world.coverage.count("guest writes all the same")
}

const someChat = (world: World, replica: Replica, device: SimulatedDevice) => {
  for (;;) {
    const edit = someEdit(world, replica, replica.everyone(), someText(world, device))
    if (edit.key.area === "chat") return edit.command
  }
}

/** A removed device that hears of nothing writes on, and somebody gets it all the same. */
const removedGoesOn = async (world: World): Promise<void> => {
  const device = world.chance.oneOf(running(world).filter(one => one.isRogue && !one.isKeeper))
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined || !readsEveryone(replica)) return
  if (world.chance.isLucky(0.4)) {
    if (!holdsKey(replica)) return
    if (await forge(world, device, replica, "Removed", true)) world.coverage.count("removed device goes on")
    return
  }
  const circle = someCircle(world, replica)
  if (circle === undefined) return
  for (let left = 3; left > 0; left--)
    await runEdit(world, device, someEdit(world, replica, circle, someText(world, device)))
  const bundles: Uint8Array[] = []
  for (const feed of await replica.feedsOf(device.identity.id, circle))
    for (const { bundle } of await device.profile.archive.read(feed, 1, Number.MAX_SAFE_INTEGER))
      bundles.push(bundle.bytes)
  const receiver = world.chance.oneOf(running(world).filter(one => !one.isRogue))
  if (receiver === undefined || (await giveTo(world, receiver, bundles)) === undefined) return
  world.attacks.tried += 1
  world.coverage.count("removed device goes on")
  world.trace(`${device.name}, removed, goes on; ${receiver.name} gets it`)
}

const settleLate = async (world: World): Promise<void> => {
  const { chance, coverage } = world
  const device = chance.oneOf(persons(world))
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return
  const late = await world.finish("late edits", replica.late(), device)
  const edits = chance.oneOf(
    (late ?? []).filter(({ bundle }) => !world.forbidden.some(other => other.bundle === bundle)),
  )
  if (edits === undefined) return
  if (chance.isLucky(0.5)) {
    await world.finish("discarding", replica.discardLate(edits), device)
    coverage.count("late edits discarded")
    return
  }
  const accepted = await world.finish("accepting", replica.acceptLate(edits), device)
  if (accepted?.ok === true) coverage.count("late edits accepted")
  world.trace(`${device.name} accepts late edits of ${edits.key.area}: ${accepted?.ok}`)
}

export const hostile: readonly Action[] = [
  { name: "another's actor", weight: 0.6, run: anothersActor },
  { name: "re-sealed", weight: 0.6, run: resealed },
  { name: "inflating", weight: 0.2, run: inflating },
  { name: "altered", weight: 1, run: altered },
  { name: "stranger", weight: 0.3, run: strangers },
  { name: "guest writes", weight: 2, run: guestWrites },
  { name: "removed goes on", weight: 5, run: removedGoesOn },
  { name: "late", weight: 5, run: settleLate },
]
