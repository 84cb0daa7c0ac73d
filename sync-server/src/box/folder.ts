import { readFileSync } from "node:fs"
import type { Random, Result } from "@home/shared/base"
import {
  type FolderSecret,
  type ProfileError,
  type SealedFolder,
  createFolder,
  hasProfile,
  openFolder,
} from "../profile/profile.js"

/** How the box's folder is opened without anybody there to ask. */
export interface BoxSecret {
  /** Default `key` in the data folder, made at the first start. */
  readonly keyFile?: string
  /** Instead of a key file: the first line of this file. */
  readonly passphraseFile?: string
}

const secretOf = ({ keyFile, passphraseFile }: BoxSecret): FolderSecret => {
  if (passphraseFile === undefined)
    return { type: "KeyFile", ...(keyFile === undefined ? {} : { path: keyFile }) }
  return { type: "Passphrase", ask: async () => readFileSync(passphraseFile, "utf8").split(/\r?\n/, 1)[0] }
}

/** The box's folder; made at the first start. It is in no family until somebody claims the box. */
export const openBoxFolder = (
  dir: string,
  secret: BoxSecret,
  random: Random,
): Promise<Result<SealedFolder, ProfileError>> =>
  hasProfile(dir)
    ? openFolder(dir, secretOf(secret), random)
    : createFolder(dir, secretOf(secret), random, [])
