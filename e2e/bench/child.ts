import { type ChildProcess, fork } from "node:child_process"

// A benchmark's servers and crowds run in processes of their own: the same program, told by `--child NAME` what to be.

/** Plain values that pass between processes. */
export type Message = Readonly<Record<string, unknown>>

/** The parent as a child sees it. The child lives until the parent closes it. */
export interface Parent {
  readonly options: Message
  tell(message: Message): void
  onMessage(take: (message: Message) => void): void
}

export type ChildProgram = (parent: Parent) => Promise<void>

export interface Child {
  readonly pid: number
  /** Says something and gives the next thing that comes back. */
  ask(message: Message): Promise<Message>
  /** The next message that was not given yet. Rejects when the process has ended. */
  next(): Promise<Message>
  close(): Promise<void>
}

const childFlag = "--child"

let program: string | undefined

/** The file that was run, and that children are made of. */
export const beProgram = (file: string): void => {
  program = file
}

const running = new Set<Child>()

/** Closes those that nobody has closed, where the benchmark that started them has failed. */
export const closeChildren = async (): Promise<void> => {
  await Promise.all([...running].map(child => child.close()))
}

/** `execArgv`: for the child's Node, such as `--expose-gc`. What it prints goes to stderr: stdout is the result's. */
export const startChild = (name: string, options: Message = {}, execArgv: readonly string[] = []): Child => {
  if (program === undefined) throw new Error("no program to start")
  const forked: ChildProcess = fork(program, [childFlag, name, JSON.stringify(options)], {
    execArgv: [...process.execArgv, ...execArgv],
    stdio: ["ignore", 2, 2, "ipc"],
  })
  const messages: Message[] = []
  const waiting: { give: (message: Message) => void; fail: (error: Error) => void }[] = []
  let isEnded = false
  forked.on("message", (message: Message) => {
    const next = waiting.shift()
    if (next === undefined) messages.push(message)
    else next.give(message)
  })
  const ended = new Promise<void>(resolve => {
    forked.once("exit", () => {
      isEnded = true
      for (const { fail } of waiting.splice(0)) fail(new Error(`${name} has ended`))
      resolve()
    })
  })
  const next = (): Promise<Message> =>
    new Promise((give, fail) => {
      const message = messages.shift()
      if (message !== undefined) give(message)
      else if (isEnded) fail(new Error(`${name} has ended`))
      else waiting.push({ give, fail })
    })
  const child: Child = {
    pid: forked.pid ?? -1,
    next,
    ask: message => {
      forked.send(message)
      return next()
    },
    close: async () => {
      // It ends by itself then, so that `--cpu-prof` writes its profile.
      if (forked.connected) forked.disconnect()
      await ended
    },
  }
  running.add(child)
  void ended.then(() => running.delete(child))
  return child
}

/** The child that this process was started as; `undefined`: it is the parent. */
export const childOf = (
  args: readonly string[],
): { readonly name: string; readonly parent: Parent } | undefined => {
  const [flag, name, options] = args
  if (flag !== childFlag || name === undefined) return undefined
  process.once("disconnect", () => process.exit())
  return {
    name,
    parent: {
      options: JSON.parse(options ?? "{}") as Message,
      tell: message => void process.send?.(message),
      onMessage: take => void process.on("message", take),
    },
  }
}
