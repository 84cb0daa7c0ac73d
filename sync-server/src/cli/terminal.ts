import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"

/** Where a command reads from and writes to. */
export interface Terminal {
  /** A line of the result: standard output. */
  print(line: string): void
  /** A line for people: standard error. */
  say(line: string): void
  /** Overwrites one line on a terminal; silent elsewhere. `undefined` clears it. */
  progress(text: string | undefined): void
  env(name: string): string | undefined
  /** `undefined`: there is no terminal to ask at. */
  ask(question: string): Promise<string | undefined>
  /** The same, without showing what is typed. */
  askSecret(question: string): Promise<string | undefined>
}

const question = async (text: string, hidden: boolean): Promise<string | undefined> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined
  let isMuted = false
  const output = new Writable({
    write: (chunk: Buffer, _, done) => {
      if (!isMuted) process.stderr.write(chunk)
      done()
    },
  })
  const reader = createInterface({ input: process.stdin, output, terminal: true })
  try {
    const answer = reader.question(text)
    isMuted = hidden
    return await answer
  } finally {
    reader.close()
    if (hidden) process.stderr.write("\n")
  }
}

export const processTerminal = (): Terminal => ({
  print: line => void process.stdout.write(`${line}\n`),
  say: line => void process.stderr.write(`${line}\n`),
  progress: text => {
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text ?? ""}`)
  },
  env: name => process.env[name],
  ask: text => question(text, false),
  askSecret: text => question(text, true),
})

/**
 * What others wrote, made harmless for a terminal: control characters could move the cursor, change what was shown
 * or type commands, and marks of direction could turn a name around. Line ends and tabs stay.
 */
export const harmless = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd")

/** The same of JSON, which says no less for it: of control characters it escapes only the lower ones by itself. */
export const harmlessJson = (json: string): string =>
  json.replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  )
