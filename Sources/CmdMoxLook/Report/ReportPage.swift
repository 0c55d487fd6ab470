import CmdMox
import Mustache

/// The report: one page with everything in it.
struct ReportPage {
  let view: SessionView
  private let own: OwnTime
  private let path: CriticalPath
  private let totals: [CommandTotals]

  /// Of each table, this many lines.
  private static let most = 20
  /// Commands with a colour of their own; report.css has as many.
  private static let colors = 10
  /// Stands in the page where the recordings go, which are too many for a template. No text of a
  /// recording has a control character in it by then.
  private static let dataMark = "\u{1}"

  init(view: SessionView) {
    self.view = view
    own = OwnTime(view)
    path = CriticalPath(view)
    totals = CommandTotals.all(view, own)
  }

  func write(to write: PieceWriter) throws {
    let page = try MustacheTemplate(string: Self.text(PackageResources.report_mustache))
      .render(context)
    guard let mark = page.firstRange(of: Self.dataMark) else { return }
    try Self.put(page[..<mark.lowerBound], write)
    var data = ReportData(
      view, path, own, palette: totals.prefix(Self.colors).map(\.command))
    try data.write(to: write)
    try Self.put(page[mark.upperBound...], write)
  }

  private var context: [String: Any] {
    let parallelism = Parallelism(view, pieces: ParallelismChart.pieces)
    let failures = ReportFailures(view)
    var context = frame
    context["facts"] = facts(parallelism, failures)
    context["chart"] = ParallelismChart(parallelism).context
    context["wall"] = Quantities.duration(us: view.whole.lengthUs)
    context["failures"] = failures.context
    context["totals"] = totals.prefix(Self.most).enumerated().map(Self.row)
    context["critical"] = critical
    context["slowest"] = slowest
    return context
  }

  /// What does not depend on the recordings.
  private var frame: [String: Any] {
    let metadata = view.fixture.metadata
    var frame: [String: Any] = [
      "nonce": SessionID(view).text,
      "style": Self.text(PackageResources.report_css),
      "script": Self.text(PackageResources.report_js),
      "data": Self.dataMark,
      // A command line of megabytes is no title.
      "command": DisplayWidth.shortened(view.facts.commandLine ?? "a recording", to: 2000),
      "created": Timestamp(metadata.createdAt).map(Self.moment)
        ?? VisibleText.line(metadata.createdAt.utf8),
    ]
    frame["directory"] = view.facts.cwd.map { VisibleText.line($0.utf8) }
    return frame
  }

  private func facts(
    _ parallelism: Parallelism, _ failures: ReportFailures
  ) -> [[String: Any]] {
    let recordings = view.recordings
    let cpuUs = recordings.reduce(0) { $0 + ($1.process?.cpuUs ?? 0) }
    let failed = recordings.count { Outcome($0).isFailure }
    let status = view.facts.exitCode.map { $0 == 0 ? "ok" : "exit \($0)" } ?? "unknown"
    var facts: [[String: Any]] = []
    func add(_ name: String, _ value: String, note: String? = nil, isBad: Bool = false) {
      var fact: [String: Any] = ["name": name, "value": value, "isBad": isBad]
      fact["note"] = note
      facts.append(fact)
    }
    add("outcome", status, isBad: (view.facts.exitCode ?? 0) != 0)
    add("time", Quantities.duration(us: view.whole.lengthUs))
    add("CPU", Quantities.duration(us: cpuUs))
    add("invocations", String(recordings.count))
    add("failed", String(failed), note: failed > 0 ? failures.note : nil)
    add(
      "working at once", Self.decimal(parallelism.average),
      note: "\(Self.decimal(parallelism.peak)) at most")
    if let opaque = view.facts.opaque, opaque > 0 { add("opaque", String(opaque)) }
    if let lost = view.facts.lost, lost > 0 { add("events lost", String(lost), isBad: true) }
    if view.tree.strays > 0 { add("with a wrong parent", String(view.tree.strays), isBad: true) }
    return facts
  }

  private static func row(_ rank: Int, _ totals: CommandTotals) -> [String: Any] {
    [
      "command": VisibleText.line(totals.command.utf8), "count": totals.count,
      "color": min(rank, colors), "isColored": rank < colors,
      "failures": totals.failures > 0 ? String(totals.failures) : "",
      "own": Quantities.duration(us: totals.ownUs), "cpu": Quantities.duration(us: totals.cpuUs),
    ]
  }

  private var critical: [[String: Any]] {
    let wholeUs = max(view.whole.lengthUs, 1)
    return path.lengthsUs.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(Self.most).map { place, lengthUs in
        row(place).merging([
          "time": Quantities.duration(us: lengthUs),
          "share": Self.decimal(Double(lengthUs) * 100 / Double(wholeUs)) + " %",
        ]) { $1 }
      }
  }

  private var slowest: [[String: Any]] {
    view.recordings.indices.sorted { first, second in
      let lengths = (own.lengthsUs[first], own.lengthsUs[second])
      return (lengths.1, first) < (lengths.0, second)
    }.prefix(Self.most).map(row)
  }

  private func row(_ place: Int) -> [String: Any] {
    let recording = view.recordings[place]
    return [
      "place": place, "time": Quantities.duration(us: view.intervals[place].lengthUs),
      "own": Quantities.duration(us: own.lengthsUs[place]),
      "cpu": recording.process?.cpuUs.map(Quantities.duration) ?? "",
      "outcome": Outcome(recording).words, "isBad": Outcome(recording).isFailure,
      "line": recording.shortLine,
    ]
  }

  /// With one decimal.
  static func decimal(_ value: Double) -> String {
    let tenths = Int((min(value, 1e12) * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }

  /// To the second.
  private static func moment(_ timestamp: Timestamp) -> String {
    timestamp.description.prefix(19).replacing("T", with: " ") + " UTC"
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func put(_ text: Substring, _ write: PieceWriter) throws {
    var text = String(text)
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
  }
}

extension RecordedInvocation {
  /// The command line, as far as a table has room for it.
  var shortLine: String { DisplayWidth.shortened(commandLine(limit: 300), to: 300) }
}
