import { closeSync, chmodSync, existsSync, mkdirSync, openSync, statSync } from "node:fs"
import { dirname } from "node:path"
import Sqlite from "better-sqlite3"
import { type Result, err, ok } from "@home/shared/base"

export type SqliteConnection = Sqlite.Database

/**
 * Why a profile's file cannot be opened. `Damaged`: it is no database, or its pages contradict each other;
 * restore it, or join again and fetch from the peers. `Foreign`: a database of another program.
 * `Newer`: written by a newer version of this program, which must be installed to read it.
 */
export type DatabaseError =
  | { readonly type: "Damaged"; readonly path: string }
  | { readonly type: "Foreign"; readonly path: string }
  | { readonly type: "Newer"; readonly path: string; readonly version: number }

/** "HOME" in ASCII, in SQLite's header at offset 68. */
const applicationId = 0x484f4d45
const schemaVersion = 1

/**
 * Files up to this size are checked whole at every start (about 0.1 s per 100 MiB); of larger ones only what is
 * read. Bytes.
 */
const checkedWholeBytes = 256 * 1024 * 1024

/**
 * Pages that SQLite keeps for itself: its own default, where better-sqlite3 takes eight times as much, and the check of
 * the whole file fills it at every start. The operating system keeps the file as well, and can let it go. kB.
 */
const pageCacheKb = 2_000

/**
 * `entry`: the store; keys are encoded by `encodeKey`. `bundle`: the archive; `arrival` is never used twice.
 * `feed` and `island` are kept with each bundle, so that positions never scan; `total` has one row.
 */
const schema = `
  CREATE TABLE entry (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, value BLOB NOT NULL) STRICT;
  CREATE TABLE bundle (
    arrival INTEGER PRIMARY KEY AUTOINCREMENT, hash BLOB NOT NULL UNIQUE, feed INTEGER NOT NULL,
    seq INTEGER NOT NULL, tag BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE UNIQUE INDEX bundle_in_feed ON bundle (feed, seq, hash);
  CREATE INDEX bundle_under_tag ON bundle (tag, arrival);
  CREATE TABLE feed (id INTEGER PRIMARY KEY, feed BLOB NOT NULL UNIQUE, contiguous INTEGER NOT NULL) STRICT;
  CREATE TABLE island (feed INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    PRIMARY KEY (feed, first)) STRICT, WITHOUT ROWID;
  CREATE TABLE feed_tag (feed INTEGER NOT NULL, tag BLOB NOT NULL, PRIMARY KEY (feed, tag)) STRICT, WITHOUT ROWID;
  CREATE TABLE fork (feed INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (feed, seq)) STRICT, WITHOUT ROWID;
  CREATE TABLE total (bundles INTEGER NOT NULL, bytes INTEGER NOT NULL, identity BLOB NOT NULL) STRICT;
  INSERT INTO total VALUES (0, 0, randomblob(16));
`

/**
 * Opens (or creates) the one file of a profile: WAL, whose log the commit queue syncs before it resolves. Directory
 * 0700, files 0600. Who opens holds the profile's lock.
 */
export const openDatabase = (path: string): Result<SqliteConnection, DatabaseError> => {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (!existsSync(path)) closeSync(openSync(path, "ax", 0o600))
  chmodSync(path, 0o600) // before SQLite makes the log, which takes its mode from here
  const connection = new Sqlite(path)
  try {
    const problem = prepare(connection, path)
    if (problem === undefined) return ok(connection)
    connection.close()
    return err(problem)
  } catch (error) {
    connection.close()
    if (isDamage(error)) return err({ type: "Damaged", path })
    throw error
  }
}

const prepare = (connection: SqliteConnection, path: string): DatabaseError | undefined => {
  const empty = numberOf(connection, "schema_version") === 0
  const version = numberOf(connection, "user_version")
  if (!empty && numberOf(connection, "application_id") !== applicationId) return { type: "Foreign", path }
  if (version > schemaVersion) return { type: "Newer", path, version }
  connection.pragma("journal_mode = WAL")
  // The log is synced by `openWalSync`, off this thread.
  connection.pragma("synchronous = NORMAL")
  connection.pragma("trusted_schema = OFF")
  connection.pragma(`cache_size = ${-pageCacheKb}`)
  if (empty) {
    connection.exec(`BEGIN IMMEDIATE; ${schema}
      PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${schemaVersion}; COMMIT`)
    return undefined
  }
  if (statSync(path).size > checkedWholeBytes) return undefined
  const verdict = connection.pragma("quick_check(1)", { simple: true })
  return verdict === "ok" ? undefined : { type: "Damaged", path }
}

const numberOf = (connection: SqliteConnection, pragma: string): number =>
  Number(connection.pragma(pragma, { simple: true }))

const isDamage = (error: unknown): boolean =>
  error instanceof Sqlite.SqliteError && /^SQLITE_(NOTADB|CORRUPT)/.test(error.code)
