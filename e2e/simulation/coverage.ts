/**
 * Everything that must happen at least once in a run: a run in which a kind never happened has shown nothing about
 * it, and fails.
 */
const kinds = [
  "edit",
  "edit refused by role",
  "edit of a role that may only chat",
  "import",
  "screen edit lost before publication",
  "same month begun twice",
  "link",
  "link cut",
  "goes offline",
  "frame lost",
  "frame doubled",
  "frame reordered",
  "frame altered",
  "connection cut",
  "relay killed",
  "relay forgot",
  "relay expired",
  "restart",
  "crash while writing",
  "restored, noticed",
  "restored, unnoticed",
  "new incarnation",
  "box restored",
  "device lost for ever",
  "member invited",
  "own device invited",
  "guest invited",
  "circle made",
  "circle changed",
  "device removed",
  "member removed",
  "role changed",
  "rights taken twice at once",
  "operation refused",
  "removed device goes on",
  "guest writes all the same",
  "stranger's bundle",
  "altered bundle",
  "another's actor",
  "re-sealed bundle",
  "inflating bundle",
  "late edits",
  "late edits accepted",
  "late edits discarded",
  "equivocation",
  "rekeyed",
  "healed by rekey",
  "healed by the relay alone",
  "phrase and archive",
] as const

/** What must happen besides in a world that is about people, and about devices that cheat. */
const peopleKinds = [
  "device suspended",
  "suspension lifted",
  "guest for a time invited",
  "guest's stay ended",
  "policy set",
  "main phone yielded",
  "backdated operation",
  "forked log",
  "forked feed",
  "replayed across groups",
  "log withheld",
  "flood",
] as const

/** What must happen in a share of two families, besides everyday life. */
const shareKinds = [
  "other side came in",
  "own side came in",
  "other side's role changed",
  "pseudonym taken out",
  "share revoked",
  "let in while rights were taken",
  "beyond the share",
  "voucher beyond its side",
  "forged voucher",
  "backdated by the voucher",
  "contact key and archive",
] as const

/** What there is not in a share: it has no circles but one, nobody is invited, and no phrase of its own. */
const ofFamiliesAlone: readonly Kind[] = [
  ...(["member invited", "own device invited", "guest invited", "circle made", "circle changed"] as const),
  ...(["device removed", "member removed", "role changed", "rights taken twice at once"] as const),
  ...([
    "phrase and archive",
    "guest for a time invited",
    "guest's stay ended",
    "main phone yielded",
  ] as const),
]

export const expectedIn = {
  family: kinds as readonly Kind[],
  people: [...kinds, ...peopleKinds] as readonly Kind[],
  share: [...kinds, ...peopleKinds, ...shareKinds].filter(kind => !ofFamiliesAlone.includes(kind)),
}

export type Kind = (typeof kinds)[number] | (typeof peopleKinds)[number] | (typeof shareKinds)[number]

const expectedKinds = [...kinds, ...peopleKinds, ...shareKinds]

export interface Coverage {
  count(kind: Kind, times?: number): void
  readonly counts: Readonly<Record<Kind, number>>
}

export const createCoverage = (): Coverage => {
  const counts = Object.fromEntries(expectedKinds.map(kind => [kind, 0])) as Record<Kind, number>
  return {
    counts,
    count: (kind, times = 1) => {
      counts[kind] += times
    },
  }
}
