/// A recording as OpenTelemetry spans, in OTLP's JSON encoding: one request a line.
///
/// The session is a span, each invocation is one below the one that started it. Ids are the same each
/// time that a recording is exported. Source: opentelemetry-proto 1.x, `ExportTraceServiceRequest`
/// (ids in hexadecimal, 64-bit numbers as strings); OpenTelemetry's semantic conventions for
/// processes.
package struct TraceRequests {
  /// A collector takes requests of a few megabytes.
  private static let spansInRequest = 1000

  private let view: SessionView
  private let id: SessionID
  private let traceID: String
  /// The caller's span, where the session was part of its trace.
  private let context: TraceContext?
  private let service: String
  private let resource: [(key: String, value: String)]

  /// - Parameters:
  ///   - service: `service.name`; nil for the one in `resource`, or the root's own name.
  ///   - resource: further attributes of the resource, which stand before our own.
  package init(
    _ view: SessionView, service: String? = nil,
    resource: [(key: String, value: String)] = []
  ) {
    self.view = view
    id = SessionID(view)
    context = TraceContext(of: view.facts)
    traceID = context?.traceID ?? id.text
    let name = view.facts.command?.first?.split(separator: "/").last.map(String.init)
    let named = resource.last { $0.key == Self.serviceName }?.value
    self.service = service ?? named ?? name ?? "cmdmox"
    let ours = [Self.serviceName, "process.command_args", "process.working_directory"]
    self.resource = resource.filter { !ours.contains($0.key) }
  }

  private static let serviceName = "service.name"

  /// Calls `send` for each request, a JSON text without a line break.
  package func forEachRequest(_ send: PieceWriter) throws {
    var text = JSONByteWriter(layout: .compact, capacity: JSONByteWriter.piece)
    // The session's own span goes with the first ones.
    var next = -1
    repeat {
      let end = min(next + Self.spansInRequest, view.recordings.count)
      request(next..<max(end, next + 1), into: &text)
      try send(text.bytes)
      text.removeAll()
      next = max(end, next + 1)
    } while next < view.recordings.count
  }

  private func request(_ places: Range<Int>, into text: inout JSONByteWriter) {
    text.beginObject()
    text.member("resourceSpans")
    text.beginArray()
    text.element()
    text.beginObject()
    text.member("resource")
    resource(into: &text)
    text.member("scopeSpans")
    text.beginArray()
    text.element()
    text.beginObject()
    text.member("scope")
    text.beginObject()
    text.member("name")
    text.string("cmdmox")
    text.member("version")
    text.string(view.fixture.metadata.cmdmoxVersion)
    text.endObject()
    text.member("spans")
    text.beginArray()
    for place in places {
      text.element()
      if place < 0 { session(into: &text) } else { span(place, into: &text) }
    }
    text.endArray()
    text.endObject()
    text.endArray()
    text.endObject()
    text.endArray()
    text.endObject()
  }

  private func resource(into text: inout JSONByteWriter) {
    let facts = view.facts
    text.beginObject()
    var attributes = Attributes(into: &text)
    attributes.add(Self.serviceName, service, into: &text)
    for (key, value) in resource { attributes.add(key, value, into: &text) }
    attributes.add("process.command_args", facts.command, into: &text)
    attributes.add("process.working_directory", facts.cwd, into: &text)
    attributes.end(into: &text)
    text.endObject()
  }

  private func session(into text: inout JSONByteWriter) {
    let facts = view.facts
    let words = facts.command ?? ["session"]
    begin(
      name: words[0], span: spanID(-1), parent: context?.spanID, view.whole, into: &text)
    var attributes = Attributes(into: &text)
    attributes.add("process.command_args", facts.command, into: &text)
    attributes.add("process.exit.code", facts.exitCode, into: &text)
    attributes.add("cmdmox.mode", facts.mode, into: &text)
    attributes.add("cmdmox.session.id", id.text, into: &text)
    attributes.end(into: &text)
    let code = facts.exitCode ?? 0
    end(failure: code == 0 ? nil : "exit \(code)", into: &text)
  }

  private func span(_ place: Int, into text: inout JSONByteWriter) {
    let recording = view.recordings[place]
    let process = recording.process
    let parent = view.tree.parents[place].map { spanID($0) } ?? spanID(-1)
    begin(
      name: recording.command, span: spanID(place), parent: parent, view.intervals[place],
      into: &text)
    var attributes = Attributes(into: &text)
    attributes.add("process.pid", process?.pid, into: &text)
    attributes.add("process.parent_pid", process?.ppid, into: &text)
    attributes.add("process.executable.name", recording.command, into: &text)
    attributes.add("process.executable.path", process?.executable, into: &text)
    attributes.add(
      "process.command_args", [process?.argv0 ?? recording.command] + recording.args, into: &text)
    attributes.add("process.working_directory", process?.cwd, into: &text)
    let outcome = Outcome(recording)
    attributes.add("process.exit.code", outcome.exitCode(of: recording), into: &text)
    attributes.add("cmdmox.sequence", recording.sequence, into: &text)
    attributes.add("cmdmox.outcome", outcome.words, into: &text)
    attributes.add("cmdmox.cpu.user_us", process?.userCpuUs, into: &text)
    attributes.add("cmdmox.cpu.system_us", process?.systemCpuUs, into: &text)
    attributes.add("cmdmox.memory.max_rss_kib", process?.maxRssKib, into: &text)
    attributes.end(into: &text)
    end(failure: outcome.isFailure ? outcome.words : nil, into: &text)
  }

  private func begin(
    name: String, span: String, parent: String?, _ interval: Interval,
    into text: inout JSONByteWriter
  ) {
    text.beginObject()
    text.member("traceId")
    text.string(traceID)
    text.member("spanId")
    text.string(span)
    text.member("parentSpanId", ifPresent: parent)
    text.member("name")
    text.string(name)
    text.member("kind")
    // SPAN_KIND_INTERNAL
    text.integer(1)
    text.member("startTimeUnixNano")
    text.string(nanoseconds(interval.startUs))
    text.member("endTimeUnixNano")
    text.string(nanoseconds(interval.endUs))
  }

  private func end(failure: String?, into text: inout JSONByteWriter) {
    text.member("status")
    text.beginObject()
    if let failure {
      text.member("message")
      text.string(failure)
      text.member("code")
      // STATUS_CODE_ERROR
      text.integer(2)
    }
    text.endObject()
    text.endObject()
  }

  /// A moment of the session, since 1970; nothing was before that.
  private func nanoseconds(_ timeUs: Int) -> String {
    let moment = UInt64(clamping: view.moment(timeUs))
    let (nanoseconds, isOver) = moment.multipliedReportingOverflow(by: 1000)
    return String(isOver ? .max : nanoseconds)
  }

  /// - Parameter place: -1 for the session.
  private func spanID(_ place: Int) -> String {
    SessionID.hexadecimal(id.part(place), digits: 16)
  }
}

extension Outcome {
  /// The status that the process ended with; nil where it did not, or nobody knows.
  fileprivate func exitCode(of recording: RecordedInvocation) -> Int? {
    switch self {
    case .succeeded, .exited, .signaled: recording.exitCode
    case .notExecuted, .replaced, .running, .unknown: nil
    }
  }
}

/// The member `attributes`.
private struct Attributes {
  init(into text: inout JSONByteWriter) {
    text.member("attributes")
    text.beginArray()
  }

  mutating func end(into text: inout JSONByteWriter) { text.endArray() }

  mutating func add(_ key: String, _ value: String?, into text: inout JSONByteWriter) {
    guard let value else { return }
    begin(key, into: &text)
    text.member("stringValue")
    text.string(value)
    end(&text)
  }

  mutating func add(_ key: String, _ value: Int?, into text: inout JSONByteWriter) {
    guard let value else { return }
    begin(key, into: &text)
    text.member("intValue")
    text.string(String(value))
    end(&text)
  }

  mutating func add(_ key: String, _ values: [String]?, into text: inout JSONByteWriter) {
    guard let values else { return }
    begin(key, into: &text)
    text.member("arrayValue")
    text.beginObject()
    text.member("values")
    text.beginArray()
    for value in values {
      text.element()
      text.beginObject()
      text.member("stringValue")
      text.string(value)
      text.endObject()
    }
    text.endArray()
    text.endObject()
    end(&text)
  }

  private func begin(_ key: String, into text: inout JSONByteWriter) {
    text.element()
    text.beginObject()
    text.member("key")
    text.string(key)
    text.member("value")
    text.beginObject()
  }

  private func end(_ text: inout JSONByteWriter) {
    text.endObject()
    text.endObject()
  }
}
