import { type RoomId, bytesToHex, equalBytes } from "@home/shared/base"
import fc from "fast-check"
import { afterEach, describe, expect, it } from "vitest"
import type { MailboxLimits } from "./mailbox-memory.js"
import { type Mailbox, type StoredBlob, leaseOffsets } from "./mailbox.js"

/** Opens a mailbox on a fresh medium; `reopen` closes it and opens the next one on the same medium. */
export interface MailboxMedium {
  open(limits: MailboxLimits): Promise<Mailbox>
  discard(): Promise<void>
}

const contractLimits: MailboxLimits = {
  roomBytes: 1_000,
  roomBlobs: 10,
  rooms: 5,
  storeBytes: 3_000,
  ttlMs: 1_000,
}
const everything = { bytes: Number.MAX_SAFE_INTEGER, blobs: Number.MAX_SAFE_INTEGER }

const roomNumber = (n: number): RoomId => bytesToHex(new Uint8Array(32).fill(n)) as RoomId

const blobOf = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill)

/** What every mailbox does, whatever it is made of. */
export const describeMailbox = (name: string, createMedium: () => MailboxMedium): void => {
  describe(`mailbox: ${name}`, () => {
    const media: { medium: MailboxMedium; mailbox: Mailbox | undefined }[] = []
    const open = async (limits: Partial<MailboxLimits> = {}) => {
      const medium = createMedium()
      const all = { ...contractLimits, ...limits }
      const held = { medium, mailbox: (await medium.open(all)) as Mailbox | undefined }
      media.push(held)
      const current = (): Mailbox => {
        if (held.mailbox === undefined) throw new Error("closed")
        return held.mailbox
      }
      const reopen = async (): Promise<Mailbox> => {
        await current().close()
        held.mailbox = await medium.open(all)
        return held.mailbox
      }
      return { mailbox: current(), reopen }
    }
    afterEach(async () => {
      for (const { medium, mailbox } of media.splice(0)) {
        await mailbox?.close()
        await medium.discard()
      }
    })
    const readAll = async (mailbox: Mailbox, room: RoomId): Promise<readonly StoredBlob[]> =>
      (await mailbox.read(room, 0, everything)).blobs

    it("[R20] gives back what was appended, in order of offsets, also after it was closed and opened", async () => {
      const { mailbox, reopen } = await open()
      const room = roomNumber(1)
      const place = await mailbox.open(room)
      expect(place).toEqual({ first: 1, next: 1, bytes: 0, blobs: 0 })
      const posts = [7, 8, 9].map((fill, i) => ({
        room,
        offset: place.next + i,
        blob: blobOf(10 * fill, fill),
      }))
      const result = await mailbox.append(posts, 0)
      expect(result.outcomes).toEqual(["Stored", "Stored", "Stored"])
      expect(result.rooms.get(room)).toEqual({ first: 1, leasedTo: 3 + leaseOffsets, bytes: 240, blobs: 3 })
      for (const opened of [async () => mailbox, reopen]) {
        const blobs = await readAll(await opened(), room)
        expect(blobs.map(blob => blob.offset)).toEqual([1, 2, 3])
        expect(blobs.every((blob, i) => equalBytes(blob.blob, posts[i]?.blob ?? blobOf(0, 0)))).toBe(true)
      }
    })

    it("[R21] keeps one identity over its life, and a new medium has another", async () => {
      const { mailbox, reopen } = await open()
      expect(mailbox.store).toMatch(/^[0-9a-f]{32}$/)
      const { store } = mailbox
      expect((await reopen()).store).toBe(store)
      expect((await open()).mailbox.store).not.toBe(store)
    })

    it("[R22] opens a room above every offset that may have been shown", async () => {
      const { mailbox, reopen } = await open()
      const room = roomNumber(1)
      const { rooms } = await mailbox.append([{ room, offset: 1, blob: blobOf(1, 1) }], 0)
      const leasedTo = rooms.get(room)?.leasedTo ?? 0
      expect(leasedTo).toBeGreaterThan(1)
      expect((await mailbox.open(room)).next).toBe(leasedTo + 1)
      expect((await (await reopen()).open(room)).next).toBe(leasedTo + 1)
    })

    it("[R22] never gives an offset of a forgotten room again, and says that something was dropped", async () => {
      const { mailbox, reopen } = await open()
      const room = roomNumber(1)
      await mailbox.append([{ room, offset: 1, blob: blobOf(1, 1) }], 0)
      await mailbox.expire(5_000)
      await mailbox.expire(5_000)
      const opened = await reopen()
      const place = await opened.open(room)
      expect(place).toEqual({ first: leaseOffsets + 2, next: leaseOffsets + 2, bytes: 0, blobs: 0 })
      await opened.append([{ room, offset: place.next, blob: blobOf(1, 1) }], 5_000)
      expect((await opened.open(room)).first).toBe(leaseOffsets + 2)
    })

    it("[R23] refuses post by post what exceeds the room's bytes or blobs", async () => {
      const { mailbox } = await open()
      const room = roomNumber(1)
      const sizes = [600, 500, 400, 1]
      const posts = sizes.map((size, i) => ({ room, offset: i + 1, blob: blobOf(size, 1) }))
      expect((await mailbox.append(posts, 0)).outcomes).toEqual(["Stored", "RoomFull", "Stored", "RoomFull"])
      const other = roomNumber(2)
      const small = Array.from({ length: 11 }, (_, i) => ({ room: other, offset: i + 1, blob: blobOf(1, 1) }))
      const { outcomes } = await mailbox.append(small, 0)
      expect(outcomes.filter(outcome => outcome === "Stored")).toHaveLength(10)
      expect(outcomes[10]).toBe("RoomFull")
    })

    it("[R23] refuses what exceeds the bytes of all rooms, or their number", async () => {
      const { mailbox, reopen } = await open({ rooms: 2, storeBytes: 100 })
      const post = (n: number, size: number) => ({ room: roomNumber(n), offset: 1, blob: blobOf(size, 1) })
      expect((await mailbox.append([post(1, 10), post(2, 10), post(3, 10)], 0)).outcomes).toEqual([
        "Stored",
        "Stored",
        "StoreFull",
      ])
      const opened = await reopen()
      expect((await opened.append([{ ...post(1, 90), offset: 2 }], 0)).outcomes).toEqual(["StoreFull"])
      expect((await opened.append([post(3, 1)], 0)).outcomes).toEqual(["StoreFull"])
      // Two rounds: the first removes the blobs, the second the empty rooms.
      await opened.expire(5_000)
      await opened.expire(5_000)
      expect((await opened.append([{ ...post(3, 90), offset: 5_000 }], 5_000)).outcomes).toEqual(["Stored"])
    })

    it("[R24] drops what is older than the TTL, makes its room free and says from where nothing is missing", async () => {
      const { mailbox } = await open()
      const room = roomNumber(1)
      await mailbox.append([{ room, offset: 1, blob: blobOf(900, 1) }], 0)
      await mailbox.append([{ room, offset: 2, blob: blobOf(50, 2) }], 500)
      expect((await mailbox.expire(999)).size).toBe(0)
      const changed = await mailbox.expire(1_000)
      expect(changed.get(room)).toEqual({ first: 2, leasedTo: 2 + leaseOffsets, bytes: 50, blobs: 1 })
      expect((await readAll(mailbox, room)).map(blob => blob.offset)).toEqual([2])
    })

    it("[R24] expires in the transaction of the append that needs the place", async () => {
      const { mailbox } = await open()
      const room = roomNumber(1)
      await mailbox.append([{ room, offset: 1, blob: blobOf(900, 1) }], 0)
      const late = { room, offset: 2, blob: blobOf(900, 2) }
      expect((await mailbox.append([late], 999)).outcomes).toEqual(["RoomFull"])
      expect((await mailbox.append([late], 1_000)).outcomes).toEqual(["Stored"])
    })

    it("[R25] reads pages: at least one blob, then within both limits, and says whether there is more", async () => {
      const { mailbox } = await open()
      const room = roomNumber(1)
      await mailbox.append(
        [100, 20, 20, 20].map((size, i) => ({ room, offset: 10 * (i + 1), blob: blobOf(size, i) })),
        0,
      )
      const page = async (after: number, bytes: number, blobs: number) => {
        const read = await mailbox.read(room, after, { bytes, blobs })
        return { offsets: read.blobs.map(blob => blob.offset), more: read.more }
      }
      expect(await page(0, 1, 10)).toEqual({ offsets: [10], more: true })
      expect(await page(10, 40, 10)).toEqual({ offsets: [20, 30], more: true })
      expect(await page(10, 400, 2)).toEqual({ offsets: [20, 30], more: true })
      expect(await page(20, 400, 2)).toEqual({ offsets: [30, 40], more: false })
      expect(await page(40, 400, 2)).toEqual({ offsets: [], more: false })
    })

    it("[R23] [R22] holds its quotas and gives no offset twice, whatever is posted and whenever it restarts", async () => {
      let stored = 0
      let refused = 0
      const action = fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({ n: fc.integer({ min: 1, max: 7 }), size: fc.integer({ min: 1, max: 400 }) }),
        },
        { weight: 1, arbitrary: fc.constant("restart" as const) },
        { weight: 2, arbitrary: fc.integer({ min: 1, max: 700 }) },
      )
      await fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 20, maxLength: 40 }), async actions => {
          const opened = await open()
          let { mailbox } = opened
          const next = new Map<RoomId, number>()
          const given = new Set<string>()
          let nowMs = 0
          for (const act of actions) {
            if (act === "restart") {
              mailbox = await opened.reopen()
              next.clear()
            } else if (typeof act === "number") {
              nowMs += act
              await mailbox.expire(nowMs)
            } else {
              const room = roomNumber(act.n)
              const offset = next.get(room) ?? (await mailbox.open(room)).next
              next.set(room, offset + 1)
              const { outcomes, rooms } = await mailbox.append(
                [{ room, offset, blob: blobOf(act.size, act.n) }],
                nowMs,
              )
              if (outcomes[0] === "Stored") {
                stored += 1
                expect(given.has(`${room} ${offset}`)).toBe(false)
                given.add(`${room} ${offset}`)
              } else {
                refused += 1
              }
              for (const totals of rooms.values()) {
                expect(totals.bytes).toBeLessThanOrEqual(contractLimits.roomBytes)
                expect(totals.blobs).toBeLessThanOrEqual(contractLimits.roomBlobs)
              }
            }
          }
          for (const n of [1, 2, 3, 4, 5, 6, 7]) {
            const { bytes, blobs, first } = await mailbox.open(roomNumber(n))
            const kept = await readAll(mailbox, roomNumber(n))
            expect(kept.reduce((sum, blob) => sum + blob.blob.length, 0)).toBe(bytes)
            expect(kept).toHaveLength(blobs)
            const dropped = [...given].filter(
              key => key.startsWith(roomNumber(n)) && !kept.some(blob => key.endsWith(` ${blob.offset}`)),
            )
            expect(dropped.every(key => Number(key.split(" ")[1]) < first)).toBe(true)
          }
        }),
        { numRuns: 25 },
      )
      expect(stored).toBeGreaterThan(100)
      expect(refused).toBeGreaterThan(20)
    })
  })
}
