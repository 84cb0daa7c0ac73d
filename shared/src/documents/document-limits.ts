/** What commands refuse beyond, and readers cut their patience at. Characters unless the name says otherwise. */
export const documentLimits = {
  /** A title, payee, place: one line on a screen. */
  title: 500,
  /** A note on an entry, a message, a raw calendar field. */
  text: 128 * 1024,
  /** Tags, accounts, categories: names. */
  name: 200,
  /** Tags, splits, assignees, reminders of one item. */
  perItem: 100,
  /** Minor units of one entry: ten billion euros, so that nine thousand of them still sum exactly in a double. */
  amountMinor: 1_000_000_000_000,
  /** Things wrong that a reader lists for one document; it goes on reading beyond. */
  issues: 200,
  /** Steps of a recurrence rule that are tried for one window. */
  recurrenceSteps: 20_000,
  /** Unknown calendar properties kept with an item, all together. */
  extra: 8 * 1024,
  /** Addresses of one box: as many as the code that claims it carries. */
  addresses: 8,
  /** One of them. */
  addressBytes: 256,
  /** A contact card, or a key sealed to a device, in hex digits. */
  card: 4096,
} as const
