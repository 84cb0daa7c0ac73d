import type { Clock, RoomId } from "@home/shared/base"
import type { AppendOutcome, Mailbox, MailboxPost, RoomTotals } from "./mailbox.js"

export interface GroupCommit {
  add(post: MailboxPost): void
  /** Resolves when everything added so far has its outcome. */
  flush(): Promise<void>
}

/** One is written while the disk syncs the other. */
const commitsAtOnce = 2

/**
 * One sync to the disk for many posts: a commit starts `commitDelayMs` after its first post, or at once with
 * `commitPosts` of them; the next one gathers meanwhile. Their outcomes come in the order of `add`.
 */
export const createGroupCommit = (deps: {
  readonly mailbox: Mailbox
  readonly clock: Clock
  readonly limits: { readonly commitPosts: number; readonly commitDelayMs: number }
  /** `Failed`: the medium refused; nothing of this commit is kept. */
  readonly onStored: (
    posts: readonly MailboxPost[],
    outcomes: readonly (AppendOutcome | "Failed")[],
    rooms: ReadonlyMap<RoomId, RoomTotals>,
  ) => void
}): GroupCommit => {
  const { mailbox, clock, limits, onStored } = deps
  let waiting: MailboxPost[] = []
  let underWay = 0
  let last: Promise<void> = Promise.resolve()
  let cancelTimer: (() => void) | undefined

  const start = (): void => {
    cancelTimer?.()
    cancelTimer = undefined
    const posts = waiting
    waiting = []
    underWay += 1
    last = commit(posts).finally(() => {
      underWay -= 1
      schedule()
    })
  }

  const commit = async (posts: readonly MailboxPost[]): Promise<void> => {
    const result = await mailbox.append(posts, clock.now()).catch(() => undefined)
    if (result === undefined)
      onStored(
        posts,
        posts.map(() => "Failed" as const),
        new Map(),
      )
    else onStored(posts, result.outcomes, result.rooms)
  }

  const schedule = (): void => {
    if (underWay >= commitsAtOnce || waiting.length === 0) return
    if (waiting.length >= limits.commitPosts) start()
    else cancelTimer ??= clock.after(limits.commitDelayMs, start)
  }

  return {
    add(post) {
      waiting.push(post)
      schedule()
    },
    async flush() {
      while (underWay > 0 || waiting.length > 0) {
        if (waiting.length > 0 && underWay < commitsAtOnce) start()
        await last
      }
    },
  }
}
