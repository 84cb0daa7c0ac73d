import { type DeviceId, type Result, ok } from "@home/shared/base"
import { labelOfMember } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import { act } from "./act.js"
import type { Failure } from "./failure.js"
import { findDevice } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { requireMembership, withDevice } from "./with-device.js"

const onDevice = (
  home: Home,
  text: string,
  work: (device: OpenDevice, target: DeviceId, label: string) => Outcome,
): Outcome =>
  withDevice(home, async device => {
    const live = requireMembership(device)
    if (!live.ok) return live
    const found: Result<DeviceId, Failure> = await findDevice(device, text)
    if (!found.ok) return found
    const owner = device.replica.session.state().devices.get(found.value)?.member
    const label = owner === undefined ? "" : await labelOfMember(device, owner)
    return work(device, found.value, `the device ${found.value.slice(0, 8)} of ${label}`)
  })

/** A brake, not a removal: the device gets no new key, and what it writes waits. */
export const suspend = (home: Home, text: string): Outcome =>
  onDevice(home, text, async (device, target, label) => {
    const suspended = await act(device, author => author.suspend(target))
    if (!suspended.ok) return suspended
    home.result(
      { suspended: target },
      `Suspended ${label}. It gets nothing new, and what it writes waits until "home resume ${target.slice(0, 8)}".`,
    )
    return ok(undefined)
  })

/** What the device wrote meanwhile counts from now on, and it gets the new keys. */
export const resume = (home: Home, text: string): Outcome =>
  onDevice(home, text, async (device, target, label) => {
    const resumed = await act(device, { type: "resume", device: target })
    if (!resumed.ok) return resumed
    await device.replica.tend()
    home.result({ resumed: target }, `Lifted: ${label} reads and writes again.`)
    return ok(undefined)
  })
