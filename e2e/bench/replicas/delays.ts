import type { Pair } from "./pair.js"
import type { EditKind } from "./workload.js"

/** From the call that makes an edit on A until the same edit is visible on B, milliseconds, for each edit. */
export const delaysMs = async (
  pair: Pair,
  edits: {
    readonly kind: EditKind
    readonly from: number
    readonly count: number
    readonly perSecond: number
  },
): Promise<readonly number[]> => {
  const { kind, from, count, perSecond } = edits
  const sent = pair.a.ask({ type: "Write", kinds: [kind], from, count, perSecond }, "Times")
  const { ns: sentNs } = await sent
  const { ns: seenNs } = await pair.b.ask({ type: "Expect", counts: { [kind]: from + count } }, "Times")
  const seen = seenNs[kind] ?? []
  return (sentNs["row"] ?? []).map((ns, i) => ((seen[from + i] ?? Number.NaN) - ns) / 1e6)
}
