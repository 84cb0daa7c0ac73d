import type { ListenError } from "../net/listen.js"
import type { ProfileError } from "../profile/profile.js"
import type { MailboxError } from "../relay/mailbox-sqlite.js"

export type StartError = ListenError | ProfileError | MailboxError

/** Why a server does not start, and what to do: for the person who started it. */
export const explainStart = (error: StartError): string => {
  switch (error.type) {
    case "PortInUse":
      return `port ${error.port} is taken by another program, or by HOME itself: stop it, or choose another with --port N (0 takes a free one)`
    case "CannotListen":
      return `nothing can listen there (${error.code}): choose another --host or --port`
    case "MailboxInUse":
      return "another relay works with this data folder: stop it, or choose another folder with --data DIR"
    case "MailboxUnreadable":
      return `the relay's store cannot be read (${error.reason}): restore it, or remove it; devices send again what was in it`
    case "ProfileInUse": {
      const who = error.pid === undefined ? "another process" : `process ${error.pid}`
      return `${who} works with this data folder: stop it, or choose another folder with --data DIR`
    }
    case "KeyFileMissing":
      return `the key file ${error.path} is not there: without it the box's data cannot be opened; put it back`
    case "WrongSecret":
      return "the key file or the passphrase is not the one that the box's data was sealed with"
    case "NoPassphrase":
      return "the passphrase file is empty"
    case "NoProfile":
    case "ProfileExists":
    case "ProfileDamaged":
      return `the box's folder ${error.dir} is damaged: restore it, or move it away and claim the box anew; the family's devices still have what they have`
    case "Damaged":
    case "Foreign":
      return `${error.path} is damaged or no database of HOME: restore it, or move it away and claim the box anew`
    case "Newer":
      return `${error.path} was written by a newer version of HOME: install that one`
  }
}
