import { type BundleHash, bytesToHex } from "../base/index.js"
import { type CutRule, documentIdOf, may } from "../access/index.js"
import type { Sealer } from "../wire/index.js"
import type { Archive } from "./archive.js"
import type { BundleRecord } from "./bundle-record.js"
import type { GroupSession } from "./group-session.js"
import { type CutSide, effectiveHeads } from "./verdict.js"

/** Which bundles lie inside one rule's cuts, as far as their chains are here. */
interface Inside {
  readonly hashes: ReadonlySet<BundleHash>
  /** Highest seq that a chain could not be followed below: at or below it nothing is known. */
  readonly brokenAt: ReadonlyMap<string, number>
}

/**
 * Judges single bundles against the membership as it is now. `refresh` must have run since the log or the feeds
 * of removed devices grew: it walks the chains of the cuts; judging itself is synchronous.
 */
export interface Rights {
  /** True when a chain that was broken has become longer: what waited for it must be judged again. */
  refresh(): Promise<boolean>
  isPermitted(record: BundleRecord): boolean
}

const noPrev = "0".repeat(64)

export const createRights = (deps: {
  readonly sealer: Sealer
  readonly session: GroupSession
  readonly archive: Archive
}): Rights => {
  const { session, archive } = deps
  let insideByRule = new Map<string, Inside>()
  let memo = new Map<string, boolean>()

  const ruleKey = (rule: CutRule): string => `${rule.operation} ${rule.device} ${rule.circle}`

  const walk = async (rule: CutRule): Promise<Inside> => {
    const hashes = new Set<BundleHash>()
    const brokenAt = new Map<string, number>()
    for (const cut of rule.cuts) {
      for (const head of cut.heads) {
        let hash: string = head.hash
        let seq = head.seq
        while (hash !== noPrev && seq > 0 && !hashes.has(hash as BundleHash)) {
          const bundle = await archive.get(hash as BundleHash)
          if (bundle === undefined || bundle.feed !== cut.feed) {
            brokenAt.set(cut.feed, Math.max(brokenAt.get(cut.feed) ?? 0, seq))
            break
          }
          hashes.add(hash as BundleHash)
          hash = bytesToHex(bundle.prev)
          seq = bundle.seq - 1
        }
      }
    }
    return { hashes, brokenAt }
  }

  const sideOf = (record: BundleRecord, rule: CutRule): CutSide => {
    const inside = insideByRule.get(ruleKey(rule))
    if (inside === undefined) return "Waits"
    if (inside.hashes.has(record.hash)) return "Inside"
    return record.seq <= (inside.brokenAt.get(record.feed) ?? 0) ? "Waits" : "Outside"
  }

  return {
    refresh: async () => {
      const fresh = new Map<string, Inside>()
      let hasGrown = false
      for (const rule of session.state().cutRules) {
        const known = insideByRule.get(ruleKey(rule))
        const inside = known?.brokenAt.size === 0 ? known : await walk(rule)
        hasGrown ||= known !== undefined && inside.hashes.size > known.hashes.size
        fresh.set(ruleKey(rule), inside)
      }
      insideByRule = fresh
      memo = new Map()
      return hasGrown
    },
    isPermitted: record => {
      // A snapshot speaks for everyone's edits as its signer saw them: what was taken since, it cannot know.
      if (record.kind === "snapshot") {
        const later = session.state().cutRules.filter(({ circle }) => circle === record.circle)
        if (
          !session.covers(
            record.heads,
            later.map(({ operation }) => operation),
          )
        )
          return false
      }
      const heads = effectiveHeads(record, session.state().cutRules, sideOf)
      if (heads === "Waits") return false
      const name = `${record.device} ${record.circle} ${record.document.area}/${record.document.name} ${record.kind} ${[...heads].sort().join(" ")}`
      const known = memo.get(name)
      if (known !== undefined) return known
      const state = session.log.stateAt(heads)
      // Heads that are not here yet say nothing for ever: they may come.
      if (state === undefined) return false
      const target = {
        circle: record.circle,
        document: documentIdOf(session.group, record.circle, record.document, deps.sealer.hash),
        ...record.document,
      }
      const verb = record.kind === "snapshot" ? "snapshot" : "write"
      // What was moved counts while the move does.
      const isMoved = record.kind !== "moved" || state.arrivals.has(target.document)
      const isAllowed = isMoved && may(state, record.device, verb, target)
      memo.set(name, isAllowed)
      return isAllowed
    },
  }
}
