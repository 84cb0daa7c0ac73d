import { type Err, err } from "@home/shared/base"

/** What a command ends with. Scripts rely on the numbers: they never change. */
export const exitCodes = {
  done: 0,
  /** A bug: everything expected has a number of its own. */
  bug: 1,
  usage: 2,
  /** By role or membership, or by the person on the other side. */
  refused: 3,
  /** An input could not be read: file, line, reason. Nothing was half taken in. */
  unreadable: 4,
  unreachable: 5,
  passphrase: 6,
  inUse: 7,
} as const

export type FailureKind = Exclude<keyof typeof exitCodes, "done">

/** Why a command did not do what it was asked, in words for whoever asked. */
export interface Failure {
  readonly kind: FailureKind
  readonly message: string
  /** For programs: goes into the `error` object of `--json`. */
  readonly details?: Readonly<Record<string, string | number>>
}

export const fail = (
  kind: FailureKind,
  message: string,
  details?: Readonly<Record<string, string | number>>,
): Err<Failure> => err(details === undefined ? { kind, message } : { kind, message, details })
