import "fake-indexeddb/auto"
import "@automerge/automerge"
import { expect, it } from "vitest"
import { foundTestFamily, must, newDatabaseName, startTestEngine } from "../testing/test-engine.js"

it("[E53] a year of the ledger is closed to users and opened again, by whoever may", async () => {
  const engine = startTestEngine(newDatabaseName())
  const tab = engine.openTab()
  const document = { area: "ledger", name: "2026" } as const
  expect(await tab.calls.documentPolicy({ document })).toEqual({ ok: false, error: { type: "NotOpen" } })
  await foundTestFamily(tab)
  const replica = engine.core.family()?.replica
  const told = () => must(tab, "documentPolicy", { document })
  expect(await told()).toEqual({ usersWrite: true, maySet: true })
  await must(tab, "setDocumentPolicy", { document, usersWrite: false })
  expect(await told()).toEqual({ usersWrite: false, maySet: true })
  const { id } = replica?.keyFor("ledger", "2026") ?? { id: "" as never }
  expect(replica?.session.state().docPolicies.get(id)).toMatchObject([{ usersWrite: false }])
  await must(tab, "setDocumentPolicy", { document, usersWrite: true })
  expect(await told()).toEqual({ usersWrite: true, maySet: true })
  const log = (await must(tab, "accessLog", {})) as readonly {
    readonly act: unknown
    readonly isGenuine: boolean
  }[]
  expect(log.map(({ act, isGenuine }) => [act, isGenuine])).toMatchObject([
    [{ type: "founded" }, true],
    [{ type: "policySet", usersWrite: false }, true],
    [{ type: "policySet", usersWrite: true }, true],
  ])
})
