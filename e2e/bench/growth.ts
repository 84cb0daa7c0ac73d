import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { addEntry } from "@home/shared/documents"
import { createGroupLog } from "../../shared/src/access/index.js"
import { foundDevice, joinDevice } from "../../sync-server/src/box/testing/test-devices.js"
import { archiveGrowth } from "./archive-growth.js"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { openMember } from "./family/author.js"
import { rowOf } from "./replicas/workload.js"
import { alternate, timed } from "./rounds.js"

const by = { author: "0".repeat(32), nowMs: 1_760_000_000_000 }
const hexId = (n: number): string => n.toString(16).padStart(32, "0")

/** Rows of twelve months, some thousand a change as an import makes them, then single edits in turns. */
const editGrowth = async (run: Run): Promise<readonly Measurement[]> => {
  const [few, many] = run.isQuick ? [1_000, 3_000] : [1_000, 50_000]
  const root = join(run.folder, "edit")
  mkdirSync(root)
  const device = await foundDevice(root, "anna")
  const { replica } = device
  const add = async (year: string, from: number, count: number): Promise<void> => {
    const done = await replica.change(replica.keyFor("ledger", year), draft => {
      for (let n = from; n < from + count; n++) {
        const fields = { ...rowOf(n), date: `${year}${rowOf(n).date.slice(4)}` }
        if (!addEntry(draft, { year, id: hexId(n), fields, by }).ok) throw new Error(`row ${n} was refused`)
      }
    })
    if (!done.ok) throw new Error("the founder may not write")
  }
  const perChange = 1_000
  const years = { few: "2001", many: "2002" }
  for (let n = 0; n < few; n += perChange) await add(years.few, n, perChange)
  for (let n = 0; n < many; n += perChange) await add(years.many, n, perChange)
  let next = many
  const slices = 20
  const { ours, theirs } = await alternate(
    run.rounds,
    slices,
    () => add(years.many, next++, 1),
    () => add(years.few, next++, 1),
  )
  await device.close()
  return [
    {
      what: `one edit until it is durable, ${many} rows`,
      unit: "ms",
      ours: ours.map(ms => ms / slices),
      against: { name: `ours with ${few} rows`, samples: theirs.map(ms => ms / slices) },
      goal: { type: "RatioAtMost", bound: 1.2 },
    },
  ]
}

const membershipGrowth = async (run: Run): Promise<readonly Measurement[]> => {
  const [few, many] = run.isQuick ? [2, 8] : [10, 50]
  const samplesOf = async (devices: number): Promise<{ fold: number[]; open: number[] }> => {
    const root = join(run.folder, `members${devices}`)
    mkdirSync(root)
    const founder = await foundDevice(root, "anna")
    for (let n = 1; n < devices; n++) await (await joinDevice(founder, root, `device${n}`, "editor")).close()
    const operations = founder.replica.session.log.operations()
    await founder.close()
    const { sealer } = founder
    const fold: number[] = []
    const open: number[] = []
    for (let round = -1; round < run.rounds; round++) {
      const foldMs = await timed(() => {
        const [genesis, ...rest] = operations
        const log = genesis && createGroupLog(genesis, sealer.hash)
        if (log?.ok !== true) throw new Error("the genesis is refused")
        for (const operation of rest) log.value.add(operation)
        if (log.value.state().devices.size !== devices) throw new Error("not all devices")
      })
      const openMs = await timed(async () => (await openMember(root, "anna")).close())
      if (round < 0) continue
      fold.push(foldMs)
      open.push(openMs)
    }
    return { fold, open }
  }
  const before = await samplesOf(few)
  const after = await samplesOf(many)
  const line = (what: string, step: "fold" | "open"): Measurement => ({
    what: `membership of ${many} devices: ${what}`,
    unit: "ms",
    ours: after[step],
    against: { name: `ours with ${few}`, samples: before[step] },
    goal: { type: "RatioAtMost", bound: many / few },
  })
  return [line("fold of the log", "fold"), line("opening and closing a profile", "open")]
}

export const growth: Benchmark = {
  id: "P11",
  what: "what grows with rows, devices and bundles",
  sides: [
    "ours against ours: the same step at two sizes in one run; the ratio may be no more than that of the sizes, for an edit 1.2",
    "edits and appends are durable (SQLite, synchronous=FULL); an edit is sealed and signed; bundles of the archive are 400 B of 20 feeds that nobody sealed, as a store sees them",
  ],
  run: async run => ({
    type: "Measured",
    measurements: [
      ...(await editGrowth(run)),
      ...(await membershipGrowth(run)),
      ...(await archiveGrowth(run)),
    ],
  }),
}
