/**
 * Everything that must happen at least once in a run: a run in which a kind never happened has shown nothing about
 * it, and fails.
 */
export const kinds = [
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
export const peopleKinds = [
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

export type Kind = (typeof kinds)[number] | (typeof peopleKinds)[number]

export interface Coverage {
  count(kind: Kind, times?: number): void
  readonly counts: Readonly<Record<Kind, number>>
}

export const createCoverage = (): Coverage => {
  const counts = Object.fromEntries([...kinds, ...peopleKinds].map(kind => [kind, 0])) as Record<Kind, number>
  return {
    counts,
    count: (kind, times = 1) => {
      counts[kind] += times
    },
  }
}
