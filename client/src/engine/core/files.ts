import { type ChunkId, type Result, blobLimits, err, ok } from "@home/shared/base"
import type { BlobRef } from "@home/shared/documents"
import type { WantedFile } from "@home/shared/device"
import type { Blobs, Replica } from "@home/shared/replica"
import { isFull } from "../../adapters/idb.js"
import type {
  AskedOf,
  CircleDocument,
  FileRef as GivenFile,
  FileState,
  KeepFileError,
  Stop,
  StorageFull,
} from "../port.js"

/** Of this replica: the place was found. */
interface FileRef extends Omit<GivenFile, "document"> {
  readonly document: CircleDocument
}

/** Pictures and files of the family: kept, opened, and looked at, which is asking for them. */
export interface Files {
  /** The chunks as links and rooms get them: what arrives by them is told to who looks. */
  readonly blobs: Blobs
  /** Seals and stores a file. No document shows it yet: an edit does that. */
  keep(
    document: FileRef["document"],
    content: Blob,
    about: { readonly type: string; readonly name: string },
  ): Promise<Result<BlobRef, StorageFull | KeepFileError>>
  /** The content, of no type: what it is, is for the screen to find out. */
  open(ref: BlobRef): Promise<Result<Blob, { readonly type: "FileNotHere" }>>
  /** Tells how it stands with a file, and asks for it as long as somebody looks. */
  watch(file: FileRef, listener: (state: FileState) => void): Stop
  /** What somebody looks at and is not all here. */
  wanted(): Promise<readonly WantedFile[]>
  /** Who was asked for what is wanted. */
  setAsked(of: AskedOf): void
}

interface Watcher {
  readonly file: FileRef
  readonly listener: (state: FileState) => void
  shown: string
}

/** A file read piece by piece: all of it never lies in memory here. */
async function* piecesOf(content: Blob): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.size; at += blobLimits.chunkBytes)
    yield new Uint8Array(await content.slice(at, at + blobLimits.chunkBytes).arrayBuffer())
}

export const createFiles = (deps: {
  readonly blobs: Blobs
  readonly replica: Replica
  /** Somebody has begun to look at something that is not here. */
  readonly onWanted: () => void
  readonly onFailed: (error: unknown) => void
}): Files => {
  const { replica } = deps
  const watchers = new Set<Watcher>()
  let asked: AskedOf = "Nobody"

  const stateOf = async ({ ref }: FileRef): Promise<FileState> => {
    const state = await deps.blobs.state(ref)
    if (state === "Here" || state === "TooBig") return { type: state }
    const missing = (await deps.blobs.missing(ref)).length
    if (missing === ref.chunks.length) return { type: "Asked", of: asked }
    return { type: "Coming", part: 1 - missing / ref.chunks.length }
  }

  const tell = async (watcher: Watcher): Promise<FileState> => {
    const state = await stateOf(watcher.file)
    const shown = JSON.stringify(state)
    if (watchers.has(watcher) && watcher.shown !== shown) {
      watcher.shown = shown
      watcher.listener(state)
    }
    return state
  }
  const tellAll = (concerns: (file: FileRef) => boolean): void => {
    for (const watcher of watchers) if (concerns(watcher.file)) tell(watcher).catch(deps.onFailed)
  }
  const tellChunks = (ids: readonly ChunkId[]): void =>
    tellAll(({ ref }) => ref.chunks.some(chunk => ids.includes(chunk)))

  const blobs: Blobs = {
    ...deps.blobs,
    put: async (id, bytes, place) => {
      const isHere = await deps.blobs.put(id, bytes, place)
      if (isHere) tellChunks([id])
      return isHere
    },
  }
  const placeOf = ({ area, name, circle }: FileRef["document"]) => ({
    circle: circle ?? replica.everyone(),
    area,
    name,
  })

  return {
    blobs,
    keep: async (document, content, about) => {
      if (content.size > blobLimits.chunks * blobLimits.chunkBytes) return err({ type: "FileTooLong" })
      try {
        const kept = await blobs.add(placeOf(document), piecesOf(content), about)
        if (kept.ok) return kept
        return err({ type: kept.error.type === "TooLong" ? "FileTooLong" : "NoRoomForFile" })
      } catch (error) {
        if (isFull(error)) return err({ type: "StorageFull" })
        throw error
      }
    },
    open: async ref => {
      if ((await blobs.missing(ref)).length > 0) return err({ type: "FileNotHere" })
      const pieces: BlobPart[] = []
      try {
        for await (const piece of blobs.content(ref)) pieces.push(new Uint8Array(piece))
      } catch {
        // What the disk has altered was taken out, and is asked for again.
        tellChunks(ref.chunks)
        deps.onWanted()
        return err({ type: "FileNotHere" })
      }
      return ok(new Blob(pieces))
    },
    watch: (file, listener) => {
      const watcher: Watcher = { file, listener, shown: "" }
      watchers.add(watcher)
      tell(watcher).then(({ type }) => {
        if (type === "Asked" || type === "Coming") deps.onWanted()
      }, deps.onFailed)
      return () => void watchers.delete(watcher)
    },
    wanted: async () => {
      const wanted = new Map<string, WantedFile>()
      for (const { file } of watchers) {
        const { type } = await stateOf(file)
        if (type !== "Here" && type !== "TooBig")
          wanted.set(file.ref.id, { ref: file.ref, place: placeOf(file.document) })
      }
      return [...wanted.values()]
    },
    setAsked: of => {
      asked = of
      tellAll(() => true)
    },
  }
}
