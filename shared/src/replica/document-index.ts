import type { BundleHash, ChangeHash } from "../base/index.js"
import type { BundleRecord, RecordedChange } from "./bundle-record.js"
import { Lineage } from "./lineage.js"
import { acceptedChanges, withoutDependents } from "./verdict.js"

/** What a new verdict means for the document in storage. */
export type IndexStep =
  /** These changes, in this order, may be applied on top of what is there. */
  | { readonly type: "Apply"; readonly changes: readonly ChangeHash[] }
  /** A change that is in the document no longer counts: build it anew from these, in this order. */
  | { readonly type: "Rebuild"; readonly changes: readonly ChangeHash[] }

/**
 * One document's bundles, the verdict over them, and which accepted changes have all their dependencies.
 * `fixed` are the initial changes of the document's area: part of every replica, in no bundle.
 */
export class DocumentIndex {
  readonly #records = new Map<BundleHash, BundleRecord>()
  readonly #snapshots: BundleRecord[] = []
  readonly #bundleByChange = new Map<ChangeHash, BundleHash>()
  readonly #changeByHash = new Map<ChangeHash, RecordedChange>()
  /** The changes at each (actor, seq): a second one there must be judged, not simply accepted. */
  readonly #changesByPlace = new Map<string, ChangeHash[]>()
  #hasEquivocation = false
  #accepted: ReadonlySet<ChangeHash> = new Set()
  #applied = new Set<ChangeHash>()
  #waiting: ChangeHash[] = []
  #lineage: Lineage
  /** What can be no change of this document, whoever wrote it: by its head, or because it failed its trial. */
  readonly #impossible = new Set<ChangeHash>()
  private readonly fixed: ReadonlySet<ChangeHash>

  constructor(private readonly fixedHeads: readonly RecordedChange[]) {
    this.fixed = new Set(fixedHeads.map(({ hash }) => hash))
    this.#lineage = this.#newLineage()
  }

  #newLineage(): Lineage {
    const lineage = new Lineage()
    for (const change of this.fixedHeads) lineage.add(change)
    return lineage
  }

  records(): Iterable<BundleRecord> {
    return this.#records.values()
  }

  record(hash: BundleHash): BundleRecord | undefined {
    return this.#records.get(hash)
  }

  /** The bundle that first brought a change. */
  bundleOf(change: ChangeHash): BundleHash | undefined {
    return this.#bundleByChange.get(change)
  }

  get accepted(): ReadonlySet<ChangeHash> {
    return this.#accepted
  }

  isApplied(change: ChangeHash): boolean {
    return this.#applied.has(change) || this.fixed.has(change)
  }

  /** Accepted changes whose dependencies are missing: something has not arrived yet. */
  get waitingCount(): number {
    return this.#waiting.length
  }

  /** What the document holds when it is as the verdict says, besides the fixed changes. */
  applied(): readonly ChangeHash[] {
    return [...this.#applied]
  }

  /** The given changes and all that they build upon, as far as it is in the document, parents first. */
  closureOf(heads: readonly ChangeHash[]): readonly ChangeHash[] {
    const found = new Set<ChangeHash>()
    const open = [...heads]
    for (let hash = open.pop(); hash !== undefined; hash = open.pop()) {
      if (found.has(hash) || !this.#applied.has(hash)) continue
      found.add(hash)
      open.push(...(this.#changeByHash.get(hash)?.deps ?? []))
    }
    return this.applied().filter(hash => found.has(hash))
  }

  /** What the document must not hold. */
  unaccepted(): readonly ChangeHash[] {
    return [...this.#changeByHash.keys()].filter(change => !this.#accepted.has(change))
  }

  /** These failed their trial: they count no more from the next `judge` on. */
  exclude(changes: Iterable<ChangeHash>): void {
    for (const change of changes) this.#impossible.add(change)
  }

  /** Those of the changes, given parents first, that are possible upon the document. */
  possible(changes: readonly ChangeHash[]): readonly ChangeHash[] {
    const lineage = this.#newLineage()
    for (const hash of this.#applied) {
      const change = this.#changeByHash.get(hash)
      if (change !== undefined) lineage.add(change)
    }
    const found = new Set<ChangeHash>()
    for (const hash of changes) {
      const change = this.#changeByHash.get(hash)
      const isReady = change?.deps.every(dep => this.isApplied(dep) || found.has(dep)) === true
      if (isReady && !this.#impossible.has(hash) && lineage.add(change)) found.add(hash)
    }
    return [...found]
  }

  /** Everything that counts, from the beginning. */
  restart(): IndexStep {
    this.#applied = new Set()
    this.#waiting = [...this.#accepted]
    this.#lineage = this.#newLineage()
    return { type: "Rebuild", changes: this.#takeReady() }
  }

  add(record: BundleRecord): void {
    if (record.kind === "snapshot" && !this.#records.has(record.hash)) this.#snapshots.push(record)
    this.#records.set(record.hash, record)
    for (const change of record.changes) {
      this.#changeByHash.set(change.hash, change)
      const place = `${change.actor} ${change.seq}`
      const there = this.#changesByPlace.get(place) ?? []
      if (!there.includes(change.hash)) there.push(change.hash)
      if (there.length > 1) this.#hasEquivocation = true
      this.#changesByPlace.set(place, there)
      // The originals are what a rebuild reads, a snapshot only where there is nothing else.
      if (!this.#bundleByChange.has(change.hash) || record.kind !== "snapshot") {
        this.#bundleByChange.set(change.hash, record.hash)
      }
    }
  }

  /**
   * Whether something in the document is known from contested snapshots only: without them it would vanish, and
   * nobody here could say who wrote it.
   */
  needsOriginals(isContested: (snapshot: BundleRecord) => boolean): boolean {
    const contested = this.#snapshots.filter(isContested)
    if (contested.length === 0) return false
    const hashes = new Set(contested.map(({ hash }) => hash))
    const elsewhere = new Set<ChangeHash>()
    for (const record of this.#records.values()) {
      if (!hashes.has(record.hash)) for (const { hash } of record.changes) elsewhere.add(hash)
    }
    return contested.some(({ changes }) =>
      changes.some(({ hash }) => this.#applied.has(hash) && !this.fixed.has(hash) && !elsewhere.has(hash)),
    )
  }

  /** Judges everything again and says what follows for the document. */
  judge(isPermitted: (record: BundleRecord) => boolean): IndexStep {
    const permitted = acceptedChanges(this.#records.values(), isPermitted)
    const accepted = withoutDependents(permitted, this.#impossible, this.#changeByHash)
    const isShrunk = [...this.#applied].some(change => !accepted.has(change))
    this.#accepted = accepted
    if (isShrunk) return this.restart()
    // Anew: what waited before may not count any more, and its past may be here now.
    this.#waiting = [...accepted].filter(change => !this.#applied.has(change))
    return { type: "Apply", changes: this.#takeReady() }
  }

  /**
   * The quick way for new bundles whose authors have the right, while nothing of the document is held back:
   * their changes are accepted, nothing else can change.
   */
  accept(records: readonly BundleRecord[]): IndexStep {
    const accepted = this.#accepted as Set<ChangeHash>
    for (const change of records.flatMap(record => record.changes)) {
      if (accepted.has(change.hash)) continue
      accepted.add(change.hash)
      this.#waiting.push(change.hash)
    }
    return { type: "Apply", changes: this.#takeReady() }
  }

  /** Whether every change of every bundle counts: then `accept` is as good as `judge`. */
  get isWhole(): boolean {
    return !this.#hasEquivocation && this.#accepted.size === this.#changeByHash.size
  }

  get hasEquivocation(): boolean {
    return this.#hasEquivocation
  }

  /** `wanted` and every change below it that does not count, parents first. */
  unacceptedBelow(wanted: readonly ChangeHash[]): readonly ChangeHash[] {
    const found: ChangeHash[] = []
    const seen = new Set<ChangeHash>()
    const visit = (change: ChangeHash): void => {
      if (seen.has(change) || this.#accepted.has(change) || this.fixed.has(change)) return
      seen.add(change)
      for (const dep of this.#changeByHash.get(change)?.deps ?? []) visit(dep)
      found.push(change)
    }
    for (const change of wanted) visit(change)
    return found
  }

  /** What is ready and impossible leaves the accepted ones, with everything that was built upon it. */
  #takeReady(): readonly ChangeHash[] {
    const ready: ChangeHash[] = []
    let waiting = this.#waiting
    let isAllPossible = true
    for (let isProgress = true; isProgress && waiting.length > 0;) {
      const rest: ChangeHash[] = []
      for (const hash of waiting) {
        const change = this.#changeByHash.get(hash)
        if (change?.deps.every(dep => this.isApplied(dep)) !== true) {
          rest.push(hash)
        } else if (this.fixed.has(hash) || this.#lineage.add(change)) {
          this.#applied.add(hash)
          ready.push(hash)
        } else {
          this.#impossible.add(hash)
          isAllPossible = false
        }
      }
      isProgress = rest.length < waiting.length
      waiting = rest
    }
    if (!isAllPossible) {
      this.#accepted = withoutDependents(new Set(this.#accepted), this.#impossible, this.#changeByHash)
    }
    this.#waiting = waiting.filter(change => this.#accepted.has(change))
    return ready
  }
}
