import type { CircleId } from "@home/shared/base"
import { createRoot, getOwner } from "solid-js"
import { afterEach, expect, it } from "vitest"
import type { Home } from "./home.js"
import { keptMoney, readMoneyAhead } from "./kept-money.js"

const watched: string[] = []
const watch = (what: string) => {
  watched.push(what)
  return () => void watched.splice(watched.indexOf(what), 1)
}
afterEach(() => void watched.splice(0))

const open = () =>
  createRoot(lock => {
    const engine = {
      watchDocument: ({ area, circle }: { area: string; circle?: string }) =>
        watch(`${area} ${circle ?? "all"}`),
      watchSetAside: () => watch("set aside"),
    }
    return { lock, home: { engine, owner: getOwner(), membership: () => undefined } as unknown as Home }
  })

it("[U31] money is read once, ahead of whoever asks, and kept while other areas are shown", () => {
  const { home, lock } = open()
  readMoneyAhead(home)
  const before = [...watched]
  expect(before).toContain("book all")
  expect(before).toContain("ledger all")
  const { state } = keptMoney(home, undefined)
  expect(createRoot(dispose => [keptMoney(home, undefined).state, dispose()])[0]).toBe(state)
  expect(watched).toEqual(before)
  lock()
  expect(watched).toEqual([])
})

it("[U31] another book takes the place of the one that was kept", () => {
  const { home, lock } = open()
  const { state } = keptMoney(home, undefined)
  expect(keptMoney(home, "c1" as CircleId).state).not.toBe(state)
  expect(watched.filter(what => what.endsWith(" all"))).toEqual([])
  expect(watched).toContain("ledger c1")
  lock()
  expect(watched).toEqual([])
})
