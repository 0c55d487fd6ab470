import CmdMox

/// Everything that is known of one invocation.
struct InvocationPage {
  let view: SessionView
  let place: Int
  let style: Style
  let columns: Int?
  let output: TextOutput

  private var recording: RecordedInvocation { view.recordings[place] }
  private var process: ProcessFacts? { recording.process }

  func print() throws {
    try output.line(style.paint("#\(recording.sequence) \(name(of: recording))", .bold))
    try output.line()
    try output.line("  " + recording.pasteLine)
    try output.line()
    try facts()
    try family()
    try environment()
    try stream("stdin", recording.stdinBytes, process?.stdin)
    try stream("stdout", recording.stdoutBytes, process?.stdout)
    try stream("stderr", recording.stderrBytes, process?.stderr)
  }

  private func facts() throws {
    let outcome = Outcome(recording)
    let source = process?.statusSource.map { " (told by \(visible($0.rawValue)))" } ?? ""
    try fact("outcome", outcome.words + source, outcome.isFailure ? .red : nil)
    let interval = view.intervals[place]
    try fact(
      "time",
      "\(Quantities.duration(us: interval.lengthUs)), from \(Quantities.seconds(us: interval.startUs))"
        + " to \(Quantities.seconds(us: interval.endUs)) s" + ownTime)
    try fact("started", visible(recording.timestamp))
    try usage()
    try fact("process", process.map { "\($0.pid)" + ($0.ppid.map { ", child of \($0)" } ?? "") })
    try fact("program", process?.executable.map(visible))
    try fact("argument 0", process?.argv0.map(visible))
    try fact("interpreter", process?.interpreter.map(visible))
    try fact("directory", recording.directoryBytes.map(VisibleText.line))
    try fact("opaque", process?.opaque.map { visible($0.rawValue) })
    try fact("confined", process?.confined.map(visible))
  }

  /// Only where it ran something; else all of its time is its own.
  private var ownTime: String {
    guard !view.tree.children(of: place).isEmpty else { return "" }
    let ownUs = OwnTime.lengthUs(of: place, in: view)
    return "; \(Quantities.duration(us: ownUs)) while nothing that it ran was running"
  }

  private func usage() throws {
    if let user = process?.userCpuUs, let system = process?.systemCpuUs {
      try fact(
        "cpu", "\(Quantities.duration(us: user)) user, \(Quantities.duration(us: system)) system")
    }
    try fact("memory", process?.maxRssKib.map(Quantities.size))
  }

  private func family() throws {
    let above = view.tree.ancestors(of: place)
    for parent in above.prefix(Self.mostAncestors) {
      try fact(parent == above.first ? "started by" : "", line(of: parent))
    }
    if above.count > Self.mostAncestors {
      try fact("", "… \(above.count - Self.mostAncestors) more above")
    }
    let children = view.tree.children(of: place)
    for child in children {
      try fact(child == children.first ? "ran" : "", line(of: child))
    }
  }

  private static let mostAncestors = 50

  /// The variables that were kept, and what they were for the parent.
  private func environment() throws {
    let parent = view.tree.parents[place].map { view.recordings[$0].envSubset }
    let own = recording.envSubset
    for key in Set(own.keys).union(parent?.keys ?? [:].keys).sorted() {
      let line = { (value: String) in visible(key) + "=" + visible(value) }
      switch (own[key], parent?[key]) {
      case (let value?, let theirs) where theirs == value || parent == nil:
        try fact("variable", line(value))
      case (let value?, nil): try fact("variable", line(value) + "   (of the parent not kept)")
      case (let value?, let theirs?):
        try fact("variable", line(value) + "   (of the parent: \(visible(theirs)))")
      case (nil, let theirs?): try fact("", "(of the parent, not kept here: \(line(theirs)))")
      case (nil, nil): break
      }
    }
  }

  private func stream(_ name: String, _ bytes: [UInt8], _ facts: StreamFacts?) throws {
    guard !bytes.isEmpty || facts != nil else { return }
    var words = [Quantities.count(facts?.length ?? bytes.count, "byte")]
    if let facts { words.append(visible(facts.taken.rawValue)) }
    if facts?.isTruncated == true { words.append("\(bytes.count) kept") }
    if facts?.isMerged == true { words.append("part of stdout") }
    try output.line()
    try output.line(style.paint("\(name): \(words.joined(separator: ", "))", .bold))
    var lines = VisibleText.lines(bytes).split(separator: "\n", omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    for line in lines { try output.line("  " + line) }
  }

  private func fact(_ name: String, _ value: String?, _ color: Style.Color? = nil) throws {
    guard let value else { return }
    let label = name + String(repeating: " ", count: max(1, 13 - name.utf8.count))
    try output.line("  " + style.paint(label, .dim) + style.paint(value, color))
  }

  private func line(of place: Int) -> String {
    let other = view.recordings[place]
    let limit = columns.map { max(20, $0 - 15) }
    let text = "#\(other.sequence) " + other.commandLine(limit: limit ?? .max)
    return limit.map { DisplayWidth.shortened(text, to: $0) } ?? text
  }

  private func name(of recording: RecordedInvocation) -> String {
    VisibleText.line(recording.commandBytes)
  }

  private func visible(_ text: String) -> String { VisibleText.line(text.utf8) }
}
