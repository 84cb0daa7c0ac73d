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
  /** Epoch tags that a store asks for: one per rekey of every circle it was ever in. */
  epochTags: 4_096,
  /** Feeds in one page of a Have: ten devices that began anew every week for thirty years are told at once. */
  haveFeeds: 16_384,
  /** Positions in one page of a Have: 16,384 feeds without holes have 1.2 MB. */
  havePageBytes: 2 * 1024 * 1024,
  /** Positions in one receipt, a page of a Have in a signal: 3,400 feeds. Small, for it goes through a relay. */
  receiptPageBytes: 256 * 1024,
  /** Feeds that a snapshot's manifest stands for: with their certificates 2 MB, half of a bundle. */
  manifestFeeds: 8_192,
  /**
   * Feeds that a store takes of one device in one circle, or in the log: a device has one per incarnation, and one
   * that began anew every week for twenty years has so many. They cost everybody 75 kB at every Have.
   */
  feedsPerDevice: 1_024,
  /** Ranges behind a gap, per feed; the lowest ones, the rest in a later round. */
  islands: 64,
  /** Bundles in one message: small ones are sent together. */
  bundlesPerMessage: 4_096,
  /** Bytes of bundles that are put together into one message or one relay blob. */
  bundlesPerMessageBytes: 256 * 1024,
  /** One message on a link, put together from its chunks: the largest bundle and its envelope. */
  linkMessageBytes: 5 * 1024 * 1024,
  /** Chunks that one message names: four of the longest blobs. */
  chunksPerMessage: 256,
  /** A sealed signal: a receipt of some thousand feeds. */
  signalBytes: 512 * 1024,
} as const
