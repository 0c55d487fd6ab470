/// A recording as a trace for Perfetto, speedscope and chrome://tracing.
///
/// Source: the Trace Event Format, JSON object form. Invocations are complete events (`X`), a lane
/// each thread, a program that executed another one goes on until that one ends; commands that could
/// not be executed are instants (`i`).
package enum ChromeTrace {
  private static let processID = 1

  package static func write(_ view: SessionView, to write: PieceWriter) throws {
    var text = JSONByteWriter(layout: .compact, capacity: JSONByteWriter.piece)
    let lanes = Lanes(view)
    text.beginObject()
    text.member("displayTimeUnit")
    text.string("ms")
    session(view, into: &text)
    text.member("traceEvents")
    text.beginArray()
    names(view, lanes, into: &text)
    for place in view.recordings.indices {
      text.element()
      event(place, view, lanes, into: &text)
      text.append(UInt8(ascii: "\n"))
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    text.endArray()
    text.endObject()
    text.append(UInt8(ascii: "\n"))
    try text.drain(to: write)
  }

  private static func session(_ view: SessionView, into text: inout JSONByteWriter) {
    let facts = view.facts
    text.member("otherData")
    text.beginObject()
    text.member("created_at")
    text.string(view.fixture.metadata.createdAt)
    text.member("command", ifPresent: facts.commandLine)
    text.member("cwd", ifPresent: facts.cwd)
    text.member("exit_code", ifPresent: facts.exitCode)
    text.endObject()
  }

  private static func names(
    _ view: SessionView, _ lanes: Lanes, into text: inout JSONByteWriter
  ) {
    name("process_name", view.facts.commandLine ?? "session", thread: 0, into: &text)
    for lane in lanes.heights.indices {
      name("thread_name", "lane \(lane + 1)", thread: lane + 1, into: &text)
    }
  }

  private static func name(
    _ what: StaticString, _ value: String, thread: Int, into text: inout JSONByteWriter
  ) {
    text.element()
    text.beginObject()
    text.member("ph")
    text.string("M")
    text.member("name")
    text.string(what.description)
    text.member("pid")
    text.integer(processID)
    text.member("tid")
    text.integer(thread)
    text.member("args")
    text.beginObject()
    text.member("name")
    text.string(value)
    text.endObject()
    text.endObject()
  }

  private static func event(
    _ place: Int, _ view: SessionView, _ lanes: Lanes, into text: inout JSONByteWriter
  ) {
    let recording = view.recordings[place]
    let outcome = Outcome(recording)
    text.beginObject()
    text.member("name")
    text.string(recording.command)
    text.member("cat")
    text.string(outcome.isFailure ? "failed" : "command")
    text.member("ph")
    text.string(outcome.wasExecuted ? "X" : "i")
    text.member("ts")
    text.integer(view.intervals[place].startUs)
    if outcome.wasExecuted {
      text.member("dur")
      text.integer(view.lifetimes[place].lengthUs)
    } else {
      text.member("s")
      text.string("t")
    }
    if outcome.isFailure {
      text.member("cname")
      text.string("terrible")
    }
    text.member("pid")
    text.integer(processID)
    text.member("tid")
    text.integer(lanes.lanes[place] + 1)
    text.member("args")
    details(recording, outcome, into: &text)
    text.endObject()
  }

  private static func details(
    _ recording: RecordedInvocation, _ outcome: Outcome, into text: inout JSONByteWriter
  ) {
    let process = recording.process
    text.beginObject()
    text.member("command")
    text.string(recording.commandLine())
    text.member("outcome")
    text.string(outcome.words)
    text.member("exit_code")
    text.integer(recording.exitCode)
    text.member("sequence")
    text.integer(recording.sequence)
    text.member("parent", ifPresent: process?.parent)
    text.member("pid", ifPresent: process?.pid)
    text.member("cwd", ifPresent: process?.cwd)
    text.member("executable", ifPresent: process?.executable)
    text.member("user_cpu_us", ifPresent: process?.userCpuUs)
    text.member("system_cpu_us", ifPresent: process?.systemCpuUs)
    text.member("max_rss_kib", ifPresent: process?.maxRssKib)
    text.endObject()
  }
}
