import { createHash } from "node:crypto"
import type { Authority } from "../../tls/own-certificate.js"

/** A UUID that belongs to this authority: installing the profile twice replaces it. */
const uuidOf = (authority: Authority, part: string): string => {
  const hex = createHash("sha256").update(part).update(authority.bytes).digest("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/**
 * A configuration profile with the authority as a root certificate (payload com.apple.security.root, Apple's
 * "Configuration Profile Reference"), not signed. The person still has to turn full trust on in the settings.
 */
export const appleProfile = (authority: Authority): string => {
  const payload = (part: string, type: string): string => `
    <key>PayloadIdentifier</key><string>home.${part}.${uuidOf(authority, part)}</string>
    <key>PayloadUUID</key><string>${uuidOf(authority, part)}</string>
    <key>PayloadType</key><string>${type}</string>
    <key>PayloadVersion</key><integer>1</integer>
    <key>PayloadDisplayName</key><string>${authority.name}</string>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>${payload("profile", "Configuration")}
    <key>PayloadContent</key>
    <array><dict>${payload("authority", "com.apple.security.root")}
    <key>PayloadCertificateFileName</key><string>ca.crt</string>
    <key>PayloadContent</key><data>${Buffer.from(authority.bytes).toString("base64")}</data>
    </dict></array>
</dict>
</plist>
`
}
