/** Bounds of files that documents point to (photos, receipts): documents, wire and crypto share them. */
export const blobLimits = {
  /** Content of one chunk: what is lost when a connection breaks, and what lies in memory. */
  chunkBytes: 1024 * 1024,
  /** A sealed chunk: the content and its tag. */
  sealedChunkBytes: 1024 * 1024 + 16,
  /** Chunks of one blob: 64 MiB, a long scan or a short film. Their ids stand in the document, 64 digits each. */
  chunks: 64,
} as const
