import CmdMox
import GRDB
import SystemPackage

/// An SQLite database of recordings.
struct SessionDatabase {
  private let queue: DatabaseQueue

  /// Opens the database, and makes it where there is none.
  init(_ file: FilePath) throws {
    queue = try DatabaseQueue(path: file.string)
    try queue.write { try Self.makeTables($0) }
  }

  /// Puts a recording in; one that is there already is replaced. All of it or nothing.
  func add(_ view: SessionView) throws {
    let session = SessionID(view).text
    try queue.write { database in
      try database.execute(sql: "DELETE FROM sessions WHERE id = ?", arguments: [session])
      try Self.addSession(view, session, to: database)
      try Self.addInvocations(view, session, to: database)
    }
  }

  func close() throws { try queue.close() }

  private static func makeTables(_ database: Database) throws {
    try database.execute(
      sql: """
        CREATE TABLE IF NOT EXISTS sessions (
          id TEXT PRIMARY KEY, created_at TEXT, command TEXT, cwd TEXT, mode TEXT,
          exit_code INTEGER, duration_ms INTEGER);
        CREATE TABLE IF NOT EXISTS invocations (
          id INTEGER PRIMARY KEY,
          session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
          sequence INTEGER, parent INTEGER, depth INTEGER, command TEXT, command_line TEXT,
          cwd TEXT, executable TEXT, pid INTEGER, ppid INTEGER, outcome TEXT, failed INTEGER,
          exit_code INTEGER, timestamp TEXT, start_us INTEGER, duration_us INTEGER,
          own_us INTEGER, user_cpu_us INTEGER, system_cpu_us INTEGER, max_rss_kib INTEGER,
          stdin TEXT, stdout TEXT, stderr TEXT);
        CREATE INDEX IF NOT EXISTS invocations_of_session ON invocations (session_id, sequence);
        CREATE INDEX IF NOT EXISTS invocations_of_command ON invocations (command);
        CREATE TABLE IF NOT EXISTS args (
          invocation_id INTEGER NOT NULL REFERENCES invocations (id) ON DELETE CASCADE,
          position INTEGER, value TEXT, PRIMARY KEY (invocation_id, position)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS env (
          invocation_id INTEGER NOT NULL REFERENCES invocations (id) ON DELETE CASCADE,
          name TEXT, value TEXT, PRIMARY KEY (invocation_id, name)) WITHOUT ROWID;
        CREATE VIEW IF NOT EXISTS slowest AS
          SELECT session_id, sequence, duration_us, own_us, outcome, command_line
          FROM invocations ORDER BY duration_us DESC;
        CREATE VIEW IF NOT EXISTS failed AS
          SELECT session_id, sequence, outcome, command_line, stderr
          FROM invocations WHERE failed ORDER BY session_id, sequence;
        CREATE VIEW IF NOT EXISTS by_command AS
          SELECT command, count(*) AS runs, sum(failed) AS failures, sum(own_us) AS own_us,
            sum(user_cpu_us + system_cpu_us) AS cpu_us, max(duration_us) AS longest_us
          FROM invocations GROUP BY command ORDER BY own_us DESC;
        """)
  }

  private static func addSession(
    _ view: SessionView, _ session: String, to database: Database
  ) throws {
    let facts = view.facts
    try database.execute(
      sql: "INSERT INTO sessions VALUES (?, ?, ?, ?, ?, ?, ?)",
      arguments: [
        session, view.fixture.metadata.createdAt, facts.commandLine, facts.cwd,
        facts.mode, facts.exitCode, facts.durationMs,
      ])
  }

  private static func addInvocations(
    _ view: SessionView, _ session: String, to database: Database
  ) throws {
    let marks = Array(repeating: "?", count: 23).joined(separator: ", ")
    let invocation = try database.makeStatement(
      sql: "INSERT INTO invocations VALUES (NULL, \(marks))")
    let argument = try database.makeStatement(sql: "INSERT INTO args VALUES (?, ?, ?)")
    let variable = try database.makeStatement(sql: "INSERT OR REPLACE INTO env VALUES (?, ?, ?)")
    let own = OwnTime(view)
    for place in view.recordings.indices {
      try invocation.execute(arguments: values(place, view, session, own))
      let id = database.lastInsertedRowID
      for (position, value) in view.recordings[place].args.enumerated() {
        try argument.execute(arguments: [id, position, value])
      }
      for (name, value) in view.recordings[place].envSubset {
        try variable.execute(arguments: [id, name, value])
      }
    }
  }

  private static func values(
    _ place: Int, _ view: SessionView, _ session: String, _ own: OwnTime
  ) -> StatementArguments {
    let recording = view.recordings[place]
    let process = recording.process
    let outcome = Outcome(recording)
    return [
      session, recording.sequence, view.tree.parents[place].map { view.recordings[$0].sequence },
      view.tree.depths[place], recording.command, recording.commandLine(), process?.cwd,
      process?.executable, process?.pid, process?.ppid, outcome.words, outcome.isFailure,
      recording.exitCode, recording.timestamp, view.intervals[place].startUs,
      view.intervals[place].lengthUs, own.lengthsUs[place], process?.userCpuUs,
      process?.systemCpuUs, process?.maxRssKib, recording.stdin, recording.stdout,
      recording.stderr,
    ]
  }
}
