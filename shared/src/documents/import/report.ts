import { importLimits } from "./limits.js"
import { type Remark, type Said, said } from "../remark.js"

/** What an importer has to say about a file: bounded, so that a broken file does not answer with a million lines. */
export class Report {
  readonly #skipped: Said[] = []
  readonly #warnings: Said[] = []
  #unlisted = 0

  skip(line: number, reason: string | Remark): void {
    if (this.#skipped.length < importLimits.reports) this.#skipped.push(said(line, reason))
    else this.#unlisted++
  }

  /** `line`: 0 for the whole file. */
  warn(line: number, reason: string | Remark): void {
    if (this.#warnings.length < importLimits.reports) this.#warnings.push(said(line, reason))
    else this.#unlisted++
  }

  done(): { readonly skipped: readonly Said[]; readonly warnings: readonly Said[] } {
    const warnings =
      this.#unlisted === 0
        ? this.#warnings
        : [...this.#warnings, said(0, { code: "Unlisted", count: this.#unlisted })]
    return { skipped: [...this.#skipped].sort((a, b) => a.line - b.line), warnings }
  }
}
