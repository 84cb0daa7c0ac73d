import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { createChannelOpener, createDeviceIdentity, createSealer, createSpokenCodes } from "@home/crypto"
import { type MemberId, bytesToHex } from "@home/shared/base"
import {
  type CodeNetDeps,
  dialInvitation,
  enterCode,
  invitationMs,
  operationChanges,
  parted,
  showCode,
  waitForNewcomer,
} from "@home/shared/device"
import { addNote, documentsOf, parseCatalogue } from "@home/shared/documents"
import { hostJoin, openRendezvous, requestJoin } from "@home/shared/replica"
import { encodeInvitation, linkKeyHash, parseInvitation } from "@home/shared/wire"
import { foundDevice, testDialer } from "../../sync-server/src/box/testing/test-devices.js"
import { native } from "../../sync-server/src/native/all.js"
import { type OpenDevice, openDevice } from "../../sync-server/src/profile/device.js"
import { silentLog, systemClock, systemRandom } from "../../sync-server/src/profile/platform.js"
import { createProfile } from "../../sync-server/src/profile/profile.js"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { startChild } from "./child.js"
import { openRoomSync } from "./replicas/home-replica.js"
import { timed } from "./rounds.js"

const notes = 200

const sealer = createSealer({ random: systemRandom, primitives: native })
const net: CodeNetDeps = {
  clock: systemClock,
  random: systemRandom,
  log: silentLog,
  dialer: testDialer,
  sealer,
  openChannel: createChannelOpener({ random: systemRandom, primitives: native }),
  codes: createSpokenCodes(systemRandom),
}

const opened = <T>(result: { ok: true; value: T } | { ok: false; error: { readonly type: string } }): T => {
  if (!result.ok) throw new Error(result.error.type)
  return result.value
}

const listed = async ({ replica }: OpenDevice): Promise<number> =>
  replica.read(replica.keyFor("catalogue", ""), doc => {
    const catalogue = parseCatalogue(doc)
    return catalogue.ok ? documentsOf(catalogue.value).length : 0
  })

/** Until the family's list of documents is whole here. */
const holdsList = async (device: OpenDevice, count: number): Promise<void> => {
  let isOver = false
  let look = (): void => {}
  const whole = new Promise<void>((resolve, reject) => {
    look = () => {
      listed(device).then(found => {
        if (found < count || isOver) return
        isOver = true
        resolve()
      }, reject)
    }
  })
  const stop = device.replica.onDocumentChanged(look)
  look()
  await whole
  stop()
}

const founded = async (root: string, url: string): Promise<OpenDevice> => {
  const device = await foundDevice(root, "anna", [url])
  const { replica } = device
  for (let n = 0; n < notes; n++) {
    const id = n.toString(16).padStart(32, "0")
    const done = await replica.change(replica.keyFor("catalogue", ""), (draft: never) =>
      addNote(draft, { id, title: `Note ${n}`, tags: [], by: { device: replica.device, atMs: n } } as never),
    )
    if (!done.ok) throw new Error("the founder may not write")
  }
  return device
}

/** The host's side from the secret on, and the invitation that it shows; nobody waits for a person. */
const host = async (device: OpenDevice, url: string, isSpoken: boolean) => {
  const { identity, logKey, relays } = device.profile.content
  const secret = systemRandom.bytes(32)
  const waiting = waitForNewcomer(net, { linkSecret: identity.secrets.link, secret })
  waiting.answer(openRendezvous(net, { url, origin: url }, secret, "host"))
  const text = encodeInvitation({
    kind: "invite",
    addresses: [],
    relay: url,
    secret,
    keyHash: linkKeyHash(sealer, identity.keys.link),
    expiresMs: systemClock.now() + invitationMs,
  })
  const takeIn = async (): Promise<void> => {
    const met = opened(await waiting.met)
    const talk = hostJoin(met.channel, {
      ...{ sealer, replica: device.replica, logKey, relays, boxes: [] },
      admitAs: { type: "Member", role: "editor" },
      newMemberId: () => bytesToHex(systemRandom.bytes(16)) as MemberId,
      confirm: () => Promise.resolve(true),
    })
    opened(await talk)
  }
  if (!isSpoken) return { shown: text, takeIn, hide: () => {} }
  // Five codes an hour are remembered in a profile; a store that forgets shows as many as are measured.
  const forgetful = { get: () => Promise.resolve(undefined), write: () => Promise.resolve() }
  const code = opened(await showCode(net, { ...device.profile.folder.store, ...forgetful }, url, text))
  return { shown: code.text, takeIn, hide: code.cancel }
}

/** The newcomer's side, from what it was shown: a profile of its own, with the list of the family's documents. */
const joinBy = async (
  root: string,
  url: string,
  shown: string,
  isSpoken: boolean,
): Promise<() => Promise<void>> => {
  const text = isSpoken ? opened(await enterCode(net, url, shown)) : shown
  const invitation = parseInvitation(text)
  if (invitation === undefined) throw new Error("no invitation")
  const identity = createDeviceIdentity(systemRandom)
  const met = opened(
    await dialInvitation(net, sealer, invitation, { linkSecret: identity.secrets.link, digits: true }),
  )
  const { admitted, done } = opened(
    await requestJoin(met.channel, { sealer, identity }, { kind: "person", name: "Ben" }),
  )
  const { operations, bundles, ...rest } = admitted
  const content = { ...rest, identity, deviceName: "phone" }
  const changes = operationChanges(sealer, operations)
  const profile = opened(
    await createProfile(root, { type: "KeyFile" }, systemRandom, content, changes, bundles),
  )
  await profile.folder.archive.append(bundles)
  done()
  const device = await openDevice(
    profile,
    { random: systemRandom, clock: systemClock, log: silentLog },
    { isKeeper: false },
  )
  const room = openRoomSync(device, url)
  await holdsList(device, notes)
  return async () => {
    room.close()
    await parted(net, met)
    await device.close()
  }
}

const measure = async (run: Run): Promise<readonly Measurement[]> => {
  mkdirSync(join(run.folder, "relay"))
  const relay = startChild("relay", { folder: join(run.folder, "relay") })
  const url = String((await relay.next())["url"])
  const device = await founded(run.folder, url)
  const room = openRoomSync(device, url)
  if (!(await room.settle())) throw new Error("the relay is gone")
  const times = { scanned: [] as number[], spoken: [] as number[] }
  const rounds = run.isQuick ? 1 : run.rounds
  for (let round = -1; round < rounds; round++) {
    for (const way of ["scanned", "spoken"] as const) {
      const isSpoken = way === "spoken"
      const { shown, takeIn, hide } = await host(device, url, isSpoken)
      const taken = takeIn()
      let leave = async (): Promise<void> => {}
      const ms = await timed(async () => {
        leave = await joinBy(join(run.folder, `${way}${round}`), url, shown, isSpoken)
      })
      await taken
      await leave()
      hide()
      if (round >= 0) times[way].push(ms)
    }
  }
  room.close()
  await device.close()
  await relay.close()
  const line = (what: string, ours: readonly number[]): Measurement => ({
    what: `${what}, until the list of ${notes} notes is there`,
    unit: "ms",
    ours,
    goal: { type: "None" },
  })
  return [
    line("by the invitation that was scanned", times.scanned),
    line("by a code of four digits and three words", times.spoken),
  ]
}

export const linking: Benchmark = {
  id: "A1",
  what: "a new device is linked",
  sides: [
    "two profiles on disk and a relay in a process of its own, all on loopback: from the invitation's being shown, by way of the relay, over handshake, admission, the log and a new profile, to the family's list of documents; all but the persons, who compare and say yes at once",
  ],
  run: async run => ({ type: "Measured", measurements: await measure(run) }),
}
