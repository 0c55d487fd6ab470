/// One recording a line, for programs that read tables: jq, DuckDB, Spark, ClickHouse.
///
/// Every line has the session's facts too, so that lines of many sessions can stand in one table. All
/// members stand in every line, at the top level, in one order, `null` where nothing is known; there
/// are no objects whose members differ from line to line: a reader that infers a schema sees the same
/// one in each file.
package enum FlatRecordings {
  package static func write(_ view: SessionView, to write: PieceWriter) throws {
    var text = JSONByteWriter(layout: .compact, capacity: JSONByteWriter.piece)
    let session = SessionID(view).text
    for place in view.recordings.indices {
      text.beginObject()
      facts(of: view, session, into: &text)
      recording(place, of: view, into: &text)
      text.endObject()
      text.append(UInt8(ascii: "\n"))
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    try text.drain(to: write)
  }

  private static func facts(
    of view: SessionView, _ session: String, into text: inout JSONByteWriter
  ) {
    let facts = view.facts
    text.member("session_id")
    text.string(session)
    text.member("session_created_at")
    text.string(view.fixture.metadata.createdAt)
    text.member("session_command")
    if let command = facts.command { text.strings(command) } else { text.null() }
    text.member("session_cwd", orNull: facts.cwd)
    text.member("session_mode", orNull: facts.mode)
    text.member("session_exit_code", orNull: facts.exitCode)
    text.member("session_duration_ms", orNull: facts.durationMs)
  }

  private static func recording(
    _ place: Int, of view: SessionView, into text: inout JSONByteWriter
  ) {
    let recording = view.recordings[place]
    text.member("sequence")
    text.integer(recording.sequence)
    text.member("parent", orNull: view.tree.parents[place].map { view.recordings[$0].sequence })
    text.member("depth")
    text.integer(view.tree.depths[place])
    text.member("command")
    text.string(recording.command)
    text.member("args")
    text.strings(recording.args)
    text.member("command_line")
    text.string(recording.commandLine())
    environment(of: recording, into: &text)
    text.member("exit_code")
    text.integer(recording.exitCode)
    text.member("failed")
    text.bool(Outcome(recording).isFailure)
    text.member("timestamp")
    text.string(recording.timestamp)
    text.member("start_us")
    text.integer(view.intervals[place].startUs)
    text.member("duration_us")
    text.integer(view.intervals[place].lengthUs)
    text.member("own_us")
    text.integer(OwnTime.lengthUs(of: place, in: view))
    process(of: recording, into: &text)
    streams(of: recording, into: &text)
  }

  private static func environment(
    of recording: RecordedInvocation, into text: inout JSONByteWriter
  ) {
    text.member("env")
    text.beginArray()
    for (key, value) in recording.envSubset.sorted(by: { $0.key < $1.key }) {
      text.element()
      text.beginObject()
      text.member("name")
      text.string(key)
      text.member("value")
      text.string(value)
      text.endObject()
    }
    text.endArray()
  }

  private static func process(of recording: RecordedInvocation, into text: inout JSONByteWriter) {
    let process = recording.process
    text.member("pid", orNull: process?.pid)
    text.member("ppid", orNull: process?.ppid)
    text.member("executable", orNull: process?.executable)
    text.member("interpreter", orNull: process?.interpreter)
    text.member("cwd", orNull: process?.cwd)
    text.member("termination", orNull: process?.termination?.rawValue)
    text.member("signal", orNull: process?.signal)
    text.member("error", orNull: process?.error)
    text.member("opaque", orNull: process?.opaque?.rawValue)
    text.member("user_cpu_us", orNull: process?.userCpuUs)
    text.member("system_cpu_us", orNull: process?.systemCpuUs)
    text.member("max_rss_kib", orNull: process?.maxRssKib)
  }

  private static func streams(of recording: RecordedInvocation, into text: inout JSONByteWriter) {
    text.member("stdin")
    text.string(recording.stdin)
    text.member("stdout")
    text.string(recording.stdout)
    text.member("stderr")
    text.string(recording.stderr)
  }
}
