import type { MemberId } from "@home/shared/base"
import { roomNoticesOf } from "@home/shared/access"
import { type CardChange, listCardChanges } from "@home/shared/device"
import { readHeard } from "@home/shared/replica"
import { openDevice } from "../profile/device.js"
import type { OpenProfile } from "../profile/profile.js"
import { readShareFolders } from "../profile/share-folders.js"
import { accessSentence, namesIn } from "./access-log.js"
import type { Home, JsonLine } from "./home.js"
import type { Place } from "./place.js"

interface RoomNotice {
  readonly atMs: number
  readonly json: JsonLine
  readonly text: string
}

/** The cards of the family that a share is with stand among the contacts of the family around it. */
const cardChangesAround = async (
  home: Home,
  place: Place,
  around: OpenProfile,
): Promise<readonly CardChange[]> => {
  const { store, dir } = around.folder
  const share = (await readShareFolders(store, dir)).find(({ group }) => group === place.device.replica.group)
  const family = await openDevice(around, home, { isKeeper: false })
  try {
    return (await listCardChanges(family)).filter(change => change.family === share?.family)
  } finally {
    // The profile is not this one's to close.
    await family.replica.close()
  }
}

const cardChanges = (home: Home, place: Place): Promise<readonly CardChange[]> => {
  const { device, circle, around } = place
  if (around !== undefined) return cardChangesAround(home, place, around)
  // Who reads the room of a circle has read it in the family's.
  return circle === device.replica.everyone() ? listCardChanges(device) : Promise.resolve([])
}

/**
 * What happened to who reads a room, for between its messages. What a device was told when it came in stands in `home log`:
 * it was not there, so it has no time for it.
 */
export const roomNotices = async (home: Home, place: Place): Promise<readonly RoomNotice[]> => {
  const { device, circle } = place
  const names = await namesIn(device)
  const heard = await readHeard(device.profile.folder.store)
  const lines = roomNoticesOf(device.replica.session.log, device.sealer.hash, circle)
  const notices = lines.flatMap((line): readonly RoomNotice[] => {
    const atMs = heard.get(line.operation)
    if (atMs === undefined) return []
    const { type, ...what } = line.act
    const { operation, byMember } = line
    const json = { notice: type, operation, byMember: byMember ?? null, ...what, atMs }
    return [{ atMs, json, text: accessSentence(line, names) }]
  })
  for (const { family, name, by, atMs } of await cardChanges(home, place)) {
    const who = names.member(by as MemberId)
    const text = `Family ${name || family.slice(0, 8)} has another contact card, which ${who} took in: "home contact list" shows the number to compare`
    notices.push({ atMs, json: { notice: "cardChanged", family, name, byMember: by, atMs }, text })
  }
  return notices
}
