import type { Skipped } from "../drafts.js"
import { importLimits } from "./limits.js"

/** What an importer has to say about a file: bounded, so that a broken file does not answer with a million lines. */
export class Report {
  readonly #skipped: Skipped[] = []
  readonly #warnings: string[] = []
  #unlisted = 0

  skip(line: number, reason: string): void {
    if (this.#skipped.length < importLimits.reports) this.#skipped.push({ line, reason })
    else this.#unlisted++
  }

  warn(warning: string): void {
    if (this.#warnings.length < importLimits.reports) this.#warnings.push(warning)
    else this.#unlisted++
  }

  done(): { readonly skipped: readonly Skipped[]; readonly warnings: readonly string[] } {
    const warnings =
      this.#unlisted === 0
        ? this.#warnings
        : [...this.#warnings, `${this.#unlisted} further remarks are not listed`]
    return { skipped: [...this.#skipped].sort((a, b) => a.line - b.line), warnings }
  }
}
