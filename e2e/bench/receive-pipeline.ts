import * as A from "@automerge/automerge"
import { createSealer } from "@home/crypto"
import { ByteWriter } from "@home/shared/base"
import { type EntryFields, addEntry } from "@home/shared/documents"
import { createTestFamily } from "@home/shared/testing"
import { type SealedBundle, parseBody, parseBundle, parseChanges } from "@home/shared/wire"
import { native } from "../../sync-server/src/native/all.js"
import type { Benchmark, Measurement, Run } from "./benchmark.js"
import { interleave, timed } from "./rounds.js"

const year = "2026"
/** As links hand bundles on. */
const bundlesAtOnce = 64

const entryOf = (i: number): EntryFields => ({
  date: `${year}-${String(1 + (i % 12)).padStart(2, "0")}-${String(1 + (i % 28)).padStart(2, "0")}`,
  direction: "expense",
  status: "settled",
  amountMinor: 100 + (i % 9_000),
  currency: "EUR",
  account: "cash",
  payee: `Shop ${i % 40}`,
  note: `what was bought on that day, number ${i}`,
  category: "",
  tags: [],
  splits: [],
  shares: {},
})

const text = (domain: string): Uint8Array => new ByteWriter().text(domain).done()

/** crypto/SPEC.md K20, K21 and K23, by nothing but the primitives. */
const openByHand = async (bundle: SealedBundle, bundleKey: Uint8Array): Promise<Uint8Array> => {
  const digest = native.sha256(bundle.ciphertext)
  const signed = new ByteWriter(200).text("home/1/bundle").bytes(bundle.header).bytes(digest).done()
  if (!(await native.ed25519Verify(bundle.header.subarray(9, 41), signed, bundle.signature)))
    throw new Error("a signature does not count")
  const padded = native.xchacha20poly1305.open(bundleKey, bundle.nonce, bundle.header, bundle.ciphertext)
  if (padded === undefined) throw new Error("a bundle does not open")
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0)
  return padded.subarray(4, 4 + length)
}

const changesIn = (body: Uint8Array): readonly Uint8Array[] => {
  const parsed = parseBody(body)
  const changes = parsed && parseChanges(parsed.payload)
  if (changes === undefined) throw new Error("a body does not parse")
  return changes
}

/** Anna writes entries one by one; copies of Ben, who has none of them, take them in. */
const prepare = async (count: number) => {
  const family = createTestFamily({ sealer: random => createSealer({ random, primitives: native }) })
  const anna = await family.found("Anna")
  const ben = await family.join(anna, "Ben", "editor")
  const key = anna.replica.keyFor("ledger", year)
  await family.sync(anna, ben)
  const known = new Set((await ben.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles.map(b => b.hash))
  const member = anna.replica.session.state().devices.get(anna.identity.id)?.member ?? ""
  for (let i = 0; i < count; i++) {
    const id = i.toString(16).padStart(32, "0")
    const by = { author: member, nowMs: 1_770_000_000_000 + i }
    const changed = await anna.replica.change(key, (draft: unknown) =>
      addEntry(draft, { year, id, fields: entryOf(i), by }),
    )
    if (!changed.ok || !changed.value.ok) throw new Error("an entry was refused")
  }
  const all = (await anna.archive.readSince(0, Number.MAX_SAFE_INTEGER)).bundles
  const news = all.filter(({ hash }) => !known.has(hash)).map(({ bundle }) => bundle)
  return { family, anna, ben, key, news }
}

const measure = async (run: Run): Promise<readonly Measurement[]> => {
  const count = run.isQuick ? 128 : 1_024
  const { family, anna, ben, key, news } = await prepare(count)
  const epochKeyOf = (tag: string): Uint8Array => {
    const found = anna.replica.session.keyring.keyOf(tag)
    if (found === undefined) throw new Error("no key")
    return found.key
  }
  const info = text("home/1/bundle-key")
  const bundleKeys = new Map(
    news.map(({ epochTag }) => {
      const extracted = native.hkdfExtract(new Uint8Array(0), epochKeyOf(epochTag))
      return [epochTag, native.hkdfExpand(extracted, info, 32)] as const
    }),
  )
  const raw = news.map(({ bytes }) => bytes)
  const perSecond = (tookMs: number): number => (news.length * 1_000) / tookMs

  const receive = async (): Promise<number> => {
    const device = await family.copy(ben, true)
    const tookMs = await timed(async () => {
      for (let at = 0; at < raw.length; at += bundlesAtOnce)
        await device.replica.receive(raw.slice(at, at + bundlesAtOnce))
    })
    const rows = await device.replica.read(key, doc => {
      const { months } = doc as unknown as { readonly months: Readonly<Record<string, object>> }
      return Object.values(months).reduce((sum, month) => sum + Object.keys(month).length, 0)
    })
    if (rows !== count) throw new Error(`${rows} rows of ${count} arrived`)
    await device.replica.close()
    return perSecond(tookMs)
  }
  const byHand = async (take: (changes: readonly Uint8Array[]) => void): Promise<number> => {
    const tookMs = await timed(async () => {
      for (const bytes of raw) {
        const bundle = parseBundle(bytes)
        if (!bundle.ok) throw new Error(bundle.error.type)
        const bundleKey = bundleKeys.get(bundle.value.epochTag)
        if (bundleKey === undefined) throw new Error("no key")
        take(changesIn(await openByHand(bundle.value, bundleKey)))
      }
    })
    return perSecond(tookMs)
  }
  const decode = (): Promise<number> =>
    byHand(changes => {
      for (const change of changes) A.decodeChange(change)
    })
  const apply = async (): Promise<number> => {
    let doc = A.init<unknown>()
    let waiting: Uint8Array[] = []
    let bundles = 0
    const rate = await byHand(changes => {
      waiting.push(...changes)
      bundles += 1
      if (bundles % bundlesAtOnce !== 0 && bundles !== raw.length) return
      ;[doc] = A.applyChanges(doc, waiting)
      waiting = []
    })
    A.free(doc)
    return rate
  }

  const what = `${news.length} bundles of one ledger entry each, ${bundlesAtOnce} at a time`
  const decoding = await interleave(run.rounds, receive, decode)
  const applying = await interleave(run.rounds, receive, apply)
  return [
    {
      what: `${what}: beside verify, open, decode`,
      unit: "bundles/s",
      ours: decoding.ours,
      against: { name: "primitives", samples: decoding.theirs },
      goal: { type: "RatioAtLeast", bound: 0.7 },
    },
    {
      what: `${what}: beside verify, open, apply to a document`,
      unit: "bundles/s",
      ours: applying.ours,
      against: { name: "primitives and applyChanges", samples: applying.theirs },
      goal: { type: "None" },
    },
  ]
}

export const receivePipeline: Benchmark = {
  id: "P8",
  what: "receive pipeline",
  sides: [
    "ours: a replica takes sealed bundles in: signature, doubles, archive, key, certificate, rights, actors and columns checked, verdict, index, document changed and handed to its storage; archive and store in memory",
    "primitives: Ed25519, SHA-256, XChaCha20-Poly1305 (node:crypto, one derived key), inflate, and Automerge's decodeChange (or applyChanges into one document); nothing checked, kept or shown",
    "both: the same sealed bytes, one thread",
  ],
  run: async run => ({ type: "Measured", measurements: await measure(run) }),
}
