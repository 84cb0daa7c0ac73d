import { hostname } from "node:os"
import { Argument, type Command, Option } from "commander"
import type { Role } from "@home/shared/access"
import { showAccessLog } from "./access-log.js"
import { parsePort, parseRelayUrl } from "./addresses.js"
import { claim } from "./claim.js"
import { fail } from "./failure.js"
import { found } from "./found.js"
import { invite } from "./invite.js"
import { join } from "./join.js"
import { listMembers, remove, setRole } from "./members.js"
import { argumentOf, parseLastDay } from "./options.js"
import { checkPhrase, replacePhrase } from "./phrase.js"
import { circleOption } from "./place.js"
import { policy, policyAreas } from "./policy.js"
import type { Run } from "./program.js"
import { refound } from "./refound.js"
import { resume, suspend } from "./suspend.js"

const memberRoles = ["admin", "editor", "user", "guest"] as const satisfies readonly Role[]

/** Who belongs to the family. */
export const familyCommands = (program: Command, run: Run): void => {
  const found_ = program
    .command("found")
    .description("found a family, with this device as its first; prints the recovery phrase once")
    .argument("<name>", "what the family is called")
    .requiredOption("--member <you>", "what you are called")
    .option(
      "--relay <url>",
      "a relay that the family's devices meet at (ws:// or wss://)",
      argumentOf(parseRelayUrl),
    )
    .option("--device <name>", "what this device is called", hostname())
  found_.action((name: string, options: { member: string; relay?: string; device: string }) =>
    run(found_, home =>
      found(home, { family: name, member: options.member, relay: options.relay, deviceName: options.device }),
    ),
  )

  const refound_ = program
    .command("refound")
    .description(
      "found a family with all that a device of an old one holds: for when its phrase and its last admin are lost",
    )
    .argument("<name>", "what the new family is called")
    .requiredOption("--member <you>", "what you are called")
    .requiredOption("--from <dir>", "the folder of the old family's device; it is only read")
    .option(
      "--relay <url>",
      "a relay that the family's devices meet at (ws:// or wss://)",
      argumentOf(parseRelayUrl),
    )
    .option("--device <name>", "what this device is called", hostname())
  refound_.action((name: string, options: { member: string; from: string; relay?: string; device: string }) =>
    run(refound_, home =>
      refound(home, {
        family: name,
        member: options.member,
        from: options.from,
        relay: options.relay,
        deviceName: options.device,
      }),
    ),
  )

  const claim_ = program
    .command("claim")
    .description("take a box into the family")
    .argument("<code>", "what the box printed at its first start")
  claim_.action((code: string) => run(claim_, home => claim(home, code)))

  const invite_ = program
    .command("invite")
    .description(
      "take in a new member, or another device of your own: prints an invitation and waits for the newcomer",
    )
    .addOption(new Option("--role <role>", "the newcomer's role").choices(memberRoles).default("editor"))
    .addOption(new Option("--own-device", "another device of yourself").default(false))
    .option(
      "--until <day>",
      "the last day of a guest's stay (YYYY-MM-DD); an admin's device then removes the guest",
      parseLastDay,
    )
    .option("--as <name>", 'somebody of the family before "home refound": what he wrote is his again')
    .option("--yes", "do not ask whether the six digits are the same", false)
    .option("--code", "also show a code to read out: four digits and three words, found at the relay", false)
    .option("--host <address>", "where to listen; 0.0.0.0 is every network of this machine", "0.0.0.0")
    .option("--port <number>", "0 takes a free one", argumentOf(parsePort), 0)
  type InviteFlags = {
    role: Role
    ownDevice: boolean
    until?: number
    as?: string
    yes: boolean
    code: boolean
    host: string
    port: number
  }
  invite_.action((options: InviteFlags) =>
    run(invite_, async home => {
      if (options.ownDevice && invite_.getOptionValueSource("role") === "cli") {
        return fail("usage", "--role and --own-device exclude each other: a device has its member's role")
      }
      if (options.until !== undefined && (options.ownDevice || options.role !== "guest"))
        return fail("usage", "--until is for guests: say --role guest")
      if (options.as !== undefined && options.ownDevice)
        return fail("usage", "--as and --own-device exclude each other")
      if (options.until !== undefined && options.until <= home.clock.now())
        return fail("usage", "--until names a day that is over")
      return invite(home, {
        admitAs: options.ownDevice
          ? { type: "OwnDevice" }
          : { type: "Member", role: options.role, untilMs: options.until },
        host: options.host,
        port: options.port,
        isYes: options.yes,
        isSpoken: options.code,
        as: options.as,
      })
    }),
  )

  const join_ = program
    .command("join")
    .description("take up an invitation: makes this a device of the family")
    .argument("<invitation>", 'what "home invite" printed, or the code that was read out, in quotes')
    .requiredOption("--member <name>", "what you are called")
    .option("--device <name>", "what this device is called", hostname())
    .option("--relay <url>", "where to look for a code that was read out", argumentOf(parseRelayUrl))
  join_.action((invitation: string, options: { member: string; device: string; relay?: string }) =>
    run(join_, home =>
      join(home, {
        invitation,
        member: options.member,
        deviceName: options.device,
        relay: options.relay,
      }),
    ),
  )

  const members_ = program
    .command("members")
    .description("who belongs to the family, and with which devices")
    .option("--all", "also who was removed", false)
  members_.action((options: { all: boolean }) =>
    run(members_, home => listMembers(home, { isAll: options.all })),
  )

  const role_ = program
    .command("role")
    .description("change what a member may do")
    .argument("<member>", "a name, or the beginning of an id")
    .addArgument(new Argument("<role>", "the new role").choices(memberRoles))
  role_.action((member: string, role: Role) => run(role_, home => setRole(home, { member, role })))

  const remove_ = program
    .command("remove")
    .description("remove a member or one device, and change the keys")
    .argument("<member|device>", "a name, or the beginning of an id")
    .option("--yes", "do not ask", false)
    .option("--phrase", "signed by the recovery phrase, which outranks everybody, the founder too", false)
  remove_.action((target: string, options: { yes: boolean; phrase: boolean }) =>
    run(remove_, home => remove(home, { target, isYes: options.yes, isByPhrase: options.phrase })),
  )

  const phrase_ = program
    .command("phrase")
    .description("the 24 words that open everything if every device is lost")
  const check = phrase_
    .command("check")
    .description("whether the words on the paper are still the right ones; once a year is often enough")
  check.action(() => run(check, checkPhrase))
  const fresh = phrase_
    .command("new")
    .description("put other words in their place: after they were used, or when somebody may have read them")
    .option(
      "--lost",
      "without the old words: only the founder, and who finds the old ones first may still act",
      false,
    )
  fresh.action((options: { lost: boolean }) =>
    run(fresh, home => replacePhrase(home, { isLost: options.lost })),
  )

  const suspend_ = program
    .command("suspend")
    .description("stop a device for now: it gets no new key, and what it writes waits")
    .argument("<device>", "its name, or the beginning of its id")
  suspend_.action((target: string) => run(suspend_, home => suspend(home, target)))

  const resume_ = program
    .command("resume")
    .description("lift a suspension: what the device wrote meanwhile counts")
    .argument("<device>", "its name, or the beginning of its id")
  resume_.action((target: string) => run(resume_, home => resume(home, target)))

  const log_ = program
    .command("log")
    .description(
      "who was let in, removed, suspended or given a role, and by whom; what came first stands first",
    )
  log_.action(() => run(log_, home => showAccessLog(home)))

  const policy_ = program
    .command("policy")
    .description(
      "who may write a document: a year of the ledger, a note or a list of plans; without options it is shown",
    )
    .addArgument(new Argument("<area>", "where it is").choices(policyAreas))
    .argument("<document>", "a year, or a title or the beginning of an id")
    .addOption(
      new Option("--users <answer>", "whether members with the role user write it").choices(["yes", "no"]),
    )
    .option("--guests <member...>", "the guests who may write it, and no others")
    .option("--no-guests", "no guest writes it")
    .addOption(circleOption())
  policy_.action(
    (
      area: (typeof policyAreas)[number],
      name: string,
      options: { users?: "yes" | "no"; guests?: string[] | false; circle?: string },
    ) =>
      run(policy_, home =>
        policy(home, {
          area,
          name,
          usersWrite: options.users === undefined ? undefined : options.users === "yes",
          guests: options.guests === false ? [] : options.guests,
          circle: options.circle,
        }),
      ),
  )
}
