/**
 * The schema of a doctor-day's own SQLite, step by step. An object runs the steps that it has not run, so a landed step
 * is never edited. `WITHOUT ROWID` spares a written row per insert.
 */
export const migrations: readonly string[] = [
  `CREATE TABLE records (kind TEXT NOT NULL, id TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
   CREATE TABLE events (
     seq INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor_id TEXT, actor_role TEXT NOT NULL,
     action TEXT NOT NULL, subject_id TEXT, data TEXT NOT NULL
   );
   CREATE TABLE answers (
     principal TEXT NOT NULL, key TEXT NOT NULL, fingerprint TEXT NOT NULL, subject_id TEXT, answer TEXT,
     PRIMARY KEY (principal, key)
   ) WITHOUT ROWID;`,
  `CREATE TABLE chain_head (seq INTEGER NOT NULL, hash TEXT NOT NULL);`,
];
