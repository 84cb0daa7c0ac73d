import { blobLimits, bytesToHex } from "@home/shared/base"
import type { SealedChunk } from "@home/shared/wire"
import { createBlobSealer } from "../blob.js"
import type { BlobCipher } from "../blob-cipher.js"
import { scriptedRandom } from "./bytes.js"
import type { VectorFile } from "./own-vectors.js"

const run = (first: number, length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (first + i) & 0xff)
const key = run(0xe0, 32)

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

/** Chunks of blobs. Large content is given by its rule (byte i = i mod 256) and large chunks by their ids alone. */
export const blobVectors = async (
  cipher: BlobCipher,
  sha256: (bytes: Uint8Array) => Uint8Array,
): Promise<VectorFile> => {
  const sealer = createBlobSealer({ random: scriptedRandom(), cipher, sha256 })
  const chunksOf = async (content: Uint8Array): Promise<readonly SealedChunk[]> => {
    const chunks: SealedChunk[] = []
    for await (const chunk of sealer.seal(key, once(content))) chunks.push(chunk)
    return chunks
  }
  const small = async (name: string, content: Uint8Array): Promise<VectorFile["cases"][number]> => ({
    name,
    input: { key: bytesToHex(key), content: bytesToHex(content) },
    output: {
      chunks: (await chunksOf(content)).map(({ id, bytes }) => ({
        id: bytesToHex(id),
        chunk: bytesToHex(bytes),
      })),
    },
  })
  const large = async (name: string, sizeBytes: number): Promise<VectorFile["cases"][number]> => ({
    name,
    input: { key: bytesToHex(key), sizeBytes },
    output: {
      chunks: (await chunksOf(run(0, sizeBytes))).map(({ id, bytes }) => ({
        id: bytesToHex(id),
        sizeBytes: bytes.length,
      })),
    },
  })
  return {
    file: "blob.json",
    rules: ["K80", "K81", "K82"],
    cases: [
      await small("empty", new Uint8Array(0)),
      await small("one chunk", run(1, 40)),
      await large("a full chunk is the last one", blobLimits.chunkBytes),
      await large("two and a half chunks", 2.5 * blobLimits.chunkBytes),
    ],
  }
}
