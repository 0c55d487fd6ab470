import CmdMox
import Mustache

/// The report: one page with everything in it.
struct ReportPage {
  let view: SessionView

  /// Of each table, this many lines.
  private static let most = 20
  private static let mostCritical = 30
  /// How finely the chart is drawn.
  private static let pieces = 400
  /// Stands in the page where the recordings go, which are too many for a template. No text of a
  /// recording has a control character in it by then.
  private static let dataMark = "\u{1}"

  func write(to write: PieceWriter) throws {
    let path = CriticalPath(view)
    let page = try MustacheTemplate(string: Self.text(PackageResources.report_mustache))
      .render(context(path))
    guard let mark = page.firstRange(of: Self.dataMark) else { return }
    try Self.put(page[..<mark.lowerBound], write)
    var data = ReportData(view, path)
    try data.write(to: write)
    try Self.put(page[mark.upperBound...], write)
  }

  private func context(_ path: CriticalPath) -> [String: Any] {
    let own = OwnTime(view)
    let parallelism = Parallelism(view, pieces: Self.pieces)
    var context = frame
    context["facts"] = facts(own, parallelism)
    context["parallelPath"] = Self.outline(parallelism)
    context["averageParallel"] = Self.decimal(parallelism.average)
    context["peakParallel"] = Self.decimal(parallelism.peak)
    context["wall"] = Quantities.duration(us: view.whole.lengthUs)
    context["totals"] = CommandTotals.all(view, own).prefix(Self.most).map(Self.row)
    context["critical"] = critical(path)
    context["slowest"] = slowest
    let (unexpected, expected) = FailureSearch(view).chains()
    context["hasFailures"] = !(unexpected + expected).isEmpty
    context["expected"] =
      "\(Quantities.count(expected.count, "more failure")) that whoever ran them expected, or did not mind."
    context["failures"] = unexpected.prefix(Self.most).map { row($0.cause) }
    return context
  }

  /// What does not depend on the recordings.
  private var frame: [String: Any] {
    let metadata = view.fixture.metadata
    let words = (view.facts.command ?? ["a recording"]).map { ShellWord.quoted(Array($0.utf8)) }
    return [
      "nonce": SessionID(view).text,
      "style": Self.text(PackageResources.report_css),
      "script": Self.text(PackageResources.report_js),
      "data": Self.dataMark,
      // A command line of megabytes is no title.
      "command": DisplayWidth.shortened(words.joined(separator: " "), to: 2000),
      "created": VisibleText.line(metadata.createdAt.utf8),
      "directory": VisibleText.line((view.facts.cwd ?? "").utf8),
    ]
  }

  private func facts(_ own: OwnTime, _ parallelism: Parallelism) -> [[String: Any]] {
    let recordings = view.recordings
    let cpuUs = recordings.reduce(0) { $0 + ($1.process?.cpuUs ?? 0) }
    let failed = recordings.count { Outcome($0).isFailure }
    let status = view.facts.exitCode.map { $0 == 0 ? "ok" : "exit \($0)" } ?? "unknown"
    var facts: [[String: Any]] = []
    func add(_ name: String, _ value: String, isBad: Bool = false) {
      facts.append(["name": name, "value": value, "isBad": isBad])
    }
    add("outcome", status, isBad: (view.facts.exitCode ?? 0) != 0)
    add("time", Quantities.duration(us: view.whole.lengthUs))
    add("CPU", Quantities.duration(us: cpuUs))
    add("invocations", String(recordings.count))
    add("failed", String(failed))
    add("at the same time", Self.decimal(parallelism.average))
    if let opaque = view.facts.opaque, opaque > 0 { add("opaque", String(opaque)) }
    if let lost = view.facts.lost, lost > 0 { add("events lost", String(lost), isBad: true) }
    if view.tree.strays > 0 { add("with a wrong parent", String(view.tree.strays), isBad: true) }
    return facts
  }

  private static func row(_ totals: CommandTotals) -> [String: Any] {
    [
      "command": VisibleText.line(totals.command.utf8), "count": totals.count,
      "failures": totals.failures, "own": Quantities.duration(us: totals.ownUs),
      "cpu": Quantities.duration(us: totals.cpuUs),
    ]
  }

  private func critical(_ path: CriticalPath) -> [[String: Any]] {
    let wholeUs = max(view.whole.lengthUs, 1)
    return path.lengthsUs.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(Self.mostCritical).map { place, lengthUs in
        row(place).merging([
          "time": Quantities.duration(us: lengthUs),
          "share": Self.decimal(Double(lengthUs) * 100 / Double(wholeUs)) + " %",
        ]) { $1 }
      }
  }

  private var slowest: [[String: Any]] {
    view.recordings.indices.sorted { first, second in
      let lengths = (view.intervals[first].lengthUs, view.intervals[second].lengthUs)
      return (lengths.1, first) < (lengths.0, second)
    }.prefix(Self.most).map(row)
  }

  private func row(_ place: Int) -> [String: Any] {
    let recording = view.recordings[place]
    return [
      "place": place, "time": Quantities.duration(us: view.intervals[place].lengthUs),
      "cpu": recording.process?.cpuUs.map(Quantities.duration) ?? "",
      "outcome": Outcome(recording).words,
      "line": DisplayWidth.shortened(recording.commandLine(limit: 300), to: 300),
    ]
  }

  /// The chart as an SVG path over 1000 by 120, its top a little above the highest value.
  private static func outline(_ parallelism: Parallelism) -> String {
    guard parallelism.peak > 0 else { return "M0 120" }
    let step = 1000 / Double(parallelism.averages.count)
    var path = "M0 120"
    for (piece, value) in parallelism.averages.enumerated() {
      let height = decimal(120 - 112 * value / parallelism.peak)
      path += "L\(decimal(Double(piece) * step)) \(height)H\(decimal(Double(piece + 1) * step))"
    }
    return path + "V120Z"
  }

  /// With one decimal.
  private static func decimal(_ value: Double) -> String {
    let tenths = Int((min(value, 1e12) * 10).rounded())
    return "\(tenths / 10).\(abs(tenths % 10))"
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

  private static func put(_ text: Substring, _ write: PieceWriter) throws {
    var text = String(text)
    try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
  }
}
