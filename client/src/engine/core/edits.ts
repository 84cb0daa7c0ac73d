import { type Result, err, ok } from "@home/shared/base"
import type { CommandResult } from "@home/shared/documents"
import type { Replica } from "@home/shared/replica"
import { isFull } from "../../adapters/idb.js"
import { type Command, type CommandContext, commands } from "../commands.js"
import type { Edit } from "../messages.js"
import type { EditError } from "../port.js"

export interface Edits {
  /** The same edit sent twice (by a tab that lost its engine, by two tabs from one journal) is done once. */
  run(edit: Edit): Promise<Result<void, EditError>>
}

/** Answers that are remembered for edits that come again. */
const remembered = 10_000

/** What was there before under the id that this edit made: it was done already, and only the answer was lost. */
const isDone = (result: CommandResult, input: unknown): boolean =>
  !result.ok &&
  result.error.type === "AlreadyExists" &&
  (input as { readonly id?: unknown }).id === result.error.id

export const createEdits = (deps: {
  readonly replica: Replica
  readonly author: string
  /** The disk refused, or took something again. */
  readonly onDisk: (isFull: boolean) => void
}): Edits => {
  const { replica } = deps
  const answers = new Map<string, Promise<Result<void, EditError>>>()
  /** One after the other, each whole: an edit of what the one before it made must find it. */
  let last: Promise<unknown> = Promise.resolve()

  const change = async (
    document: Parameters<Replica["keyFor"]>,
    command: (draft: unknown) => CommandResult,
  ): Promise<Result<void, EditError>> => {
    const changed = await replica.change(replica.keyFor(...document), command)
    return changed.ok ? changed.value : err(changed.error)
  }

  const runNow = async (edit: Edit): Promise<Result<void, EditError>> => {
    const command = commands[edit.name as keyof typeof commands] as Command<unknown> | undefined
    if (command === undefined) return err({ type: "InvalidField", field: "name", expected: "a command" })
    const { document, input } = edit
    for (const before of command.before?.(document) ?? []) {
      const { area, name } = before.document
      const done = await change([area, name], before.run)
      if (!done.ok) return done
    }
    const context: CommandContext = { document, by: { author: deps.author, nowMs: edit.nowMs } }
    return change([command.area, document], draft => {
      const result = command.run(draft, input, context)
      return isDone(result, input) ? ok(undefined) : result
    })
  }

  const tried = async (edit: Edit): Promise<Result<void, EditError>> => {
    try {
      const result = await runNow(edit)
      deps.onDisk(false)
      return result
    } catch (error) {
      if (!isFull(error)) throw error
      deps.onDisk(true)
      answers.delete(edit.id)
      return err({ type: "StorageFull" })
    }
  }

  return {
    run: edit => {
      const known = answers.get(edit.id)
      if (known !== undefined) return known
      const answer = last.then(() => tried(edit))
      last = answer.catch(() => {})
      answers.set(edit.id, answer)
      answer.catch(() => answers.delete(edit.id))
      const oldest = answers.size > remembered ? answers.keys().next().value : undefined
      if (oldest !== undefined) answers.delete(oldest)
      return answer
    },
  }
}
