import { areas, ok } from "@home/shared/base"
import { unpostedAt } from "@home/shared/replica"
import { labelOfMember, nameOfFamily, nameOfMember } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import type { Home, Outcome } from "./home.js"
import { withDevice } from "./with-device.js"

const documentCount = async (device: OpenDevice): Promise<number> => {
  let count = 0
  for (const area of areas) count += (await device.replica.documents(area)).length
  return count
}

const ago = (home: Home, atMs: number): string => {
  const minutes = Math.max(0, Math.round((home.clock.now() - atMs) / 60_000))
  return minutes < 60
    ? `${minutes} min ago`
    : minutes < 48 * 60
      ? `${Math.round(minutes / 60)} h ago`
      : `${Math.round(minutes / 1440)} days ago`
}

/**
 * What is known here, without asking anyone: the device first, then one line for each other device and relay. What
 * a device lacks is told by its last receipt, so it may have more by now, never less.
 */
export const status = (home: Home): Outcome =>
  withDevice(home, async device => {
    const { replica, receipts, profile } = device
    const { content } = profile
    const state = replica.session.state()
    const own = state.devices.get(replica.device)
    const live = own?.live === true
    const isSuspended = live && own.suspended
    const role = state.members.get(content.member)?.role ?? "guest"
    const documents = await documentCount(device)
    const late = (await replica.late()).length
    const { bundles, bytes } = await replica.archive.count()
    const files = await device.blobs.count()
    const family = await nameOfFamily(device)
    home.result(
      {
        family: replica.group,
        name: family,
        member: content.member,
        memberName: await nameOfMember(device, content.member),
        device: replica.device,
        deviceName: content.deviceName,
        role,
        live,
        suspended: isSuspended,
        documents,
        bundles,
        bundleBytes: bytes,
        late,
        files: { chunks: files.chunks, bytes: files.bytes, onNoBox: files.unkept },
        relays: content.relays,
        boxes: content.boxes,
      },
      `${family || replica.group.slice(0, 8)}: ${await labelOfMember(device, content.member)} (${role}) on ${content.deviceName}` +
        `${live ? "" : ", REMOVED from the family"}${isSuspended ? ", SUSPENDED by an admin of the family" : ""}\n${documents} documents, ${bundles} bundles, ${late} late edits, ${files.chunks} chunks of files (${files.unkept} on no box yet)`,
    )
    for (const peer of await receipts.peers()) {
      const name = await labelOfMember(device, peer.member)
      const kind = peer.isKeeper ? "box" : "device"
      home.result(
        {
          peer: peer.device,
          kind,
          name,
          member: peer.member,
          missingThere: peer.missingThere,
          missingHere: peer.missingHere,
          heardAtMs: peer.heardAtMs ?? null,
        },
        `${kind} ${peer.device.slice(0, 8)} of ${name}: ` +
          (peer.heardAtMs === undefined
            ? `never heard of; ${peer.missingThere} bundles may be missing there`
            : `${peer.missingThere} missing there, ${peer.missingHere} missing here (heard ${ago(home, peer.heardAtMs)})`),
      )
    }
    for (const relay of content.relays) {
      const missingThere = await unpostedAt(replica, profile.folder.store, relay)
      home.result(
        { peer: relay, kind: "relay", missingThere, missingHere: null },
        `relay ${relay}: ${missingThere} of this device's bundles are not there yet`,
      )
    }
    return ok(undefined)
  })
