import type { ItemReader } from "./reading.js"

/** Where an imported item comes from; `sourceId` is stable inside the format. */
export interface Source {
  readonly format: string
  readonly sourceId: string
}

export const readSource = (reader: ItemReader): Source | undefined => {
  const format = reader.optionalText("importFormat")
  const sourceId = reader.optionalText("importId")
  return format === undefined || sourceId === undefined ? undefined : { format, sourceId }
}

/** The two registers that keep it. */
export const sourceFields = (source: Source | undefined) => ({
  importFormat: source?.format,
  importId: source?.sourceId,
})
