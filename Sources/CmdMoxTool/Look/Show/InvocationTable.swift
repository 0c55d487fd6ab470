import CmdMox

/// Invocations one a line: number, start, time, CPU, memory, outcome, command line.
struct InvocationTable {
  let view: SessionView
  let style: Style
  /// Where lines end; nil for no limit.
  let columns: Int?
  let output: TextOutput
  /// The time that each took by itself, by place; nil for a table without it.
  var own: OwnTime?

  /// Deeper than this the branches of a tree are not drawn but counted.
  private static let deepest = 32
  private static let widths = (start: 9, time: 9, cpu: 9, memory: 9, outcome: 8)

  private var numberWidth: Int {
    max(3, String(view.recordings.last?.sequence ?? 0).utf8.count)
  }

  /// Nothing takes longer than all of it.
  private var timeWidth: Int {
    max(Self.widths.time, Quantities.duration(us: view.whole.lengthUs).unicodeScalars.count)
  }

  func list(_ places: some Sequence<Int>) throws {
    try heading()
    for place in places { try row(place, branches: "") }
  }

  /// The whole tree, or what of it `isIncluded`.
  func tree(_ isIncluded: [Bool]) throws {
    try heading()
    try root()
    // Whether the recording at each depth has a later sibling.
    var goesOn: [Bool] = []
    let isLast = lastSiblings(isIncluded)
    for place in view.tree.depthFirst where isIncluded[place] {
      goesOn.removeLast(goesOn.count - view.tree.depths[place])
      try row(place, branches: branches(goesOn, isLast: isLast[place]))
      goesOn.append(!isLast[place])
    }
  }

  private func lastSiblings(_ isIncluded: [Bool]) -> [Bool] {
    var isLast = [Bool](repeating: false, count: isIncluded.count)
    if let last = view.tree.outermost.last(where: { isIncluded[$0] }) { isLast[last] = true }
    for place in isIncluded.indices where isIncluded[place] {
      if let last = view.tree.children(of: place).last(where: { isIncluded[$0] }) {
        isLast[last] = true
      }
    }
    return isLast
  }

  private func branches(_ goesOn: [Bool], isLast: Bool) -> String {
    let shown = goesOn.suffix(Self.deepest)
    let hidden = goesOn.count - shown.count
    return (hidden > 0 ? "(\(hidden)) " : "")
      + shown.map { $0 ? "│  " : "   " }.joined() + (isLast ? "└─ " : "├─ ")
  }

  private func heading() throws {
    let cells = cells("start s", "time", own: "own", "cpu", "memory", "outcome")
    try output.line(style.paint(pad("#", numberWidth) + "  " + cells + "command", .dim))
  }

  /// The line of the program that the user ran.
  private func root() throws {
    let facts = view.facts
    let status = facts.exitCode.map { $0 == 0 ? "ok" : "exit \($0)" } ?? ""
    let cells = cells(
      "0.000", Quantities.duration(us: view.whole.lengthUs), own: "", "", "", status)
    let isFailed = (facts.exitCode ?? 0) != 0
    try line(
      pad("", numberWidth) + "  " + cells, facts.commandLine ?? "(root)", isFailed ? .red : .bold)
  }

  func row(_ place: Int, branches: String) throws {
    let recording = view.recordings[place]
    let outcome = Outcome(recording)
    let start = pad(String(recording.sequence), numberWidth) + "  " + cells(of: place) + branches
    // What does not fit is not even looked at: an argument can be megabytes long.
    let command = recording.commandLine(limit: columns ?? .max)
    try line(start, command, outcome.isFailure ? .red : nil)
  }

  private func line(_ start: String, _ command: String, _ color: Style.Color?) throws {
    guard let columns else {
      return try output.line(style.paint(start + command, color))
    }
    try output.line(
      style.paint(DisplayWidth.shortened(start + command, to: columns), color))
  }

  private func cells(of place: Int) -> String {
    let recording = view.recordings[place]
    let interval = view.intervals[place]
    let process = recording.process
    return cells(
      Quantities.seconds(us: interval.startUs), Quantities.duration(us: interval.lengthUs),
      own: own.map { Quantities.duration(us: $0.lengthsUs[place]) } ?? "",
      process?.cpuUs.map(Quantities.duration) ?? "",
      process?.maxRssKib.map(Quantities.size) ?? "", Outcome(recording).words)
  }

  private func cells(
    _ start: String, _ time: String, own: String, _ cpu: String, _ memory: String,
    _ outcome: String
  ) -> String {
    var cells = [pad(time, timeWidth)]
    if self.own != nil { cells.append(pad(own, timeWidth)) }
    if !isNarrow {
      cells = [pad(start, Self.widths.start)] + cells
      cells += [pad(cpu, Self.widths.cpu), pad(memory, Self.widths.memory)]
    }
    let gap = max(2, Self.widths.outcome + 2 - outcome.count)
    return cells.joined(separator: "  ") + "  " + outcome + String(repeating: " ", count: gap)
  }

  /// On a small terminal the command line is worth more than the columns before it.
  private var isNarrow: Bool { columns.map { $0 < 110 } ?? false }

  /// To the right edge.
  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
  }
}
