import { type CircleId, type Result, err, ok } from "@home/shared/base"
import type { CommandResult } from "@home/shared/documents"
import type { Replica } from "@home/shared/replica"
import { isFull } from "../../adapters/idb.js"
import type { Command, CommandContext } from "../command.js"
import { commands } from "../commands.js"
import type { Edit as GivenEdit } from "../messages.js"
import type { EditError } from "../port.js"

/** Of this replica: the place was found. */
type Edit = Omit<GivenEdit, "circle"> & { readonly circle?: CircleId | undefined }

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
  /** What stands before a command on a document was done: once is enough. */
  const prepared = new Set<string>()
  /** Edits begin one after the other, so each finds what those before it made; none waits for their disk. */
  let turn: Promise<unknown> = Promise.resolve()

  const change = async (
    document: Parameters<Replica["keyFor"]>,
    command: (draft: unknown) => CommandResult,
  ): Promise<Result<void, EditError>> => {
    const changed = await replica.change(replica.keyFor(...document), command)
    return changed.ok ? changed.value : err(changed.error)
  }

  const commandOf = ({ name }: Edit): Command<unknown> | undefined =>
    commands[name as keyof typeof commands] as Command<unknown> | undefined

  const prepare = async (edit: Edit): Promise<Result<void, EditError>> => {
    for (const before of commandOf(edit)?.before?.(edit.document) ?? []) {
      const { area, name } = before.document
      const key = `${edit.circle ?? ""}\n${edit.name}\n${edit.document}\n${area}/${name}`
      if (prepared.has(key)) continue
      const done = await change([area, name, edit.circle], before.run)
      if (!done.ok) return done
      prepared.add(key)
    }
    return ok(undefined)
  }

  const perform = async (edit: Edit): Promise<Result<void, EditError>> => {
    const command = commandOf(edit)
    if (command === undefined) return err({ type: "InvalidField", field: "name", expected: "a command" })
    const { document, circle, input } = edit
    const context: CommandContext = { document, by: { author: deps.author, nowMs: edit.nowMs } }
    return change([command.area, document, circle], draft => {
      const result = command.run(draft, input, context)
      return isDone(result, input) ? ok(undefined) : result
    })
  }

  const tried = async (edit: Edit): Promise<Result<void, EditError>> => {
    try {
      const ready = turn.then(() => prepare(edit))
      // Only the beginning of the edit keeps the next one waiting.
      turn = ready.catch(() => {})
      const before = await ready
      const result = before.ok ? await perform(edit) : before
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
      const answer = tried(edit)
      answers.set(edit.id, answer)
      answer.catch(() => answers.delete(edit.id))
      const oldest = answers.size > remembered ? answers.keys().next().value : undefined
      if (oldest !== undefined) answers.delete(oldest)
      return answer
    },
  }
}
