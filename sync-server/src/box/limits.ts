/** Every bound of the box. */
export const boxLimits = {
  /** TCP connections; health checks and pages included. */
  tcpConnections: 1_024,
  /** Links, and handshakes on the way to one: 50 devices with a second connection while they change networks. */
  links: 256,
  /** From one address: behind a proxy that hides them all devices have the same one. */
  linksPerAddress: 64,
  /** Time for a handshake and the first message behind it, milliseconds. */
  handshakeMs: 10_000,
  /** Time for the person who claims to confirm, milliseconds. */
  claimMs: 10 * 60_000,
  /** Shares of the family that a box is in: each is an open archive. */
  shares: 64,
  /** Time for a device to bring the box into a share, milliseconds. */
  shareMs: 60_000,
  /** Until a box that no relay has heard tries again to be reachable there, milliseconds. */
  rendezvousRetryMs: 30_000,
  /** Wrong claim secrets. The secret has 256 bits; this keeps the log and the CPU quiet. */
  claimAttempts: { failures: 10, windowMs: 60_000, addresses: 10_000 },
  /** One Noise message: the largest that the framework allows (section 3). */
  socketMessageBytes: 65_535,
  /** Quiet time after which the box says what its archive has, milliseconds. */
  receiptDelayMs: 2_000,
  /** New bundles after which the circles' documents are taken anew for those who join: so many, ... */
  snapshotBundles: 200,
  /** ... and such a share of those that were there the last time. */
  snapshotShare: 1 / 8,
  /** Time for a device that the log does not know (yet) to show the operations that admit it, milliseconds. */
  introductionMs: 10_000,
} as const
