import { join } from "node:path"
import { setTimeout as pause } from "node:timers/promises"
import { readFloors } from "../../../shared/src/replica/manifests.js"
import { boxLimits } from "../../../sync-server/src/box/limits.js"
import {
  claimBox,
  foundDevice,
  joinDevice,
  linkToBox,
  parseCode,
} from "../../../sync-server/src/box/testing/test-devices.js"
import { type OpenDevice, openDevice } from "../../../sync-server/src/profile/device.js"
import { silentLog, systemClock, systemRandom } from "../../../sync-server/src/profile/platform.js"
import { openProfile } from "../../../sync-server/src/profile/profile.js"
import type { ChildProgram } from "../child.js"
import { type FamilySize, type Step, stepsOfNotes, stepsOfYear } from "./content.js"

export type Content =
  | { readonly type: "Year"; readonly size: FamilySize; readonly index: number }
  | { readonly type: "Notes"; readonly from: number; readonly to: number }

/** One part of a family's life, written by the founder's device. A process each: it keeps open what it wrote. */
export interface AuthorOptions {
  readonly root: string
  readonly box: string
  /** What the box printed: the family is founded first. */
  readonly claim?: string | undefined
  readonly relays: readonly string[]
  readonly content?: Content | undefined
  /** Names of devices that are taken in, each with a profile at `root/NAME`; then it waits for the box's snapshots. */
  readonly newcomers: readonly string[]
}

const founder = "anna"

export const openMember = async (root: string, name: string): Promise<OpenDevice> => {
  const profile = await openProfile(join(root, name), { type: "KeyFile" }, systemRandom)
  if (!profile.ok) throw new Error(`the profile of ${name} does not open: ${profile.error.type}`)
  return openDevice(
    profile.value,
    { random: systemRandom, clock: systemClock, log: silentLog },
    { isKeeper: false },
  )
}

const stepsOf = (content: Content): Iterable<Step> =>
  content.type === "Year" ? stepsOfYear(content.size, content.index) : stepsOfNotes(content.from, content.to)

const write = async ({ replica }: OpenDevice, content: Content): Promise<void> => {
  for (const { area, name, apply } of stepsOf(content)) {
    const done = await replica.change(replica.keyFor(area, name), apply)
    if (!done.ok) throw new Error("the founder may not write")
  }
}

/** With so many bundles a box that was just started has certainly enough to take snapshots. */
const worthSnapshots = boxLimits.snapshotBundles + 20

/** Until the box's snapshots stand for everything that the founder has written. */
const awaitSnapshots = async (device: OpenDevice): Promise<void> => {
  const { replica, profile } = device
  const [feed] = await replica.feedsOf(replica.device, replica.everyone())
  if (feed === undefined) return
  const written = (await replica.archive.position(feed))?.contiguousSeq ?? 0
  const deps = {
    store: profile.folder.store,
    session: replica.session,
    clock: systemClock,
    device: replica.device,
  }
  for (;;) {
    if (((await readFloors(deps)).get(feed)?.seq ?? 0) >= written) return
    await pause(100)
  }
}

export const familyAuthor: ChildProgram = async parent => {
  const { root, box, claim, relays, content, newcomers } = parent.options as unknown as AuthorOptions
  const device =
    claim === undefined ? await openMember(root, founder) : await foundDevice(root, founder, relays)
  if (claim !== undefined) {
    const claimed = await claimBox(device, parseCode(claim))
    if (!claimed.ok) throw new Error("the box was not claimed")
  }
  if (content !== undefined) await write(device, content)
  for (const name of newcomers) await (await joinDevice(device, root, name, "editor")).close()
  const link = await linkToBox(device, box)
  if (!(await link.session.settle())) throw new Error("the box is gone")
  const { bundles } = await device.replica.archive.count()
  if (newcomers.length > 0 && bundles > worthSnapshots) await awaitSnapshots(device)
  link.session.close()
  await device.close()
  parent.tell({ done: true })
}
