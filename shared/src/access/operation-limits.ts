/**
 * How much of a group there may be where more is admitted or made: a rekey must hold a wrap for each device, and what
 * the phrase does a rekey for each circle, within `operationLimits`. Nobody can make himself or others irremovable by
 * filling it up.
 */
export const groupLimits = {
  /** Live devices. Some are admitted beside each other, and more than this fit into a rekey. */
  devices: 200,
  devicesPerMember: 64,
  /** Circles ever made. */
  circles: 64,
  /** Circles of one's own alone, of whoever is no admin. */
  ownCircles: 4,
} as const

/** What one membership operation may hold. The whole of it is bounded by `limits.operationBytes` of wire. */
export const operationLimits = {
  /** Wraps in one list: every device of a large family, twice over. */
  wraps: 256,
  /** Circles named by one operation. */
  circles: 64,
  /** Members named by one operation. */
  members: 256,
  /** Epoch heads that one rekey replaces: one in peace, one more per concurrent rekey. */
  epochHeads: 64,
  /** Feeds that one taking cuts: one per incarnation and circle of the target's devices. */
  cuts: 1024,
  /** Heads of one feed: one, or one per branch of a fork. */
  cutHeads: 16,
  /** Automerge heads that a rebase or a move starts from. */
  frontier: 1024,
  /** An HPKE wrap of a 32-byte key has 80 bytes. */
  sealedKeyBytes: 256,
  /** Some 40 bytes for each earlier epoch key. */
  earlierKeysBytes: 128 * 1024,
} as const
