import { type Result, ok } from "@home/shared/base"
import {
  type Catalogue,
  type RoomEntry,
  chatMonthOf,
  exportChat,
  familyRoomId,
  noteChatMonth,
  sendMessage,
} from "@home/shared/documents"
import { labelOfMember } from "@home/shared/device"
import type { OpenDevice } from "../profile/device.js"
import { readCatalogue, readChats } from "./areas.js"
import type { Failure } from "./failure.js"
import { findByTitle } from "./find.js"
import type { Home, Outcome } from "./home.js"
import { withPlace } from "./place.js"
import { roomNotices } from "./room-notices.js"
import { requireMembership } from "./with-device.js"
import { byOf, newItemId, write } from "./writing.js"

const roomOf = (catalogue: Catalogue, text: string | undefined): Result<string, Failure> => {
  if (text === undefined) return ok(familyRoomId)
  const found = findByTitle<RoomEntry>(catalogue.rooms.values(), text, "room")
  return found.ok ? ok(found.value.id) : found
}

export interface ChatSendOptions {
  readonly text: string
  readonly room: string | undefined
  readonly circle: string | undefined
}

export const sendChat = (home: Home, options: ChatSendOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const { device } = place
    const live = requireMembership(device)
    if (!live.ok) return live
    const catalogue = await readCatalogue(place)
    if (!catalogue.ok) return catalogue
    const room = roomOf(catalogue.value, options.room)
    if (!room.ok) return room
    const by = byOf(home, device)
    const id = newItemId(home)
    const month = chatMonthOf(by.nowMs)
    // A guest writes in the chat and not in the catalogue: then the month is listed by whoever may.
    const noted = await write(place, "catalogue", "", draft => noteChatMonth(draft, room.value, month))
    const sent = await write(place, "chat", `${room.value}/${month}`, draft =>
      sendMessage(draft, { id, text: options.text, by }),
    )
    if (!sent.ok) return sent
    if (!noted.ok) return noted
    home.result({ sent: id, room: room.value, sentAtMs: by.nowMs }, `sent`)
    return ok(undefined)
  })

type Shown = Readonly<Record<string, unknown>>

/** What stands in a room, at its time: a message, or what happened to who reads it. */
interface RoomLine {
  readonly atMs: number
  readonly json: Shown
  readonly text: string
}

const authorOf = async (device: OpenDevice, message: Shown): Promise<string> => {
  const state = device.replica.session.state()
  const member = [...state.members.keys()].find(id => id === message["author"])
  return member === undefined ? String(message["authorName"] ?? "") : labelOfMember(device, member)
}

export interface ChatListOptions {
  readonly room: string | undefined
  readonly limit: number
  readonly circle: string | undefined
}

/** The last messages, oldest first, and between them who came to read the room or stopped. */
export const listChat = (home: Home, options: ChatListOptions): Outcome =>
  withPlace(home, options.circle, async place => {
    const catalogue = await readCatalogue(place)
    if (!catalogue.ok) return catalogue
    const room = options.room === undefined ? undefined : roomOf(catalogue.value, options.room)
    if (room?.ok === false) return room
    const chats = await readChats(place, catalogue.value, room?.value)
    if (!chats.ok) return chats
    const all = exportChat(chats.value, catalogue.value)["messages"] as readonly Shown[]
    const lines: RoomLine[] = (await roomNotices(home, place)).map(({ atMs, json, text }) => ({
      atMs,
      json,
      text: `* ${text}`,
    }))
    for (const message of all) {
      const text = `${await authorOf(place.device, message)}: ${String(message["text"])}`
      lines.push({ atMs: Number(message["sentAtMs"]), json: message, text })
    }
    for (const { atMs, json, text } of lines.sort((a, b) => a.atMs - b.atMs).slice(-options.limit)) {
      const time = new Date(atMs).toISOString().slice(0, 16).replace("T", " ")
      home.result(json, `${time}  ${text}`)
    }
    return ok(undefined)
  })
