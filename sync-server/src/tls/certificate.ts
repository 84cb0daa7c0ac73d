import { webcrypto } from "node:crypto"
import { isIP } from "node:net"
import { AsnConvert, OctetString } from "@peculiar/asn1-schema"
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  NameConstraints,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  id_kp_serverAuth,
} from "@peculiar/asn1-x509"
import type { Random } from "@home/shared/base"
import { privateDomains, privateNetworks } from "../net/private-host.js"

/** PEM, as files and `node:tls` have it; the key is PKCS #8. */
export interface KeyedCertificate {
  readonly certificate: string
  readonly key: string
}

/** Milliseconds since 1970. */
interface Period {
  readonly fromMs: number
  readonly untilMs: number
}

const { subtle } = webcrypto
const curve = { name: "ECDSA", namedCurve: "P-256" } as const
const signing = { name: "ECDSA", hash: "SHA-256" } as const
/** ecdsa-with-SHA256, RFC 5758, section 3.2. */
const ecdsaWithSha256 = (): AlgorithmIdentifier =>
  new AlgorithmIdentifier({ algorithm: "1.2.840.10045.4.3.2" })
const commonName = "2.5.4.3"

const nameOf = (text: string): Name =>
  new Name([
    new RelativeDistinguishedName([
      new AttributeTypeAndValue({ type: commonName, value: new AttributeValue({ utf8String: text }) }),
    ]),
  ])

const extension = (extnID: string, critical: boolean, value: object): Extension =>
  new Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) })

/** A DNS name or an IP address as it stands in a certificate. */
const generalName = (host: string): GeneralName =>
  new GeneralName(isIP(host) === 0 ? { dNSName: host } : { iPAddress: host })

const pemOf = (label: string, der: ArrayBuffer): string => {
  const lines =
    Buffer.from(der)
      .toString("base64")
      .match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n")
}

const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ""), "base64")

interface Keys {
  readonly info: SubjectPublicKeyInfo
  /** RFC 7093, section 2, method 1: the first 160 bits of the SHA-256 of the public key's bits. */
  readonly keyId: ArrayBuffer
  readonly privateKey: webcrypto.CryptoKey
}

const keysOf = async ({ publicKey, privateKey }: webcrypto.CryptoKeyPair): Promise<Keys> => {
  const info = AsnConvert.parse(await subtle.exportKey("spki", publicKey), SubjectPublicKeyInfo)
  const digest = await subtle.digest("SHA-256", info.subjectPublicKey)
  return { info, keyId: digest.slice(0, 20), privateKey }
}

/** A positive serial of 127 random bits, first bit set: it never needs padding. RFC 5280, section 4.1.2.2. */
const serialOf = (random: Random): ArrayBuffer => {
  const bytes = Uint8Array.from(random.bytes(16))
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes.buffer
}

const sign = async (tbs: TBSCertificate, key: webcrypto.CryptoKey): Promise<string> => {
  const raw = new Uint8Array(await subtle.sign(signing, key, AsnConvert.serialize(tbs)))
  const certificate = new Certificate({
    tbsCertificate: tbs,
    signatureAlgorithm: ecdsaWithSha256(),
    signatureValue: derSignature(raw),
  })
  return pemOf("CERTIFICATE", AsnConvert.serialize(certificate))
}

/** `r 32 | s 32` of WebCrypto -> SEQUENCE of two INTEGERs, RFC 3279, section 2.2.3. */
const derSignature = (raw: Uint8Array): ArrayBuffer => {
  const integer = (bytes: Uint8Array): number[] => {
    const first = bytes.findIndex(byte => byte !== 0)
    const digits = [...bytes.subarray(first === -1 ? bytes.length - 1 : first)]
    const padded = (digits[0] ?? 0) >= 0x80 ? [0, ...digits] : digits
    return [0x02, padded.length, ...padded]
  }
  const both = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))]
  return Uint8Array.from([0x30, both.length, ...both]).buffer
}

const tbsOf = (
  fields: { subject: Name; issuer: Name; keys: Keys; extensions: readonly Extension[] },
  period: Period,
  random: Random,
): TBSCertificate =>
  new TBSCertificate({
    version: Version.v3,
    serialNumber: serialOf(random),
    signature: ecdsaWithSha256(),
    issuer: fields.issuer,
    validity: new Validity({ notBefore: new Date(period.fromMs), notAfter: new Date(period.untilMs) }),
    subject: fields.subject,
    subjectPublicKeyInfo: fields.keys.info,
    extensions: new Extensions([...fields.extensions]),
  })

const keyPem = async (keys: Keys): Promise<string> =>
  pemOf("PRIVATE KEY", await subtle.exportKey("pkcs8", keys.privateKey))

/** `address | mask`, RFC 5280, section 4.2.1.10. */
const subtreeOf = ({ address, bits }: (typeof privateNetworks)[number]): GeneralSubtree =>
  new GeneralSubtree({ base: new GeneralName({ iPAddress: `${address}/${bits}` }) })

/**
 * Makes an authority of P-256 that can vouch for nothing but TLS servers in private domains and networks (critical
 * name constraints; serverAuth), directly (path length 0).
 */
export const makeAuthority = async (
  name: string,
  period: Period,
  random: Random,
): Promise<KeyedCertificate> => {
  const keys = await keysOf(await subtle.generateKey(curve, true, ["sign", "verify"]))
  const permitted = [
    ...privateDomains.map(domain => new GeneralSubtree({ base: generalName(domain) })),
    ...privateNetworks.map(subtreeOf),
  ]
  const subject = nameOf(name)
  const extensions = [
    extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: true, pathLenConstraint: 0 })),
    extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign)),
    extension(id_ce_extKeyUsage, false, new ExtendedKeyUsage([id_kp_serverAuth])),
    extension(
      id_ce_nameConstraints,
      true,
      new NameConstraints({ permittedSubtrees: new GeneralSubtrees(permitted) }),
    ),
    extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(keys.keyId)),
  ]
  const tbs = tbsOf({ subject, issuer: subject, keys, extensions }, period, random)
  return { certificate: await sign(tbs, keys.privateKey), key: await keyPem(keys) }
}

/** Makes a server's certificate, of a new key, for DNS names and IP addresses. All must be private: see the authority. */
export const makeLeaf = async (
  authority: KeyedCertificate,
  hosts: readonly string[],
  period: Period,
  random: Random,
): Promise<KeyedCertificate> => {
  const issuer = AsnConvert.parse(derOf(authority.certificate), Certificate).tbsCertificate
  const issuerKey = await subtle.importKey("pkcs8", derOf(authority.key), curve, false, ["sign"])
  const issuerKeyId = await subtle.digest("SHA-256", issuer.subjectPublicKeyInfo.subjectPublicKey)
  const keys = await keysOf(await subtle.generateKey(curve, true, ["sign", "verify"]))
  const extensions = [
    extension(id_ce_basicConstraints, true, new BasicConstraints({ cA: false })),
    extension(id_ce_keyUsage, true, new KeyUsage(KeyUsageFlags.digitalSignature)),
    extension(id_ce_extKeyUsage, false, new ExtendedKeyUsage([id_kp_serverAuth])),
    extension(id_ce_subjectAltName, false, new SubjectAlternativeName(hosts.map(generalName))),
    extension(id_ce_subjectKeyIdentifier, false, new SubjectKeyIdentifier(keys.keyId)),
    extension(
      id_ce_authorityKeyIdentifier,
      false,
      new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(issuerKeyId.slice(0, 20)) }),
    ),
  ]
  const subject = nameOf("HOME")
  const tbs = tbsOf({ subject, issuer: issuer.subject, keys, extensions }, period, random)
  return { certificate: await sign(tbs, issuerKey), key: await keyPem(keys) }
}
