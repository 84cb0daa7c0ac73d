import {
  type NewPlan,
  addList,
  addNote,
  addPlan,
  familyRoomId,
  noteChatMonth,
  noteLedgerYear,
  addEntry,
  sendMessage,
  editBody,
  setFamilyCurrency,
} from "@home/shared/documents"
import type { Area, DocumentName } from "@home/shared/base"
import { rowOf, textOf } from "../replicas/workload.js"

/** How much a family has written. */
export interface FamilySize {
  readonly years: number
  readonly entriesPerYear: number
  readonly monthsOfChat: number
  readonly messagesPerMonth: number
  readonly notes: number
  readonly plans: number
}

export const fiveYears: FamilySize = {
  years: 5,
  entriesPerYear: 3_000,
  monthsOfChat: 60,
  messagesPerMonth: 1_000,
  notes: 1_000,
  plans: 500,
}

/** For `--quick`. */
export const shortWhile: FamilySize = {
  years: 1,
  entriesPerYear: 200,
  monthsOfChat: 2,
  messagesPerMonth: 60,
  notes: 20,
  plans: 20,
}

export const describeSize = (size: FamilySize): string =>
  `${size.years} ledger years of ${size.entriesPerYear} entries, ${size.monthsOfChat} chat months of ` +
  `${size.messagesPerMonth} messages, ${size.notes} notes of 2 kB, ${size.plans} plans`

/** One change of one document, the same on both sides of a comparison. */
export interface Step extends DocumentName {
  apply(draft: unknown): void
}

const author = "0".repeat(32)
const startMs = Date.UTC(2022, 0, 1)
const dayMs = 86_400_000
const byAt = (atMs: number) => ({ author, nowMs: atMs })
const idOf = (kind: number, n: number): string =>
  kind.toString(16).padStart(2, "0") + n.toString(16).padStart(30, "0")
const two = (n: number): string => String(n).padStart(2, "0")

/** What a household enters in one sitting, and says in one day. */
const perSitting = 10
const perDay = 30
const noteBytes = 2_000
const plansPerList = 50

const words =
  "bread milk rent school bicycle garden winter letter doctor birthday train kettle window paint".split(" ")
const proseOf = (n: number): string => {
  let text = ""
  for (let i = 0; text.length < noteBytes; i++)
    text += `${words[(n * 7 + i * i + i * (n % 11)) % words.length]} `
  return text.slice(0, noteBytes)
}

const must = (result: { readonly ok: boolean; readonly error?: unknown }): void => {
  if (!result.ok) throw new Error(`the family's content was refused: ${JSON.stringify(result.error)}`)
}

const firstYear = 2022
export const catalogueName: DocumentName = { area: "catalogue", name: "" }
export const bookName: DocumentName = { area: "book", name: "" }
export const lastLedger = ({ years }: FamilySize): DocumentName => ({
  area: "ledger",
  name: String(firstYear + years - 1),
})

function* chunks(count: number, size: number): Generator<readonly number[]> {
  for (let from = 0; from < count; from += size)
    yield Array.from({ length: Math.min(size, count - from) }, (_, i) => from + i)
}

function* ledger(year: string, entries: number): Generator<Step> {
  yield { ...catalogueName, apply: draft => must(noteLedgerYear(draft, year)) }
  for (const rows of chunks(entries, perSitting)) {
    yield {
      area: "ledger",
      name: year,
      apply: draft => {
        for (const n of rows) {
          const month = 1 + Math.floor((n * 12) / entries)
          const fields = { ...rowOf(n), date: `${year}-${two(month)}-${two(1 + (n % 28))}` }
          const atMs = Date.UTC(Number(year), month - 1, 1 + (n % 28))
          must(addEntry(draft, { year, id: idOf(1, n), fields, by: byAt(atMs) }))
        }
      },
    }
  }
}

function* chat(month: number, messages: number): Generator<Step> {
  const name = `${firstYear + Math.floor(month / 12)}-${two(1 + (month % 12))}`
  yield { ...catalogueName, apply: draft => must(noteChatMonth(draft, familyRoomId, name)) }
  const beginMs = Date.UTC(firstYear + Math.floor(month / 12), month % 12, 1)
  for (const said of chunks(messages, perDay)) {
    yield {
      area: "chat",
      name: `${familyRoomId}/${name}`,
      apply: draft => {
        for (const n of said)
          must(sendMessage(draft, { id: idOf(2, n), text: textOf(n), by: byAt(beginMs + n * 60_000) }))
      },
    }
  }
}

function* notes(from: number, to: number): Generator<Step> {
  for (const some of chunks(to - from, perSitting)) {
    const ids = some.map(n => from + n)
    yield {
      ...catalogueName,
      apply: draft => {
        for (const n of ids)
          must(
            addNote(draft, { id: idOf(3, n), title: `Note ${n}`, tags: [], by: byAt(startMs + n * dayMs) }),
          )
      },
    }
    for (const n of ids) {
      // Begun, and finished another day.
      for (const length of [noteBytes / 2, noteBytes]) {
        yield {
          area: "notes",
          name: idOf(3, n),
          apply: draft => must(editBody(draft, proseOf(n).slice(0, length))),
        }
      }
    }
  }
}

const planOf = (n: number): NewPlan => ({
  id: idOf(5, n),
  fields: {
    kind: "task",
    title: `Plan ${n}: ${words[n % words.length] ?? ""}`,
    due: { date: `${firstYear + (n % 5)}-${two(1 + (n % 12))}-${two(1 + (n % 28))}` },
    rdates: [],
    exdates: [],
    assignees: [],
    reminders: [],
    tags: [],
    location: "",
    url: "",
    status: "open",
  },
  body: "",
  by: byAt(startMs),
})

function* plans(from: number, to: number): Generator<Step> {
  for (const some of chunks(to - from, plansPerList)) {
    const list = idOf(4, from / plansPerList)
    const by = byAt(startMs)
    yield {
      ...catalogueName,
      apply: draft =>
        must(addList(draft, { id: list, title: `List ${from}`, kind: "tasks", colour: "", by })),
    }
    for (const few of chunks(some.length, 5)) {
      yield {
        area: "plans",
        name: list,
        apply: draft => {
          for (const n of few) must(addPlan(draft, planOf(from + n)))
        },
      }
    }
  }
}

/** What was written in one of the family's years, all years much alike. */
export const stepsOfYear = function* (size: FamilySize, index: number): Generator<Step> {
  const share = (count: number, at = index): number => Math.floor((count * at) / size.years)
  if (index === 0) yield { ...bookName, apply: draft => must(setFamilyCurrency(draft, "EUR")) }
  yield* ledger(String(firstYear + index), size.entriesPerYear)
  for (let month = share(size.monthsOfChat); month < share(size.monthsOfChat, index + 1); month++)
    yield* chat(month, size.messagesPerMonth)
  yield* notes(share(size.notes), share(size.notes, index + 1))
  for (let list = 0; list * plansPerList < size.plans; list++)
    if (list % size.years === index)
      yield* plans(list * plansPerList, Math.min(size.plans, (list + 1) * plansPerList))
}

/** Small documents, nothing else: `from` to `to`. */
export const stepsOfNotes = function* (from: number, to: number): Generator<Step> {
  for (let n = from; n < to; n++)
    yield { area: "notes", name: idOf(3, n), apply: draft => must(editBody(draft, `${n}`)) }
}

/** Every document, those of the first screen first. */
export const documentsOfFamily = (size: FamilySize): readonly DocumentName[] => {
  const seen = new Map<string, DocumentName>()
  const note = ({ area, name }: { area: Area; name: string }): void =>
    void seen.set(`${area} ${name}`, { area, name })
  for (const first of [catalogueName, bookName, lastLedger(size)]) note(first)
  for (let year = 0; year < size.years; year++) for (const step of stepsOfYear(size, year)) note(step)
  return [...seen.values()]
}
