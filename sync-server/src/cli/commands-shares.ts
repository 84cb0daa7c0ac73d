import { Argument, type Command, Option } from "commander"
import type { Role } from "@home/shared/access"
import type { Run } from "./program.js"
import { shareBox } from "./share-box.js"
import { leaveShareOf } from "./share-leaving.js"
import { acceptOffer, createShare, listOffers, listShares, revokeShare } from "./shares.js"

const shareRoles = ["editor", "user", "guest"] as const satisfies readonly Role[]

/** What is shared with other families. */
export const shareCommands = (program: Command, run: Run): void => {
  const share = program.command("share").description("what is shared with another family")
  const create = share
    .command("create")
    .description("share notes, plans and a chat of their own with another family; what they read they keep")
    .argument("<name>", "what it is called on both sides")
    .requiredOption("--with <family>", "a contact's name, or the beginning of its id")
    .addOption(
      new Option("--role <role>", "what all their devices may do").choices(shareRoles).default("editor"),
    )
    .option(
      "--box",
      "bring this family's box in, which goes to the other family's relays in your stead",
      false,
    )
  create.action((title: string, options: { with: string; role: (typeof shareRoles)[number]; box: boolean }) =>
    run(create, home =>
      createShare(home, { title, family: options.with, role: options.role, withBox: options.box }),
    ),
  )
  const list = share.command("list").description("what is shared, by whom, and with which role")
  list.action(() => run(list, listShares))
  const offers = share
    .command("offers")
    .description("what other families have offered and nobody has accepted here")
  offers.action(() => run(offers, listOffers))
  const accept = share
    .command("accept")
    .description("come into what another family offers, with an identity made for it alone")
    .argument("<name>", "its name, or the beginning of its id")
    .option("--box", "bring this family's box in as well", false)
  accept.action((name: string, options: { box: boolean }) =>
    run(accept, home => acceptOffer(home, name, options.box)),
  )
  const box = share
    .command("box")
    .description("bring this family's box into a share, where it carries for you, or take it out")
    .argument("<name>", "its name, or the beginning of its id")
    .addArgument(new Argument("<in|out>", "in or out").choices(["in", "out"]))
  box.action((name: string, place: string) =>
    run(box, home => shareBox(home, { share: name, isIn: place === "in" })),
  )
  const leave = share
    .command("leave")
    .description(
      "go out of what another family made, with every device of this one; they keep what you wrote",
    )
    .argument("<name>", "its name, or the beginning of its id")
    .option("--yes", "do not ask", false)
  leave.action((name: string, options: { yes: boolean }) =>
    run(leave, home => leaveShareOf(home, { share: name, isYes: options.yes })),
  )
  const revoke = share
    .command("revoke")
    .description("end it: the other family keeps what it has and gets nothing new")
    .argument("<name>", "its name, or the beginning of its id")
    .option("--yes", "do not ask", false)
  revoke.action((name: string, options: { yes: boolean }) =>
    run(revoke, home => revokeShare(home, { share: name, isYes: options.yes })),
  )
}
