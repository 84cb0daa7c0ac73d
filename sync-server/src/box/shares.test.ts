import { createChannelOpener, createDeviceIdentity, createSealer } from "@home/crypto"
import { type MemberId, bytesToHex } from "@home/shared/base"
import { type HeldShare, bringBoxIntoShare, pseudonymsIn } from "@home/shared/device"
import { foundShare } from "@home/shared/replica"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { type OpenDevice, openDevice } from "../profile/device.js"
import { localDeviceOf } from "../profile/local-device.js"
import { silentLog, systemClock, systemRandom } from "../profile/platform.js"
import { createProfile } from "../profile/profile.js"
import { createBoxWorld, syncWith } from "./testing/box-world.js"
import { testDialer } from "./testing/test-devices.js"

const { root, claimed, joined } = createBoxWorld()
const deps = { clock: systemClock, random: systemRandom, log: silentLog }
const net = { ...deps, dialer: testDialer, openChannel: createChannelOpener({ random: systemRandom }) }

/** A share of the family with nobody yet, on one device. */
const share = async (): Promise<{ readonly held: HeldShare; readonly device: OpenDevice }> => {
  const sealer = createSealer({ random: systemRandom })
  const keys = () => ({ signing: systemRandom.bytes(32), agreement: systemRandom.bytes(32) })
  const [own, theirs] = [keys(), keys()]
  const publicOf = ({ signing, agreement }: ReturnType<typeof keys>) => ({
    signing: sealer.signingKeyOf(signing),
    wrap: sealer.agreementKeyOf(agreement),
  })
  const identity = createDeviceIdentity(systemRandom)
  const voucher = {
    member: bytesToHex(systemRandom.bytes(16)) as MemberId,
    role: "editor" as const,
    ...publicOf(theirs),
  }
  const founded = await foundShare({ sealer, random: systemRandom }, identity, publicOf(own), voucher)
  const { group, member, logKey, changes } = founded
  const content = { group, member, identity, logKey, relays: [], boxes: [], deviceName: "" }
  const dir = join(root(), "share")
  const profile = await createProfile(dir, { type: "KeyFile" }, systemRandom, content, changes)
  if (!profile.ok) throw new Error(profile.error.type)
  const device = await openDevice(profile.value, deps, { isKeeper: false })
  return { device, held: { replica: device.replica, logKey, relays: [], secrets: own } }
}

describe("a box in a share", () => {
  it("[B31] [X12] [X13] is brought in by an admin's device alone, with an identity that the family alone can tell", async () => {
    const { anna, own } = await claimed()
    const ben = await joined(anna, "ben")
    // The box knows him, as an editor.
    await syncWith(anna, own.address)
    const { held, device } = await share()
    const near = async (one: OpenDevice) =>
      localDeviceOf({ ...one, profile: await one.profile.update({ boxes: [own.address] }) })

    expect(await bringBoxIntoShare(net, await near(ben), held)).toMatchObject({ ok: false })
    expect(held.replica.session.state().devices.size).toBe(2)

    const annas = await near(anna)
    const brought = await bringBoxIntoShare(net, annas, held)
    const state = held.replica.session.state()
    const pseudonym = [...state.devices.values()].find(
      ({ member }) => state.members.get(member)?.kind === "box",
    )?.id
    expect(brought).toEqual({ ok: true, value: pseudonym })
    expect(await bringBoxIntoShare(net, annas, held)).toEqual(brought)
    const known = await pseudonymsIn(anna, held.replica.group)
    expect([...known.values()]).toEqual([pseudonym])
    for (const id of anna.replica.session.state().devices.keys()) expect(state.devices.has(id)).toBe(false)
    expect((await ben.replica.documents("contacts")).length).toBe(0)
    await device.close()
  })
})
