import { type Result, ok } from "@home/shared/base"
import { type Failure, fail } from "./failure.js"
import type { Home } from "./home.js"

/** Whether the person at the terminal means it. With nobody to ask, and without `--yes`, a usage error. */
export const confirmed = async (
  home: Home,
  isYes: boolean,
  text: string,
): Promise<Result<boolean, Failure>> => {
  if (isYes) return ok(true)
  const answer = await home.terminal.ask(`${text} [y/N] `)
  if (answer === undefined) return fail("usage", "there is no terminal to ask at: say --yes")
  return ok(/^(y|yes)$/i.test(answer.trim()))
}
