import type { BundleHash, FeedId } from "../base/index.js"
import { type Have, type Sealer, firstFeed } from "../wire/index.js"
import { headOf, missingFor } from "./catch-up.js"
import type { Replica } from "./replica-port.js"
import { type RoomPosts, storedOf } from "./room-posts.js"
import { type Room, isRecoveryRoom } from "./rooms.js"

// Doors and the recovery room are for the log. Who knows the recovery room's secret may have left the family: what
// lies there is looked at by its tag before anything else, and whoever may speak for the family keeps the log whole.

/** Of what came in a room that is for the log: the operations and the recovery notes, with their hashes. */
export const logBundlesOf = (
  replica: Replica,
  sealer: Sealer,
  bundles: readonly Uint8Array[],
): readonly { readonly hash: BundleHash; readonly bytes: Uint8Array }[] => {
  const { log, open } = replica.session.keyring
  return bundles
    .flatMap(bytes => storedOf(sealer, bytes))
    .filter(({ bundle }) => [log.tag, open.tag].includes(bundle.epochTag))
    .map(({ hash, bundle }) => ({ hash, bytes: bundle.bytes }))
}

/** The box and the admins answer for the log; the others say only what is their own. */
const answersForLog = (replica: Replica): boolean => {
  const state = replica.session.state()
  const device = state.devices.get(replica.device)
  const member = device && state.members.get(device.member)
  return device?.live === true && (member?.kind === "box" || member?.role === "admin")
}

/** The feeds in which the operation came that let this device in. */
const feedsOfAdmission = async (replica: Replica): Promise<readonly FeedId[]> => {
  const { log, state } = replica.session
  const admission = state().devices.get(replica.device)?.admittedBy
  const author = admission && log.get(admission)?.author
  return author === undefined || author === "recovery" ? [] : replica.feedsOf(author, undefined)
}

/**
 * Posts what the recovery room lacks of the log and of the notes, whoever wrote it: the founder's device may be gone
 * for ever. Whoever does not answer for the log posts what he came in by, for nobody listens to him whom nobody knows:
 * who let him in may have lost it. To be asked when all that lies in the room was read.
 */
export const restoreLog = async (
  replica: Replica,
  posts: RoomPosts,
  room: Room,
  isKeeper: boolean,
): Promise<void> => {
  if (!isRecoveryRoom(room)) return
  const { log, open } = replica.session.keyring
  const options = { isKeeper: false, tags: [log.tag, open.tag], originals: true }
  const nothing: Have = {
    ...headOf(replica.archive, options),
    from: firstFeed,
    before: undefined,
    positions: [],
  }
  const own = new Set(await posts.ownFeeds(room))
  const isWhole = isKeeper || answersForLog(replica)
  const admission = isWhole ? undefined : await feedsOfAdmission(replica)
  const stretches = await missingFor(replica.archive, nothing, log.tag)
  await posts.repost(
    room,
    stretches.filter(({ feed }) => !own.has(feed) && (admission?.includes(feed) ?? true)),
    0,
  )
}
