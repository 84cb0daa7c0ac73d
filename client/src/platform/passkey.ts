/** A passkey and the salt from which it makes the secret that opens this device. */
interface PasskeyHint {
  readonly credentialId: Uint8Array
  readonly salt: Uint8Array
}

const secretBytes = 32

/** Not a shared secret of any server: nothing checks the challenge, the PRF's output is what counts. */
const challenge = (): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(32))

const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "")

const secretOf = (credential: Credential | null): Uint8Array | undefined => {
  if (!(credential instanceof PublicKeyCredential)) return undefined
  const first = credential.getClientExtensionResults().prf?.results?.first
  if (first === undefined) return undefined
  const bytes = ArrayBuffer.isView(first) ? new Uint8Array(first.buffer) : new Uint8Array(first)
  return bytes.length === secretBytes ? bytes : undefined
}

export const canUsePasskeys = (): boolean => "PublicKeyCredential" in globalThis

/** Asks for one of the passkeys; `undefined`: the person said no, or the platform has no PRF (WebAuthn L3, 10.1.4). */
export const readPasskey = async (passkeys: readonly PasskeyHint[]): Promise<Uint8Array | undefined> => {
  const evalByCredential = Object.fromEntries(
    passkeys.map(({ credentialId, salt }) => [base64url(credentialId), { first: new Uint8Array(salt) }]),
  )
  try {
    const credential = await navigator.credentials.get({
      publicKey: {
        challenge: challenge(),
        userVerification: "required",
        allowCredentials: passkeys.map(({ credentialId }) => ({
          type: "public-key",
          id: new Uint8Array(credentialId),
        })),
        extensions: { prf: { evalByCredential } },
      },
    })
    return secretOf(credential)
  } catch {
    // NotAllowedError: cancelled, timed out, or not there. The passphrase stays.
    return undefined
  }
}

/** Makes a passkey for this device and reads its secret at once; `undefined` as above. */
export const makePasskey = async (
  name: string,
): Promise<(PasskeyHint & { readonly secret: Uint8Array }) | undefined> => {
  const salt = crypto.getRandomValues(new Uint8Array(secretBytes))
  try {
    const credential = await navigator.credentials.create({
      publicKey: {
        challenge: challenge(),
        rp: { name: "HOME" },
        user: { id: crypto.getRandomValues(new Uint8Array(16)), name, displayName: name },
        // EdDSA, ES256, RS256 (COSE): whichever the platform has; the signature is not used.
        pubKeyCredParams: [-8, -7, -257].map(alg => ({ type: "public-key", alg })),
        authenticatorSelection: { userVerification: "required", residentKey: "preferred" },
        extensions: { prf: { eval: { first: salt } } },
      },
    })
    if (!(credential instanceof PublicKeyCredential)) return undefined
    const credentialId = new Uint8Array(credential.rawId)
    // Some platforms evaluate the PRF only when the passkey is asked for.
    const secret = secretOf(credential) ?? (await readPasskey([{ credentialId, salt }]))
    return secret === undefined ? undefined : { credentialId, salt, secret }
  } catch {
    return undefined
  }
}
