import type { ListenError } from "../net/listening.js"
import type { ProfileError } from "../profile/profile.js"
import type { MailboxError } from "../relay/mailbox-sqlite.js"
import type { TlsError } from "./secure.js"

export type StartError = ListenError | ProfileError | MailboxError | TlsError

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
    case "TlsFileUnreadable":
    case "NoCertificate":
    case "NoPrivateKey":
    case "KeyMismatch":
    case "CertificateExpired":
    case "CertificateTooEarly":
    case "AuthorityDamaged":
    case "NameNotPrivate":
      return explainTls(error)
  }
}

const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10)

const explainTls = (error: TlsError): string => {
  switch (error.type) {
    case "TlsFileUnreadable":
      return `${error.path} cannot be read (${error.code}): look at the path and at who may read it`
    case "NoCertificate":
      return `${error.path} holds no certificate in PEM: it must begin with -----BEGIN CERTIFICATE-----`
    case "NoPrivateKey":
      return error.encrypted
        ? `the key in ${error.path} is encrypted, and nobody is there to type: give one that is not`
        : `${error.path} holds no private key in PEM`
    case "KeyMismatch":
      return `the key in ${error.keyPath} does not belong to the certificate in ${error.path}`
    case "CertificateExpired":
      return `the certificate in ${error.path} ended on ${dayOf(error.untilMs)}: renew it`
    case "CertificateTooEarly":
      return `the certificate in ${error.path} begins on ${dayOf(error.fromMs)}: is this machine's clock right?`
    case "AuthorityDamaged":
      return `${error.folder} is damaged: restore it, or remove it; devices must then trust the new certificate that is made`
    case "NameNotPrivate":
      return `a certificate of this machine's own is good for names in a home only (nas.local, nas.lan, nas.home.arpa): for ${error.name} give a certificate with --tls-cert and --tls-key`
  }
}
