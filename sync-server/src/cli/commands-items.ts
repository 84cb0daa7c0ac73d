import { type Command, Option } from "commander"
import { type Direction, directions } from "@home/shared/documents"
import { listChat, sendChat } from "./chat.js"
import { addLedgerEntry, listLedger } from "./ledger.js"
import { addNote, listNotes, showNote } from "./notes.js"
import { getBlob, showBlob } from "./blobs.js"
import { attachFile, detachFile } from "./receipts.js"
import { collect, parseCount, parseSeconds } from "./options.js"
import { circleOption } from "./place.js"
import { addPlanItem, listPlans } from "./plans.js"
import type { Run } from "./program.js"

const tagOption = (): Option =>
  new Option("--tag <name>", "may be said more than once").argParser(collect).default([])

/** Single entries, notes, plans and messages. */
export const itemCommands = (program: Command, run: Run): void => {
  ledgerCommands(program, run)
  blobCommands(program, run)
  noteCommands(program, run)
  planCommands(program, run)
  chatCommands(program, run)
}

const ledgerCommands = (program: Command, run: Run): void => {
  const ledger = program.command("ledger").description("income and expenses")
  const add = ledger
    .command("add")
    .description("add an entry")
    .argument("<amount>", "such as 12.50, never negative")
    .argument("<payee>", "who was paid, or who paid")
    .option("--date <YYYY-MM-DD>", "today if left out")
    .option("--currency <code>", "such as EUR; the account's or the family's if left out")
    .addOption(
      new Option("--direction <direction>", "where the money goes").choices(directions).default("expense"),
    )
    .option("--account <name>", "cash if left out")
    .option("--to-account <name>", "of a transfer")
    .option("--category <name>", "none if left out")
    .option("--note <text>", "", "")
    .addOption(tagOption())
    .addOption(circleOption())
  type Options = Partial<
    Record<"date" | "currency" | "account" | "toAccount" | "category" | "circle", string>
  >
  add.action(
    (
      amount: string,
      payee: string,
      options: Options & { direction: Direction; note: string; tag: string[] },
    ) =>
      run(add, home =>
        addLedgerEntry(home, {
          amount,
          payee,
          date: options.date,
          currency: options.currency,
          direction: options.direction,
          account: options.account,
          toAccount: options.toAccount,
          category: options.category,
          note: options.note,
          tags: options.tag,
          circle: options.circle,
        }),
      ),
  )
  const attach = ledger
    .command("attach")
    .description("attach a picture or a file to an entry")
    .argument("<entry>", "the beginning of its id")
    .argument("<path>", "the file, at most 64 MiB")
  attach.action((entry: string, path: string) => run(attach, home => attachFile(home, entry, path)))
  const detach = ledger
    .command("detach")
    .description("take an attached file from its entry")
    .argument("<file>", "the beginning of its id")
  detach.action((text: string) => run(detach, home => detachFile(home, text)))
  const list = ledger
    .command("list")
    .description("the newest entries")
    .option("--period <YYYY[-MM]>", "of one year or month")
    .option("--limit <number>", "at most so many", parseCount, 50)
    .addOption(circleOption())
  list.action(({ period, limit, circle }: { period?: string; limit: number; circle?: string }) =>
    run(list, home => listLedger(home, { period, limit, circle })),
  )
}

const blobCommands = (program: Command, run: Run): void => {
  const blob = program.command("blob").description("pictures and files that are attached to something")
  const get = blob
    .command("get")
    .description("write a file out; what is not here is asked for at the boxes")
    .argument("<file>", "the beginning of its id")
    .requiredOption("--out <path>", "where to")
    .option("--timeout <seconds>", "give up after so long", parseSeconds, 30_000)
  get.action((text: string, options: { out: string; timeout: number }) =>
    run(get, home => getBlob(home, text, { out: options.out, timeoutMs: options.timeout })),
  )
  const show = blob
    .command("show")
    .description("what it is, and whether it is here")
    .argument("<file>", "the beginning of its id")
  show.action((text: string) => run(show, home => showBlob(home, text)))
}

const noteCommands = (program: Command, run: Run): void => {
  const note = program.command("note").description("notes")
  const add = note
    .command("add")
    .description("write a note")
    .argument("<title>")
    .option("--body <text>", "its text")
    .addOption(new Option("--file <path>", "its text from a file; - is standard input").conflicts("body"))
    .addOption(tagOption())
    .addOption(circleOption())
  type Options = Partial<Record<"body" | "file" | "circle", string>>
  add.action((title: string, { body, file, tag, circle }: Options & { tag: string[] }) =>
    run(add, home => addNote(home, { title, body, file, tags: tag, circle })),
  )
  const show = note
    .command("show")
    .description("print a note")
    .argument("<note>", "its title, or the beginning of its id")
    .addOption(circleOption())
  show.action((text: string, { circle }: { circle?: string }) =>
    run(show, home => showNote(home, { note: text, circle })),
  )
  const list = note
    .command("list")
    .description("all notes")
    .option("--tag <name>", "with this tag")
    .addOption(circleOption())
  list.action(({ tag, circle }: { tag?: string; circle?: string }) =>
    run(list, home => listNotes(home, { tag, circle })),
  )
}

const planCommands = (program: Command, run: Run): void => {
  const plan = program.command("plan").description("events and tasks")
  const add = plan
    .command("add")
    .description("add an event, or a task when it has no start")
    .argument("<title>")
    .option("--task", "a task, also with a start", false)
    .option("--start <time>", "2026-11-21, 2026-11-21T18:30 or 2026-11-21T18:30[Europe/Berlin]")
    .option("--end <time>", "exclusive")
    .option("--due <time>", "of a task")
    .option("--rrule <rule>", "an RRULE, such as FREQ=WEEKLY;BYDAY=MO")
    .option("--location <text>", "", "")
    .option("--body <text>", "", "")
    .option("--list <list>", "a list's title or id; the family's if left out")
    .addOption(new Option("--assign <member>", "may be said more than once").argParser(collect).default([]))
    .addOption(tagOption())
    .addOption(circleOption())
  type Options = Partial<Record<"start" | "end" | "due" | "rrule" | "list" | "circle", string>>
  add.action(
    (
      title: string,
      options: Options & { task: boolean; location: string; body: string; assign: string[]; tag: string[] },
    ) =>
      run(add, home =>
        addPlanItem(home, {
          title,
          isTask: options.task,
          start: options.start,
          end: options.end,
          due: options.due,
          rrule: options.rrule,
          location: options.location,
          body: options.body,
          list: options.list,
          assignees: options.assign,
          tags: options.tag,
          circle: options.circle,
        }),
      ),
  )
  const list = plan
    .command("list")
    .description("all plans, by time")
    .option("--list <id>", "of one list")
    .option("--open", "without what is done or cancelled", false)
    .addOption(circleOption())
  list.action((options: { list?: string; open: boolean; circle?: string }) =>
    run(list, home => listPlans(home, { list: options.list, isOpen: options.open, circle: options.circle })),
  )
}

const chatCommands = (program: Command, run: Run): void => {
  const chat = program.command("chat").description("messages")
  const send = chat
    .command("send")
    .description("send a message")
    .argument("<text>")
    .option("--room <room>", "a room's title or id; the family's if left out")
    .addOption(circleOption())
  send.action((text: string, { room, circle }: { room?: string; circle?: string }) =>
    run(send, home => sendChat(home, { text, room, circle })),
  )
  const list = chat
    .command("list")
    .description("the last messages, and between them who came to read them or stopped")
    .option("--room <room>", "of one room")
    .option("--limit <number>", "at most so many", parseCount, 50)
    .addOption(circleOption())
  list.action(({ room, limit, circle }: { room?: string; limit: number; circle?: string }) =>
    run(list, home => listChat(home, { room, limit, circle })),
  )
}
