import { ok } from "@home/shared/base"
import { createPeers, type Peer, type PeerReport, type Peers } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import { tendCard } from "./contacts.js"
import { localDeviceOf } from "../profile/local-device.js"
import { fail } from "./failure.js"
import type { Home, Outcome } from "./home.js"
import { netOf } from "./meeting.js"
import { tendShares } from "./share-tending.js"
import { round } from "./sync-round.js"
import { requireMembership, withDevice } from "./with-device.js"

export interface SyncOptions {
  readonly isWatch: boolean
  readonly timeoutMs: number
}

/** Between two rounds in which nobody was reached, milliseconds. */
const roundMs = 1_000
/** A peer that refuses at once is asked again so often: it may just be starting. */
const rounds = 3
/** While watching, how often lost links are sought again and receipts go out, milliseconds. */
const watchMs = 5_000

const pause = (home: Home, delayMs: number): Promise<void> =>
  new Promise(resolve => void home.clock.after(delayMs, resolve))

const say = (home: Home, report: PeerReport): void => {
  const { peer, kind, settled, missingThere, missingHere } = report
  const json = { ...report, missingHere: missingHere ?? null }
  const words = settled
    ? `up to date with the ${kind} ${peer}`
    : `not reached: the ${kind} ${peer}, ${missingThere} missing there, ${missingHere ?? "unknown"} missing here`
  home.result(json, words)
}

const once = async (home: Home, device: OpenDevice, peers: readonly Peer[], timeoutMs: number): Outcome => {
  const deadlineMs = home.clock.now() + timeoutMs
  let settled: ReadonlySet<Peer> = new Set()
  for (let i = 0; i < rounds && settled.size === 0 && home.clock.now() < deadlineMs; i++) {
    if (i > 0) await pause(home, Math.min(roundMs, Math.max(deadlineMs - home.clock.now(), 0)))
    settled = await round(home, peers, deadlineMs)
  }
  // What one of them brought, the others may lack: a second round carries it over.
  if (settled.size > 1) settled = await round(home, [...settled], deadlineMs)
  for (const peer of peers) say(home, await peer.report(settled.has(peer)))
  const live = requireMembership(device)
  if (!live.ok) return live
  return settled.size > 0 ? ok(undefined) : fail("unreachable", "nobody could be reached")
}

/** Holds the profile and stays connected until the process is told to end. */
const watch = async (home: Home, device: OpenDevice, peers: Peers): Outcome => {
  let isEnding = false
  const ending = new Promise<void>(resolve => {
    const end = (): void => {
      isEnding = true
      resolve()
    }
    process.once("SIGINT", end)
    process.once("SIGTERM", end)
  })
  const last = new Map<Peer, string>()
  home.terminal.say("Staying in sync. Ctrl-C ends it.")
  while (!isEnding && requireMembership(device).ok) {
    const present = await peers.current()
    await Promise.race([
      ending,
      Promise.all(
        present.map(async peer => {
          const report = await peer.report(await peer.settle())
          const text = JSON.stringify(report)
          if (last.get(peer) === text || isEnding) return
          last.set(peer, text)
          say(home, report)
        }),
      ),
    ])
    if (!isEnding) await Promise.race([ending, pause(home, watchMs)])
  }
  await device.replica.flush()
  return requireMembership(device)
}

export const sync = (home: Home, options: SyncOptions): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    await device.replica.tend()
    await tendCard(home, device)
    const peers = createPeers(netOf(home), localDeviceOf(device))
    try {
      const present = await peers.current()
      if (present.length === 0) {
        return fail("unreachable", 'this family has neither relay nor box: "home claim" takes a box in')
      }
      const done = options.isWatch
        ? await watch(home, device, peers)
        : await once(home, device, present, options.timeoutMs)
      // Who was heard to have left the family leaves its shares.
      if (requireMembership(device).ok) await tendShares(home, device)
      return done
    } finally {
      peers.close()
    }
  })
