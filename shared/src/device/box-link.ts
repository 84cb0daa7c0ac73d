import type { Device } from "../access/index.js"
import { type LinkSession, createLinkSession } from "../replica/index.js"
import { encodeHave, linkPath } from "../wire/index.js"
import { atPath } from "./at-path.js"
import type { LocalDevice, NetDeps } from "./local-device.js"

export interface BoxLink {
  readonly box: Device
  readonly session: LinkSession
  /** Tells the box what this device has stored, in every circle that both read. */
  sendReceipts(): Promise<void>
}

/** The family's boxes, as the log knows them. */
export const boxesOf = (device: Pick<LocalDevice, "replica">): readonly Device[] => {
  const state = device.replica.session.state()
  return [...state.devices.values()].filter(
    ({ live, member }) => live && state.members.get(member)?.kind === "box",
  )
}

/** Circles whose content both this device and the other may read. */
const commonCircles = (device: LocalDevice, other: Device) => {
  const content = device.content()
  return [...device.replica.session.state().circles.values()].filter(
    ({ members }) => members.has(content.member) && members.has(other.member),
  )
}

/** A link to the box at `address`; `undefined`: nobody there, or somebody else. */
export const openBoxLink = async (
  deps: NetDeps,
  device: LocalDevice,
  address: string,
  box: Device,
  onClosed: () => void,
): Promise<BoxLink | undefined> => {
  const { replica, signals, receipts } = device
  const socket = await deps.dialer.connect(atPath(address, linkPath)).catch(() => undefined)
  if (socket === undefined) return undefined
  const cancel = deps.clock.after(handshakeMs, () => socket.close())
  const opened = await deps.openChannel(socket, {
    purpose: "link",
    role: "initiator",
    staticSecret: device.content().identity.secrets.link,
    remoteStatic: box.keys.link,
  })
  cancel()
  if (!opened.ok) return undefined
  const session = createLinkSession(
    replica,
    opened.value.channel,
    {
      name: `link ${box.id}`,
      isKeeper: false,
      isAuthorised: () => replica.session.state().devices.get(box.id)?.live === true,
      blobs: device.blobs && { held: device.blobs, isPeerKeeper: true },
    },
    {
      onSignal: bytes => {
        void signals.open(bytes).then(async signal => {
          if (signal?.kind === "receipt" && signal.device !== replica.device) await receipts.take(signal)
        })
      },
      onClosed,
    },
  )
  return {
    box,
    session,
    sendReceipts: async () => {
      for (const { id } of commonCircles(device, box)) {
        for (const page of await receipts.make(id)) {
          const signal = await signals.seal(id, "receipt", encodeHave(page))
          if (signal !== undefined) session.sendSignal(signal)
        }
      }
    },
  }
}

/** A box that takes the connection and says nothing is given up, milliseconds. */
const handshakeMs = 5_000
