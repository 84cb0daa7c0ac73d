import { setTimeout as pause } from "node:timers/promises"
import { createLinkSession } from "@home/shared/replica"
import { dialLink, linkToBox } from "../../../sync-server/src/box/testing/test-devices.js"
import type { ChildProgram, Message } from "../child.js"
import { openRoomSync } from "../replicas/home-replica.js"
import { openMember } from "./author.js"

/** What is still under way when a side has settled: the receipts of both. */
const afterMs = 1_000

/** A device that comes back and has everything: over a link with the box, and in the rooms of the relay. */
export const returner: ChildProgram = async parent => {
  const { root, name } = parent.options
  const device = await openMember(String(root), String(name))
  const overLink = async (address: string): Promise<number> => {
    const channel = await dialLink(device, address)
    if (channel === undefined) throw new Error("the box refused the handshake")
    const startedMs = performance.now()
    let session: ReturnType<typeof createLinkSession> | undefined
    const tookMs = await new Promise<number>((resolve, reject) => {
      session = createLinkSession(
        device.replica,
        channel,
        { name: "box", isKeeper: false, isAuthorised: () => true },
        {
          onSettled: () => resolve(performance.now() - startedMs),
          onClosed: () => reject(new Error("the box is gone")),
        },
      )
    })
    await pause(afterMs)
    session?.close()
    return tookMs
  }
  const overRooms = async (url: string): Promise<number> => {
    const startedMs = performance.now()
    const rooms = openRoomSync(device, url)
    if (!(await rooms.settle())) throw new Error("the relay is gone")
    const tookMs = performance.now() - startedMs
    await pause(afterMs)
    rooms.close()
    return tookMs
  }
  const handle = async ({ what, url }: Message): Promise<Message> => {
    if (what === "catch up") {
      const link = await linkToBox(device, String(url))
      if (!(await link.session.settle())) throw new Error("the box is gone")
      link.session.close()
      return {}
    }
    return { tookMs: await (what === "link" ? overLink(String(url)) : overRooms(String(url))) }
  }
  parent.onMessage(message => {
    handle(message).then(
      answer => parent.tell(answer),
      (error: unknown) => parent.tell({ failed: String(error) }),
    )
  })
  parent.tell({ ready: true })
}
