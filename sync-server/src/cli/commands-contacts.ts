import type { Command } from "commander"
import {
  addContactCard,
  listContactCards,
  removeContactCard,
  showContact,
  verifyContactCard,
} from "./contacts.js"
import type { Run } from "./program.js"

/** Other families. */
export const contactCommands = (program: Command, run: Run): void => {
  const contact = program.command("contact").description("other families: their cards, and yours for them")
  const show = contact
    .command("show")
    .description("your family's card, for another family to add; it names no member and no device")
  show.action(() => run(show, showContact))
  const add = contact
    .command("add")
    .description("take in another family's card, and show the number to compare")
    .argument("<card>", 'what "home contact show" printed there')
  add.action((card: string) => run(add, home => addContactCard(home, card)))
  const list = contact.command("list").description("the families whose cards are here, and who was verified")
  list.action(() => run(list, listContactCards))
  const verify = contact
    .command("verify")
    .description("say that the other family sees the same number")
    .argument("<family>", "its name, or the beginning of its id")
    .argument("[number]", "the sixty digits that they see, in quotes; without them you are asked")
  verify.action((family: string, number: string | undefined) =>
    run(verify, home => verifyContactCard(home, { family, number })),
  )
  const remove = contact
    .command("remove")
    .description("forget a family's card, and what was verified of it")
    .argument("<family>", "its name, or the beginning of its id")
    .option("--yes", "do not ask", false)
  remove.action((family: string, options: { yes: boolean }) =>
    run(remove, home => removeContactCard(home, { family, isYes: options.yes })),
  )
}
