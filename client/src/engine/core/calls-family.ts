import { type MemberId, type Result, err, ok } from "@home/shared/base"
import { type Change, type OperationBody, accessLogOf } from "@home/shared/access"
import { type Author, type LateEdits, readHeard } from "@home/shared/replica"
import type { AccessLineView, ActRefused, Calls, CircleDocument, NotOpen } from "../port.js"
import { tendCard } from "./contacts.js"
import { type Context, notOpen } from "./context.js"
import type { Family } from "./family.js"

type FamilyCalls = Pick<
  Calls,
  | "setRole"
  | "removeMember"
  | "removeDevice"
  | "suspendDevice"
  | "resumeDevice"
  | "documentPolicy"
  | "setDocumentPolicy"
  | "accessLog"
  | "yieldTo"
  | "acceptLate"
  | "discardLate"
>

/** Who was a guest reads nothing of the family yet: he comes into Everyone with his new role. */
const addToEveryone =
  (family: Family, member: MemberId) =>
  (author: Author): Promise<OperationBody> =>
    Promise.resolve(author.listIn(family.replica.everyone(), [member]))

/** The document's policy, with another answer for users; the guests who were invited stay. */
const policyOf = (
  { replica }: Family,
  { area, name, circle: of }: CircleDocument,
  usersWrite: boolean | undefined,
): Extract<Change, { readonly type: "docPolicy" }> => {
  const { circle, id: document } = replica.keyFor(area, name, of)
  const current = replica.session.state().docPolicies.get(document)?.[0]
  return {
    type: "docPolicy",
    circle,
    document,
    usersWrite: usersWrite ?? current?.usersWrite ?? true,
    invited: [...(current?.invited ?? [])],
  }
}

export const createFamilyCalls = (context: Context): FamilyCalls => {
  const act = async (
    body: (author: Author) => Promise<OperationBody>,
  ): Promise<Result<void, ActRefused | NotOpen>> => {
    const family = context.family()
    if (family === undefined) return err(notOpen)
    const done = await family.replica.act(body)
    family.touch()
    return done.ok ? ok(undefined) : done
  }
  const lateOf = async (family: Family, id: string): Promise<LateEdits | undefined> =>
    (await family.replica.late()).find(({ bundle }) => bundle === id)

  return {
    setRole: async ({ member, role }) => {
      const changed = await act(author => author.setRole(member, role))
      const family = context.family()
      if (!changed.ok || family === undefined) return changed
      // Whoever looks after the family now also shares with others.
      if (role === "admin") await tendCard(family.device, context.deps.clock)
      const everyone = family.replica.session.state().circles.get(family.replica.everyone())
      if (role === "guest" || everyone?.members.has(member) === true) return changed
      return act(addToEveryone(family, member))
    },
    removeMember: ({ member }) => act(author => author.removeMember(member)),
    removeDevice: ({ device }) => act(author => author.removeDevice(device)),
    suspendDevice: ({ device }) => act(author => author.suspend(device)),
    resumeDevice: async ({ device }) => {
      const resumed = await act(() => Promise.resolve({ type: "resume", device } as const))
      // It lacks the keys of the meantime.
      if (resumed.ok) await context.family()?.replica.tend()
      return resumed
    },
    documentPolicy: ({ document }) => {
      const family = context.family()
      if (family === undefined) return Promise.resolve(err(notOpen))
      const { session, device } = family.replica
      const change = policyOf(family, document, undefined)
      const maySet =
        session.log.refusalOf(device, { ...change, usersWrite: !change.usersWrite }) === undefined
      return Promise.resolve(ok({ usersWrite: change.usersWrite, maySet }))
    },
    setDocumentPolicy: async ({ document, usersWrite }) =>
      act(async author => {
        const family = context.family()
        if (family === undefined) throw new Error("the family was closed while it acted")
        const change = policyOf(family, document, usersWrite)
        return { ...change, taking: await author.taking(change) }
      }),
    accessLog: async ({ share }) => {
      if (context.family() === undefined) return err(notOpen)
      const family = share === undefined ? context.family() : context.shares()?.of(share)?.family
      if (family === undefined) return ok([])
      const { session } = family.replica
      const heard = await readHeard(family.profile.store)
      const lines: AccessLineView[] = []
      for (const line of accessLogOf(session.log, context.sealer.hash)) {
        const operation = session.log.get(line.operation)
        const isGenuine = operation !== undefined && (await session.isGenuine(operation))
        lines.push({ ...line, isGenuine, heardAtMs: heard.get(line.operation) })
      }
      return ok(lines)
    },
    yieldTo: ({ to }) =>
      act(() => Promise.resolve({ type: "yield", to: { type: "Device", device: to } } as const)),
    acceptLate: async ({ id }) => {
      const family = context.family()
      if (family === undefined) return err(notOpen)
      const late = await lateOf(family, id)
      const accepted = late === undefined ? ok(undefined) : await family.replica.acceptLate(late)
      family.touch()
      return accepted
    },
    discardLate: async ({ id }) => {
      const family = context.family()
      if (family === undefined) return err(notOpen)
      const late = await lateOf(family, id)
      if (late !== undefined) await family.replica.discardLate(late)
      family.touch()
      return ok(undefined)
    },
  }
}
