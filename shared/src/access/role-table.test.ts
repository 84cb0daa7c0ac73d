import { describe, expect, it } from "vitest"
import type { DeviceId, DocumentId, MemberId } from "../base/index.js"
import type { Act } from "./acts.js"
import type { GroupLog } from "./log.js"
import { type OperationBody, type Role, nothingTaken } from "./operation.js"
import { type TestDevice, type TestFamily, createTestFamily, outcomeName } from "./testing/family.js"

const document = "dd".repeat(16) as DocumentId

type Subject = "founder" | Role | "box" | "suspended" | "removed"
const subjects: readonly Subject[] = [
  "founder",
  "admin",
  "editor",
  "user",
  "guest",
  "box",
  "suspended",
  "removed",
]

/** A family in which the subject stands between an elder admin and a junior member. */
interface World {
  readonly family: TestFamily
  readonly log: GroupLog
  readonly by: DeviceId
  readonly self: MemberId
  /** The subject's second device, which came after the first. */
  readonly tablet: DeviceId
  readonly elder: { readonly member: MemberId; readonly device: TestDevice }
  readonly junior: { readonly member: MemberId; readonly device: TestDevice }
  /** The junior's second device, suspended by the founder. */
  readonly held: DeviceId
  /** A guest who is in no circle. */
  readonly guest: MemberId
}

/** `suspended` and `removed`: an admin to whom that was done. */
const roleOf = (subject: Subject): Role =>
  subject === "founder" || subject === "suspended" || subject === "removed"
    ? "admin"
    : subject === "box"
      ? "user"
      : subject

const worldOf = (subject: Subject): World => {
  const family = createTestFamily(21)
  const log = family.log()
  const founder = family.founder.device.id
  const { everyone } = log.state()
  const admit = (role: Role, isBox = false) => {
    const person = { member: family.member(), device: family.device() }
    const newcomer = { ...person, role, ...(isBox ? { kind: "box" as const } : {}) }
    family.act(log, founder, family.body.addMember(log.state(), founder, newcomer))
    return person
  }
  const second = (member: MemberId): DeviceId => {
    const device = family.device()
    family.act(log, founder, family.body.addDevice(member, device))
    return device.id
  }
  const elder = admit("admin")
  const own = subject === "founder" ? family.founder : admit(roleOf(subject), subject === "box")
  if (subject === "guest")
    family.act(log, founder, family.body.circle(log.state(), founder, everyone, [own.member], []))
  const tablet = second(own.member)
  const junior = admit("user")
  const held = second(junior.member)
  family.act(log, founder, family.body.suspend(log.state(), founder, held))
  const guest = admit("guest").member
  if (subject === "suspended")
    family.act(log, founder, family.body.suspend(log.state(), founder, own.device.id))
  if (subject === "removed")
    family.act(log, founder, family.body.removeMember(log.state(), founder, own.member))
  return { family, log, by: own.device.id, self: own.member, tablet, elder, junior, held, guest }
}

interface RowOf {
  readonly name: string
  /** Who may; everybody else may not. */
  readonly may: readonly Subject[]
  readonly body: (world: World) => OperationBody
  /** The same as a screen asks for it beforehand. */
  readonly act?: (world: World) => Act
}

const admins = ["founder", "admin", "suspended"] as const
/** Keys are made and handed out by who reads the circle. */
const reading = ["founder", "admin"] as const

/** The table of protocol: "members, keys, circles" are the admins', downwards; the rest is one's own. */
const table: readonly RowOf[] = [
  {
    name: "take a member into Everyone",
    may: reading,
    body: ({ family, log, by }) => ({
      ...family.body.addMember(log.state(), by, {
        member: family.member(),
        device: family.device(),
        role: "editor",
        circles: [log.state().everyone],
      }),
    }),
    act: ({ log }) => ({ type: "addMember", role: "editor", circles: [log.state().everyone] }),
  },
  {
    name: "take a guest in",
    may: admins,
    body: ({ family, log, by }) =>
      family.body.addMember(log.state(), by, {
        member: family.member(),
        device: family.device(),
        role: "guest",
      }),
    act: () => ({ type: "addMember", role: "guest", circles: [] }),
  },
  {
    name: "add a device of one's own",
    may: [...admins, "editor", "user"],
    body: ({ family, self }) => family.body.addDevice(self, family.device()),
    act: ({ self }) => ({ type: "addDevice", member: self }),
  },
  {
    name: "add a device to a junior",
    may: admins,
    body: ({ family, junior }) => family.body.addDevice(junior.member, family.device()),
    act: ({ junior }) => ({ type: "addDevice", member: junior.member }),
  },
  {
    name: "add a device to a senior",
    may: ["founder"],
    body: ({ family, elder }) => family.body.addDevice(elder.member, family.device()),
    act: ({ elder }) => ({ type: "addDevice", member: elder.member }),
  },
  {
    name: "remove a junior",
    may: admins,
    body: ({ family, log, by, junior }) => family.body.removeMember(log.state(), by, junior.member),
    act: ({ junior }) => ({ type: "removeMember", member: junior.member }),
  },
  {
    name: "remove a senior",
    may: ["founder"],
    body: ({ family, log, by, elder }) => family.body.removeMember(log.state(), by, elder.member),
    act: ({ elder }) => ({ type: "removeMember", member: elder.member }),
  },
  {
    name: "remove one's own junior device",
    may: [...admins, "editor", "user", "guest"],
    body: ({ family, log, by, tablet }) => family.body.removeDevice(log.state(), by, tablet),
    act: ({ tablet }) => ({ type: "removeDevice", device: tablet }),
  },
  {
    name: "remove the device that one acts with",
    may: [],
    body: ({ family, log, by }) => family.body.removeDevice(log.state(), by, by),
    act: ({ by }) => ({ type: "removeDevice", device: by }),
  },
  {
    name: "remove a junior's device",
    may: admins,
    body: ({ family, log, by, junior }) => family.body.removeDevice(log.state(), by, junior.device.id),
    act: ({ junior }) => ({ type: "removeDevice", device: junior.device.id }),
  },
  {
    name: "raise a junior",
    may: admins,
    body: ({ family, log, by, junior }) => family.body.setRole(log.state(), by, junior.member, "editor"),
    act: ({ junior }) => ({ type: "setRole", member: junior.member, role: "editor" }),
  },
  {
    name: "lower a junior",
    may: admins,
    body: ({ family, log, by, junior }) => family.body.setRole(log.state(), by, junior.member, "guest"),
    act: ({ junior }) => ({ type: "setRole", member: junior.member, role: "guest" }),
  },
  {
    name: "lower a senior",
    may: ["founder"],
    body: ({ family, log, by, elder }) => family.body.setRole(log.state(), by, elder.member, "user"),
    act: ({ elder }) => ({ type: "setRole", member: elder.member, role: "user" }),
  },
  {
    name: "suspend a senior's device",
    may: admins,
    body: ({ family, log, by, elder }) => family.body.suspend(log.state(), by, elder.device.id),
    act: ({ elder }) => ({ type: "suspend", device: elder.device.id }),
  },
  {
    name: "lift a suspension of a junior's device",
    may: reading,
    body: ({ held }) => ({ type: "resume", device: held }),
    act: ({ held }) => ({ type: "resume", device: held }),
  },
  {
    name: "close a document to users",
    may: reading,
    body: ({ family, log, by }) => {
      const change = {
        type: "docPolicy",
        circle: log.state().everyone,
        document,
        usersWrite: false,
        invited: [],
      } as const
      return { ...change, taking: family.taking(log.state(), by, change) }
    },
    act: ({ log }) => ({
      type: "docPolicy",
      circle: log.state().everyone,
      document,
      usersWrite: false,
      invited: [],
    }),
  },
  {
    name: "make a circle with another",
    may: reading,
    body: ({ family, log, by, self, junior }) => family.body.newCircle(log, by, [self, junior.member]),
  },
  {
    name: "make a circle of oneself alone",
    may: [...reading, "editor", "user"],
    body: ({ family, log, by, self }) => family.body.newCircle(log, by, [self]),
  },
  {
    name: "take somebody into Everyone",
    may: reading,
    body: ({ log, guest }) => ({
      type: "circle",
      circle: log.state().everyone,
      add: [guest],
      remove: [],
      wraps: [],
      taking: nothingTaken,
    }),
  },
  {
    name: "take a junior out of Everyone",
    may: reading,
    body: ({ family, log, by, junior }) =>
      family.body.circle(log.state(), by, log.state().everyone, [], [junior.member]),
  },
  {
    name: "renew a key that needs it not",
    may: reading,
    body: ({ family, log, by }) => family.body.rekey(log.state(), by, log.state().everyone),
  },
  {
    name: "rebase a document",
    may: reading,
    body: ({ log }) => ({
      type: "rebase",
      circle: log.state().everyone,
      document,
      frontier: [],
      to: "ee".repeat(16) as DocumentId,
    }),
  },
  {
    name: "replace the recovery phrase",
    may: ["founder"],
    body: ({ family, log, by }) => family.body.setRecovery(log.state(), by),
  },
  {
    name: "hand one's rank to one's tablet",
    may: [...admins, "editor", "user", "guest"],
    body: ({ tablet }) => ({ type: "yield", to: { type: "Device", device: tablet } }),
    act: ({ tablet }) => ({ type: "yield", to: { type: "Device", device: tablet } }),
  },
  {
    name: "hand one's place to a junior",
    may: [...admins, "editor", "user", "guest"],
    body: ({ junior }) => ({ type: "yield", to: { type: "Member", member: junior.member } }),
    act: ({ junior }) => ({ type: "yield", to: { type: "Member", member: junior.member } }),
  },
]

describe("who may do what, by the log", () => {
  const worlds = new Map(subjects.map(subject => [subject, worldOf(subject)]))

  it.each(table)("[A54] [A70] $name", ({ may, body, act }) => {
    for (const [subject, world] of worlds) {
      const { family, log, by } = world
      const copy = family.log(log.operations())
      const said = outcomeName(family.tell(copy, by, body({ ...world, log: copy })))
      expect([subject, said === "Added" ? said : "refused"]).toEqual([
        subject,
        may.includes(subject) ? "Added" : "refused",
      ])
      const before = act && log.refusalOf(by, act(world))
      if (act !== undefined) expect([subject, before?.type ?? "Added"]).toEqual([subject, said])
    }
  })
})
