import type { BlobRef } from "@home/shared/documents"
import type { DocumentRef } from "./port-documents.js"

/** A picture or another file, and the document that shows it. */
export interface FileRef {
  readonly ref: BlobRef
  readonly document: DocumentRef
}

/** Whom this device has asked for a file that is not here. Nobody: neither box nor relay answers right now. */
export type AskedOf = "Box" | "Devices" | "Nobody"

export type FileState =
  | { readonly type: "Here" }
  /** `part`: what of it is here, from 0 to 1. */
  | { readonly type: "Coming"; readonly part: number }
  | { readonly type: "Asked"; readonly of: AskedOf }
  /** More than this device may hold beside what no box keeps yet. */
  | { readonly type: "TooBig" }

export type KeepFileError =
  /** More than 64 MiB. */
  | { readonly type: "FileTooLong" }
  /** This device holds as many files as it may, and no box keeps them yet. */
  | { readonly type: "NoRoomForFile" }
