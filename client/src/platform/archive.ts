import { Zip, ZipDeflate, ZipPassThrough } from "fflate"

/** One file that holds many. */
export interface Archive {
  /** What is compressed already is put in as it is. */
  add(name: string, content: Uint8Array | Blob): Promise<void>
  /** All of it, as ZIP (PKWARE APPNOTE 6.3.9, names in UTF-8). */
  end(): Blob
}

/** Holds one of its files in memory at a time: the browser may keep the rest on disk. */
export const createArchive = (): Archive => {
  let parts: BlobPart[] = []
  const zip = new Zip((error, chunk) => {
    if (error !== null) throw error
    parts.push(new Uint8Array(chunk))
  })
  return {
    add: async (name, content) => {
      const isText = content instanceof Uint8Array
      const file = isText ? new ZipDeflate(name) : new ZipPassThrough(name)
      zip.add(file)
      file.push(isText ? content : new Uint8Array(await content.arrayBuffer()), true)
      parts = [new Blob(parts)]
    },
    end: () => {
      zip.end()
      return new Blob(parts, { type: "application/zip" })
    },
  }
}
