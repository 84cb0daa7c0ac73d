/** Every size that a parser refuses beyond, with its reason. Bytes unless the name says otherwise. */
export const limits = {
  /** One bundle. A ledger year's snapshot has about 0.5 MB, an import bundle 0.2 MB. */
  bundleBytes: 4 * 1024 * 1024,
  /** The inflated changes of one bundle: a 4 MB bundle of deflated text grows by about ten. */
  inflatedBytes: 32 * 1024 * 1024,
  /** Automerge changes in one bundle: an import makes one, a day offline some thousands. */
  changesPerBundle: 20_000,
  /** Operations inside one Automerge change: a long note pasted at once has one per character. */
  operationsPerChange: 1_000_000,
  /** Heads named by a bundle: one in peace, a few after a partition. */
  groupHeads: 64,
  /** A document's name, UTF-8. */
  nameBytes: 96,
  /** One membership operation: a rekey for 50 devices is 5 kB, with cuts of many feeds 64 kB is far away. */
  operationBytes: 256 * 1024,
} as const
