import { join } from "node:path"
import * as A from "@automerge/automerge"
import {
  createDeviceIdentity,
  createSealer,
  openChannel,
  patternIk,
  patternXxPsk3,
  recoveryIdentity,
} from "@home/crypto"
import type { Role } from "@home/shared/access"
import { createVerifier } from "@home/crypto/verify"
import {
  ByteWriter,
  type CircleId,
  type MemberId,
  type Socket,
  bytesToHex,
  equalBytes,
} from "@home/shared/base"
import { operationChanges } from "@home/shared/device"
import {
  type LinkSession,
  type SecureChannel,
  createLinkSession,
  type createRoomSync,
  foundFamily,
  hostJoin,
  openRendezvous,
  requestJoin,
} from "@home/shared/replica"
import { createChannelPair } from "@home/shared/testing"
import {
  type Invitation,
  encodeBody,
  encodePeerMessage,
  joinPath,
  joinPrologue,
  linkKeyHash,
  linkPath,
  linkPrologue,
  parseInvitation,
  parsePeerMessage,
} from "@home/shared/wire"
import { createWsDialer } from "../../net/ws-socket.js"
import { type Relay, startRelay } from "../../relay/main.js"
import { type OpenDevice, openDevice } from "../../profile/device.js"
import { silentLog, systemClock, systemRandom } from "../../profile/platform.js"
import { type FolderSecret, createProfile } from "../../profile/profile.js"

// Devices of a family for the box's tests: real files, real keys, real sockets.

const secret: FolderSecret = { type: "KeyFile" }
const deps = { random: systemRandom, clock: systemClock, log: silentLog }
const sealer = createSealer({ random: systemRandom })
export const testDialer = createWsDialer(systemClock, {
  maxMessageBytes: 8 * 1024 * 1024,
  handshakeMs: 5_000,
})

const opened = <T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.error))
  return result.value
}

export const foundDevice = async (
  root: string,
  name: string,
  relays: readonly string[] = [],
): Promise<OpenDevice> => {
  const identity = createDeviceIdentity(systemRandom)
  const recovery = recoveryIdentity(systemRandom.bytes(32))
  const { group, member, logKey, changes } = await foundFamily(
    { sealer, random: systemRandom },
    identity,
    recovery,
  )
  const content = { group, member, identity, logKey, relays, boxes: [], deviceName: name }
  const profile = opened(await createProfile(join(root, name), secret, systemRandom, content, changes))
  return openDevice(profile, deps, { isKeeper: false })
}

/** Takes another device in, over a channel in memory: joining itself is tested elsewhere. */
export const joinDevice = async (
  host: OpenDevice,
  root: string,
  name: string,
  as: Role | "own device" | { readonly guestUntilMs: number },
): Promise<OpenDevice> => {
  const identity = createDeviceIdentity(systemRandom)
  const [hostEnd, newEnd] = createChannelPair()
  const admitAs: AdmitAs =
    typeof as === "object"
      ? { type: "Member", role: "guest", untilMs: as.guestUntilMs }
      : as === "own device"
        ? { type: "OwnDevice" }
        : { type: "Member", role: as }
  const hosting = hostJoin(hostEnd, hostOptions(host, admitAs))
  const { admitted, done } = opened(await requestJoin(newEnd, { sealer, identity }, { kind: "person", name }))
  const { group, member, logKey, operations, bundles, relays } = admitted
  const content = { group, member, identity, logKey, relays, boxes: [], deviceName: name }
  const changes = operationChanges(sealer, operations)
  const profile = opened(await createProfile(join(root, name), secret, systemRandom, content, changes))
  await profile.folder.archive.append(bundles)
  done()
  opened(await hosting)
  return openDevice(profile, deps, { isKeeper: false })
}

type AdmitAs = Parameters<typeof hostJoin>[1]["admitAs"]

const hostOptions = (host: OpenDevice, admitAs: AdmitAs): Parameters<typeof hostJoin>[1] => ({
  sealer,
  replica: host.replica,
  logKey: host.profile.content.logKey,
  relays: host.profile.content.relays,
  boxes: [],
  admitAs,
  newMemberId: () => bytesToHex(systemRandom.bytes(16)) as MemberId,
  confirm: async () => true,
})

export const parseCode = (code: string | undefined): Invitation => {
  const invitation = code === undefined ? undefined : parseInvitation(code)
  if (invitation?.kind !== "claim") throw new Error("no claim code")
  return invitation
}

/** The claimer's handshake: `undefined` when the box refuses it. */
export const dialClaim = async (
  device: OpenDevice,
  invitation: Invitation,
  over: "lan" | "relay" = "lan",
): Promise<SecureChannel | undefined> => {
  const { relay, secret: psk } = invitation
  const socket =
    over === "relay" && relay !== undefined
      ? openRendezvous(
          { ...deps, dialer: testDialer, sealer },
          { url: relay, origin: relay },
          psk,
          "newcomer",
        )
      : await testDialer.connect(`${invitation.addresses.at(-1)}${joinPath}`)
  const channel = await openChannel(socket, {
    pattern: patternXxPsk3,
    role: "initiator",
    prologue: joinPrologue,
    random: systemRandom,
    staticSecret: device.profile.content.identity.secrets.link,
    psk,
  })
  if (!channel.ok) return undefined
  if (!equalBytes(linkKeyHash(sealer, channel.value.remoteStatic), invitation.keyHash)) return undefined
  return channel.value.channel
}

/** Takes the box into the family, in the given circles (default: Everyone). */
export const claimBox = async (
  device: OpenDevice,
  invitation: Invitation,
  options: {
    readonly over?: "lan" | "relay"
    readonly circles?: readonly CircleId[]
    readonly confirm?: boolean
  } = {},
): Promise<Awaited<ReturnType<typeof hostJoin>>> => {
  const channel = await dialClaim(device, invitation, options.over)
  if (channel === undefined) throw new Error("the box refused the handshake")
  const circles = options.circles ?? [device.replica.everyone()]
  return hostJoin(channel, {
    ...hostOptions(device, { type: "Box", circles }),
    confirm: async () => options.confirm ?? true,
  })
}

export interface TestLink {
  readonly session: LinkSession
  readonly closed: Promise<void>
  /** Signals that came over the link. */
  readonly signals: Uint8Array[]
}

/** Connects a device to its family's box; `linkSecret`: somebody else's key. */
export const linkToBox = async (
  device: OpenDevice,
  address: string,
  linkSecret = device.profile.content.identity.secrets.link,
  onSent: (bytes: Uint8Array) => void = () => {},
): Promise<TestLink> => {
  const channel = await dialLink(device, address, linkSecret, onSent)
  if (channel === undefined) throw new Error("the box refused the handshake")
  const { replica } = device
  const signals: Uint8Array[] = []
  let isGone = (): void => {}
  const closed = new Promise<void>(resolve => {
    isGone = resolve
  })
  const session = createLinkSession(
    replica,
    channel,
    { name: "box", isKeeper: false, isAuthorised: () => true },
    { onClosed: () => isGone(), onSignal: signal => void signals.push(signal) },
  )
  return { session, closed, signals }
}

export const dialLink = async (
  device: OpenDevice,
  address: string,
  linkSecret = device.profile.content.identity.secrets.link,
  onSent: (bytes: Uint8Array) => void = () => {},
): Promise<SecureChannel | undefined> => {
  const state = device.replica.session.state()
  const box = [...state.devices.values()].find(({ member }) => state.members.get(member)?.kind === "box")
  if (box === undefined) throw new Error("no box in the log")
  const socket = await testDialer.connect(`${address}${linkPath}`)
  const recorded: Socket = {
    ...socket,
    send: bytes => {
      onSent(bytes)
      socket.send(bytes)
    },
  }
  const channel = await openChannel(recorded, {
    pattern: patternIk,
    role: "initiator",
    prologue: linkPrologue,
    random: systemRandom,
    staticSecret: linkSecret,
    remoteStatic: box.keys.link,
  })
  return channel.ok ? channel.value.channel : undefined
}

/** The host's second step of joining, without the third: `step u8 | group 32 | member 16`. */
export const welcome = (host: OpenDevice): Uint8Array =>
  new ByteWriter()
    .u8(2)
    .hex(host.replica.group)
    .hex(bytesToHex(systemRandom.bytes(16)))
    .done()

/** What a device needs at a relay. */
export const roomDeps = (device: OpenDevice): Parameters<typeof createRoomSync>[0] => ({
  ...device,
  ...deps,
  store: device.profile.folder.store,
  identity: device.profile.content.identity,
  dialer: testDialer,
})

export const startTestRelay = async (root: string): Promise<Relay> =>
  opened(
    await startRelay({
      dataDir: join(root, "relay"),
      host: "127.0.0.1",
      port: 0,
      verify: createVerifier().verify,
      ...deps,
    }),
  )

/** How many bundles the box has, as it tells a device that it trusts. */
export const archiveCount = async (
  device: OpenDevice,
  box: { readonly address: string },
): Promise<number> => {
  const channel = await dialLink(device, box.address)
  if (channel === undefined) throw new Error("refused")
  return new Promise(resolve => {
    channel.onMessage(bytes => {
      const message = parsePeerMessage(bytes)
      if (message?.type !== "Have") return
      channel.close()
      resolve(message.have.positions.reduce((sum, { contiguousSeq }) => sum + contiguousSeq, 0))
    })
    channel.send(encodePeerMessage({ type: "Introduce" }))
  })
}

/** Every bundle that a device has. */
export const everything = async (device: OpenDevice): Promise<readonly Uint8Array[]> =>
  (await device.replica.archive.readSince(0, Infinity)).bundles.map(({ bundle }) => bundle.bytes)

/** A well-formed bundle in a feed of its own, by somebody who knows the log key and nothing else. */
export const strangersBundle = async (device: OpenDevice, isLog: boolean): Promise<Uint8Array> => {
  const key = isLog ? device.profile.content.logKey : systemRandom.bytes(32)
  const feedSeed = systemRandom.bytes(32)
  const [genesis] = device.replica.session.log.operations()
  const body = encodeBody({
    certificate: { type: "Hash", hash: "00".repeat(32) },
    group: device.replica.group,
    kind: "operation",
    document: undefined,
    slot: 0,
    groupHeads: genesis === undefined ? [] : [genesis.id],
    payload: genesis?.bytes ?? new Uint8Array(0),
  })
  return (await sealer.sealBundle({ key, feedSeed, seq: 1, prev: new Uint8Array(32), body })).bytes
}

const testNote = "00112233445566778899aabbccddeeff"

export const writeItem = async (
  device: OpenDevice,
  key: string,
  text: string,
  circle?: CircleId,
): Promise<boolean> => {
  const { replica } = device
  const changed = await replica.change(
    replica.keyFor("notes", testNote, circle),
    (draft: { checklist: Record<string, unknown> }) => {
      draft.checklist[key] = new A.ImmutableString(text)
    },
  )
  return changed.ok
}

export const readItems = (device: OpenDevice, circle?: CircleId): Promise<Readonly<Record<string, string>>> =>
  device.replica.read(device.replica.keyFor("notes", testNote, circle), doc => {
    const { checklist } = doc as unknown as { checklist: Record<string, unknown> }
    return Object.fromEntries(Object.entries(checklist).map(([key, value]) => [key, String(value)]))
  })
