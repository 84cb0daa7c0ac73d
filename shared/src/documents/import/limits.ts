/** Every size beyond which an importer refuses or cuts, with its reason. Bytes or characters as the name says. */
export const importLimits = {
  /** A bill: 300 bytes a row, so a hundred thousand rows; providers export at most some years at once. */
  billBytes: 32 * 1024 * 1024,
  /** Rows of one bill: a ledger year holds some thousands. */
  billRows: 100_000,
  /** Lines before the header row of a bill: the longest known preamble has 25. */
  preambleLines: 200,
  /** Lines that one quoted cell of a bill may span: a remark has a few. */
  cellLines: 20,
  /** Attempts in one file to close a quote in a later line: each reads the record again. */
  cellJoins: 5_000,
  /** A calendar: twenty years of a busy person are about 10 MB. */
  calendarBytes: 32 * 1024 * 1024,
  /** Events and tasks of one file. */
  calendarComponents: 50_000,
  /** Components inside each other: calendar, event, alarm; more is no calendar. */
  componentDepth: 8,
  /** One unfolded content line: attachments inside a calendar are longer and are left out. */
  contentLineCharacters: 256 * 1024,
  /** Dates in RDATE or EXDATE of one event: a daily event over ten years. */
  datesPerPlan: 4_000,
  /** Instances of one event that were changed on their own. */
  overridesPerPlan: 1_000,
  remindersPerPlan: 16,
  /** Properties without a field that an event keeps: an invitation has about ten, attendees count as one. */
  extraProperties: 48,
  /** All of them together: what the plan's document keeps. */
  extraCharacters: 8_000,
  /** One note: a long book is 3 MB. */
  noteBytes: 4 * 1024 * 1024,
  /** All notes of a folder. */
  folderBytes: 256 * 1024 * 1024,
  /** Files in a folder, attachments included. */
  folderFiles: 50_000,
  /** Front matter is read by a YAML parser that recurses: real ones have under 2 kB. */
  frontMatterCharacters: 16 * 1024,
  tagsPerNote: 256,
  /** A chat as text: WhatsApp exports at most 40,000 messages, about 5 MB. */
  chatBytes: 64 * 1024 * 1024,
  chatMessages: 500_000,
  /** One chat message: WhatsApp itself allows 65,536 characters. */
  messageCharacters: 100_000,
  /** An author's name: WhatsApp allows 25 characters, address books more. */
  authorCharacters: 100,
  /** What is said about one file stays readable: further skips and warnings are counted, not listed. */
  reports: 1_000,
  /** How much of a file `detectFormat` looks at. */
  sniffBytes: 64 * 1024,
} as const
