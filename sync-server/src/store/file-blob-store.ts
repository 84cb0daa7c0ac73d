import { randomBytes } from "node:crypto"
import { mkdir, open, readFile, readdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import type { ChunkId } from "@home/shared/base"
import type { BlobStore } from "@home/shared/replica"
import { plainBytes } from "./sqlite-store.js"

const isMissing = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ENOENT"
const ifThere = async <T>(reading: Promise<T>): Promise<T | undefined> => {
  try {
    return await reading
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
const syncFolder = async (dir: string): Promise<void> => {
  const handle = await open(dir, "r")
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * A file for each chunk: `dir/<first two digits>/<id>`, mode 0600 in folders 0700; ADR 14 says why not SQLite. Written
 * beside its place, synced, renamed, and the folder synced: a crash leaves a `.part`, which is swept at the next start.
 */
export const openFileBlobStore = async (dir: string): Promise<BlobStore> => {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const folderOf = (id: ChunkId): string => join(dir, id.slice(0, 2))
  const pathOf = (id: ChunkId): string => join(folderOf(id), id)
  const sizeOf = async (path: string): Promise<number | undefined> => (await ifThere(stat(path)))?.size
  const folders = async (): Promise<readonly string[]> =>
    (await readdir(dir)).filter(name => /^[0-9a-f]{2}$/.test(name))

  for (const folder of await folders())
    for (const name of await readdir(join(dir, folder)))
      if (name.endsWith(".part")) await rm(join(dir, folder, name), { force: true })

  return {
    put: async (id, bytes) => {
      if ((await sizeOf(pathOf(id))) !== undefined) return
      const folder = folderOf(id)
      if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined) await syncFolder(dir)
      const part = `${pathOf(id)}.${randomBytes(8).toString("hex")}.part`
      const copy = bytes.slice()
      try {
        const handle = await open(part, "wx", 0o600)
        try {
          await handle.writeFile(copy)
          await handle.sync()
        } finally {
          await handle.close()
        }
        await rename(part, pathOf(id))
      } catch (error) {
        await rm(part, { force: true })
        throw error
      }
      await syncFolder(folder)
    },
    has: async id => (await sizeOf(pathOf(id))) !== undefined,
    get: async id => {
      const bytes = await ifThere(readFile(pathOf(id)))
      return bytes && plainBytes(bytes)
    },
    remove: async ids => {
      for (const id of ids) await rm(pathOf(id), { force: true })
    },
    list: async () => {
      const chunks: { id: ChunkId; sizeBytes: number }[] = []
      for (const folder of await folders()) {
        for (const name of await readdir(join(dir, folder))) {
          const sizeBytes = /^[0-9a-f]{64}$/.test(name) ? await sizeOf(join(dir, folder, name)) : undefined
          if (sizeBytes !== undefined) chunks.push({ id: name as ChunkId, sizeBytes })
        }
      }
      return chunks
    },
  }
}
