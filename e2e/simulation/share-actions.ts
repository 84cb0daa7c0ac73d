import type { DeviceId, MemberId, OperationId } from "@home/shared/base"
import {
  type OperationBody,
  admissionMessage,
  encodeUnsignedOperation,
  joinOperation,
} from "@home/shared/access"
import { type Replica, actByContactKey } from "@home/shared/replica"
import { type Action, persons, running } from "./actions.js"
import { asBundle } from "./adversary-actions.js"
import type { SimulatedDevice } from "./device.js"
import { memberOf } from "./edits.js"
import { act, admins, canGrow, isolate, shutOut } from "./family-actions.js"
import { expectRefusal, giveTo, holdsKey, readsEveryone } from "./hostile-actions.js"
import { type ShareOfTwo, type Side, comeIn } from "./share-world.js"
import type { World } from "./world.js"

// What happens in a share of two families, and what the other side's devices and its contact key try there.

const sideOf = (share: ShareOfTwo, { running: one }: SimulatedDevice): Side | undefined =>
  one === undefined ? undefined : memberOf(one.replica) === share.member ? "theirs" : "ours"

const on = (world: World, share: ShareOfTwo, side: Side, of = persons(world)): readonly SimulatedDevice[] =>
  of.filter(device => sideOf(share, device) === side && !device.isKeeper)

/** Runs only where there is a share. */
const inShare =
  (run: (world: World, share: ShareOfTwo) => Promise<void>) =>
  async (world: World): Promise<void> => {
    if (world.share !== undefined) await run(world, world.share)
  }

const letIn = (side: Side, kind: "other side came in" | "own side came in") =>
  inShare(async (world, share) => {
    const from = world.chance.oneOf(running(world).filter(one => !one.isRogue))
    if (from === undefined || !canGrow(world)) return
    const name = `${side}-${world.devices.length}`
    const device = await comeIn(world, share, name, side, from)
    world.trace(`${name} comes in with what ${from.name} has: ${device === undefined ? "in vain" : "in"}`)
    if (device !== undefined) world.coverage.count(kind)
  })

const changeTheirRole = inShare(async (world, share) => {
  const device = world.chance.oneOf(admins(world))
  const before = device?.running?.replica.session.state().members.get(share.member)
  const roles = (["editor", "user", "guest"] as const).filter(role => role !== before?.role)
  const role = world.chance.oneOf(roles)
  if (device === undefined || before?.live !== true || role === undefined) return
  if (await act(world, device, `makes them ${role}`, author => author.setRole(share.member, role)))
    world.coverage.count("other side's role changed")
})

/** A family takes one of its own devices out, by its contact key. */
const takeOut = inShare(async (world, share) => {
  const side = world.chance.isLucky(0.7) ? "theirs" : "ours"
  const device = world.chance.oneOf(on(world, share, side))
  const replica = device?.running?.replica
  if (device === undefined || replica === undefined) return
  const own = [...replica.session.state().devices.values()].filter(
    ({ live, id, member }) =>
      live && id !== share.voucher && id !== replica.device && member === memberOf(replica),
  )
  const target = world.chance.oneOf(own)
  if (target === undefined) return
  const deps = { sealer: world.sealer, random: world.chance }
  const work = actByContactKey(deps, replica, share[side].signing, author => author.removeDevice(target.id))
  const done = await world.finish(`${device.name} takes a device of its family out`, work, device)
  world.trace(`${device.name} takes a device of its family out: ${done?.ok === true}`)
  if (done?.ok !== true) return
  world.coverage.count("pseudonym taken out")
  shutOut(world, [target.id])
})

const theirDevices = (world: World, share: ShareOfTwo): readonly DeviceId[] =>
  on(world, share, "theirs", running(world)).map(({ identity }) => identity.id)

const revoke = inShare(async (world, share) => {
  const device = world.chance.oneOf(admins(world))
  if (device?.running?.replica.session.state().members.get(share.member)?.live !== true) return
  if (await act(world, device, "ends the share", author => author.removeMember(share.member))) {
    world.coverage.count("share revoked")
    shutOut(world, theirDevices(world, share))
  }
})

/** While one side ends the share, or pauses a device, the other lets one in and knows of nothing. */
const atOnce = inShare(async (world, share) => {
  const [a, b] = [world.chance.oneOf(admins(world)), world.chance.oneOf(on(world, share, "theirs"))]
  if (a === undefined || b === undefined || !canGrow(world)) return
  isolate(world, a)
  isolate(world, b)
  const isEnd = world.chance.isLucky(0.3)
  const done = await act(world, a, "takes rights apart from them", author =>
    isEnd ? author.removeMember(share.member) : author.removeDevice(b.identity.id),
  )
  const device = await comeIn(world, share, `theirs-${world.devices.length}`, "theirs", b)
  if (done && device !== undefined) world.coverage.count("let in while rights were taken")
  if (done && isEnd) world.coverage.count("share revoked")
  if (done) shutOut(world, isEnd ? theirDevices(world, share) : [b.identity.id])
  for (const one of [a, b]) if (!one.isRogue) world.setOnline(one, true)
})

const ghost = async (world: World, replica: Replica, member: MemberId) => {
  const { id, keys, secrets } = world.newIdentity()
  const message = admissionMessage(replica.group, member, keys)
  const proof = await world.sealer.sign("admission", secrets.signing, message)
  return { id, device: { keys, proof } }
}

/** What the other side's devices, or its contact key, may not do: one of these, at the heads. */
const beyond = async (world: World, share: ShareOfTwo, replica: Replica): Promise<OperationBody> => {
  const state = replica.session.state()
  const third = world.chance.hex(16) as MemberId
  const ours = world.chance.oneOf(
    [...state.devices.values()].filter(({ live, member }) => live && member !== share.member),
  )
  const { author } = replica
  const everyone = replica.everyone()
  const attempts: readonly (() => Promise<OperationBody>)[] = [
    // A third family.
    async () => ({
      ...{ type: "addMember", member: third, kind: "person", role: "editor", circles: [everyone] },
      ...{ expiresMs: undefined, device: (await ghost(world, replica, third)).device, wraps: [] },
    }),
    // A device on the founding side.
    async () => ({
      ...{ type: "addDevice", member: state.founder, wraps: [] },
      device: (await ghost(world, replica, state.founder)).device,
    }),
    async () => author.setRole(share.member, "editor"),
    async () => author.setRole(state.founder, "guest"),
    async () => author.removeDevice(ours?.id ?? replica.device),
    async () => author.suspend(ours?.id ?? replica.device),
    async () => author.removeMember(state.founder),
    async () => author.newCircle([share.member]),
  ]
  return (world.chance.oneOf(attempts) ?? (() => author.setRole(share.member, "editor")))()
}

const signedBy = async (
  world: World,
  replica: Replica,
  by: DeviceId,
  seed: Uint8Array,
  body: OperationBody,
  parents: readonly OperationId[] = replica.session.log.namedHeads(by),
  seq = replica.session.log.nextSeq(by),
): Promise<Uint8Array> => {
  const unsigned = encodeUnsignedOperation({ group: replica.group, parents, author: by, seq, body })
  return joinOperation(unsigned, await world.sealer.sign("operation", seed, unsigned))
}

/** An operation that nobody may take, as `expectRefusal` gives it to somebody. */
const cheats = (
  kind: "beyond the share" | "voucher beyond its side" | "forged voucher",
  make: (world: World, share: ShareOfTwo, device: SimulatedDevice, replica: Replica) => Promise<Uint8Array>,
) =>
  inShare((world, share) =>
    expectRefusal(
      world,
      kind,
      async (_, device, replica) => {
        const bytes = await make(world, share, device, replica)
        return asBundle(world, device, replica, bytes, replica.session.log.heads())
      },
      device => sideOf(share, device) === "theirs",
    ),
  )

const beyondTheShare = cheats("beyond the share", async (world, share, device, replica) => {
  const body = await beyond(world, share, replica)
  return signedBy(world, replica, device.identity.id, device.identity.secrets.signing, body)
})

const voucherBeyond = cheats("voucher beyond its side", async (world, share, _, replica) => {
  const body = await beyond(world, share, replica)
  return signedBy(world, replica, share.voucher, share.theirs.signing, body)
})

/** Somebody else's contact key lets a device in, in the voucher's name. */
const forgedVoucher = cheats("forged voucher", async (world, share, _, replica) => {
  const { device } = await ghost(world, replica, share.member)
  const body: OperationBody = { type: "addDevice", member: share.member, device, wraps: [] }
  return signedBy(world, replica, share.voucher, world.chance.bytes(32), body)
})

/** Taken out, or at the end of the share, its contact key lets a device in as if that had been before. */
const backdatedByVoucher = inShare(async (world, share) => {
  const { chance } = world
  const rogue = chance.oneOf(on(world, share, "theirs", running(world)).filter(one => one.isRogue))
  const replica = rogue?.running?.replica
  const receiver = chance.oneOf(on(world, share, "ours"))
  if (rogue === undefined || replica === undefined || receiver === undefined) return
  if (receiver.running?.replica.session.state().members.get(share.member)?.live !== false) return
  const { log, covers } = replica.session
  const places = log
    .operations()
    .filter(({ id }) => log.stateAt([id])?.members.get(share.member)?.live === true)
  const place = chance.oneOf(places)
  if (place === undefined || !readsEveryone(replica) || !holdsKey(replica)) return
  const before = log
    .operations()
    .filter(({ id, author }) => author === share.voucher && covers([place.id], [id]))
  const { id, device } = await ghost(world, replica, share.member)
  const body: OperationBody = { type: "addDevice", member: share.member, device, wraps: [] }
  const bytes = await signedBy(
    world,
    replica,
    share.voucher,
    share.theirs.signing,
    body,
    [place.id],
    before.length + 1,
  )
  const bundle = await asBundle(world, rogue, replica, bytes, [place.id])
  if ((await giveTo(world, receiver, [bundle])) === undefined) return
  world.ghosts.push({ name: "the other side", author: share.voucher, device: id })
  world.attacks.tried += 1
  world.coverage.count("backdated by the voucher")
  world.trace(
    `${rogue.name}, whose side is out, lets a ghost in as of long ago; ${receiver.name} hears of it`,
  )
})

export const inShares: readonly Action[] = [
  { name: "they come in", weight: 4, run: letIn("theirs", "other side came in") },
  { name: "we come in", weight: 1, run: letIn("ours", "own side came in") },
  { name: "their role", weight: 2, run: changeTheirRole },
  { name: "take out", weight: 2, run: takeOut },
  { name: "end it", weight: 0.5, run: revoke },
  { name: "at once", weight: 1, run: atOnce },
  { name: "beyond the share", weight: 5, run: beyondTheShare },
  { name: "voucher beyond its side", weight: 5, run: voucherBeyond },
  { name: "forged voucher", weight: 2, run: forgedVoucher },
  { name: "backdated by the voucher", weight: 3, run: backdatedByVoucher },
]
