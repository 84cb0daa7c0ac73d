import { join } from "node:path"
import { haveOf, missingFor, readStretches } from "../../shared/src/replica/catch-up.js"
import { testBundle, testFeed } from "../../shared/src/testing/test-bundle.js"
import { openProfileDatabase } from "../../sync-server/src/store/profile-database.js"
import type { Measurement, Run } from "./benchmark.js"
import { timed } from "./rounds.js"

// What an archive's steps cost at a size and at ten times that size.

const feeds = 20
const bundleBytes = 400
const appended = 64
const lacked = 100

type Step = "open" | "append" | "have" | "want"
type Costs = Readonly<Record<Step, number[]>>

const bundlesFrom = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) =>
    testBundle({
      feed: testFeed((from + i) % feeds),
      seq: 1 + Math.floor((from + i) / feeds),
      sizeBytes: bundleBytes,
    }),
  )

const everything = { isKeeper: true, tags: [] } as const

/** Opens the archive at this size `rounds` times; milliseconds of each step. */
const costsAt = async (
  path: string,
  size: number,
  rounds: number,
): Promise<{ costs: Costs; size: number }> => {
  const costs: Costs = { open: [], append: [], have: [], want: [] }
  let grown = size
  for (let round = -1; round < rounds; round++) {
    const took: Record<Step, number> = { open: 0, append: 0, have: 0, want: 0 }
    let database: ReturnType<typeof openProfileDatabase> | undefined
    took.open = await timed(async () => {
      database = openProfileDatabase(path)
      if (database.ok) await database.value.archive.count()
    })
    if (database?.ok !== true) throw new Error("the archive does not open")
    const { archive, close } = database.value
    const batch = bundlesFrom(grown, appended)
    took.append = await timed(async () => void (await archive.append(batch)))
    grown += appended
    took.have = await timed(async () => void (await haveOf(archive, everything)))
    const have = await haveOf(archive, everything)
    const behind = {
      ...have,
      positions: have.positions.map(position => {
        const contiguousSeq = position.contiguousSeq - lacked / feeds
        return { ...position, contiguousSeq }
      }),
    }
    // Their hashes are those of later bundles, so nothing is known to have forked.
    took.want = await timed(async () => {
      for await (const message of readStretches(archive, await missingFor(archive, behind, undefined)))
        if (message.length === 0) throw new Error("an empty message")
    })
    await close()
    if (round >= 0) for (const step of Object.keys(took) as Step[]) costs[step].push(took[step])
  }
  return { costs, size: grown }
}

const grow = async (path: string, from: number, to: number): Promise<void> => {
  const database = openProfileDatabase(path)
  if (!database.ok) throw new Error("the archive does not open")
  const perAppend = 2_000
  for (let at = from; at < to; at += perAppend)
    await database.value.archive.append(bundlesFrom(at, Math.min(perAppend, to - at)))
  await database.value.close()
}

const thousands = (count: number): string => `${count / 1_000}k`

export const archiveGrowth = async (run: Run): Promise<readonly Measurement[]> => {
  const sizes = run.isQuick ? [1_000, 10_000] : [10_000, 100_000, 1_000_000]
  const path = join(run.folder, "archive", "archive.sqlite")
  const measured: { readonly size: number; readonly costs: Costs }[] = []
  let grown = 0
  for (const size of sizes) {
    await grow(path, grown, size)
    const { costs, size: now } = await costsAt(path, size, run.rounds)
    measured.push({ size, costs })
    grown = now
  }
  const words: Readonly<Record<Step, string>> = {
    open: "open",
    append: `append ${appended}`,
    have: "have",
    want: `read the ${lacked} that a peer lacks`,
  }
  return (Object.keys(words) as Step[]).flatMap(step =>
    measured.slice(1).map(({ size, costs }, i): Measurement => {
      const before = measured[i] ?? { size: 1, costs }
      return {
        what: `archive of ${thousands(size)} bundles: ${words[step]}`,
        unit: "ms",
        ours: costs[step],
        against: { name: `ours at ${thousands(before.size)}`, samples: before.costs[step] },
        goal: { type: "RatioAtMost", bound: size / before.size },
      }
    }),
  )
}
