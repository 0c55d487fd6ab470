import CmdMox

/// A difference in words: what is gone, what is new, what changed and how. Commands that changed in
/// the same way stand together.
struct DifferenceListing {
  let difference: SessionDifference
  let style: Style
  let columns: Int?
  let output: TextOutput

  /// Of commands that changed in the same way, this many are named.
  private static let examples = 3
  /// Of slower and faster commands, this many are named.
  private static let mostTimes = 10

  func print() throws {
    try summary()
    try alone("only in the first", "-", difference.removed, of: difference.first, .red)
    try alone("only in the second", "+", difference.added, of: difference.second, .cyan)
    try changed()
    try moved()
    try timing("slower", difference.timing.slower)
    try timing("faster", difference.timing.faster)
  }

  private func summary() throws {
    if difference.isSame {
      let count = Quantities.count(difference.first.recordings.count, "invocation")
      try output.line("both did the same: \(count)")
    }
    if let codes = difference.exitCodes {
      let words = { (code: Int?) in code.map(String.init) ?? "unknown" }
      try output.line("exit status: \(words(codes.first)) → \(words(codes.second))")
    }
  }

  private func alone(
    _ title: String, _ mark: String, _ places: [Int], of view: SessionView, _ color: Style.Color
  ) throws {
    guard !places.isEmpty else { return }
    try heading("\(title): \(places.count)")
    for place in places {
      let below = view.tree.countBelow(place)
      let rest = below > 0 ? "  (and \(below) below)" : ""
      try output.line(style.paint(line("\(mark) ", place, of: view, rest), color))
    }
  }

  private func changed() throws {
    guard !difference.changed.isEmpty else { return }
    try heading("changed: \(difference.changed.count)")
    for group in groups {
      let command = VisibleText.line(difference.first.recordings[group[0].pair.first].commandBytes)
      try output.line(style.paint("~ \(group.count) × \(command)", .yellow))
      for facet in group[0].facets { for text in lines(facet) { try output.line("    " + text) } }
      for change in group.prefix(Self.examples) {
        try output.line("  " + line("", change.pair.first, of: difference.first, ""))
      }
      if group.count > Self.examples {
        try output.line("  … \(group.count - Self.examples) more")
      }
    }
  }

  /// The changes of the same command that are alike, the most frequent first.
  private var groups: [[SessionDifference.Change]] {
    struct Key: Hashable {
      let command: String
      let facets: [SessionDifference.Facet]
    }
    let groups = Dictionary(grouping: difference.changed) {
      Key(command: difference.first.recordings[$0.pair.first].command, facets: $0.facets)
    }
    return groups.values.sorted {
      ($1.count, $0[0].pair.first) < ($0.count, $1[0].pair.first)
    }
  }

  private func lines(_ facet: SessionDifference.Facet) -> [String] {
    switch facet {
    case .arguments(let removed, let added):
      if removed.isEmpty && added.isEmpty { return ["arguments: in another order"] }
      return [("- ", removed, Style.Color.red), ("+ ", added, .cyan)]
        .filter { !$0.1.isEmpty }
        .map { mark, words, color in
          let text = words.map { ShellWord.quoted(Array($0.utf8)) }.joined(separator: " ")
          return style.paint(shortened("arguments: \(mark)\(text)", 4), color)
        }
    case .variable(let name, let first, let second):
      return [change(VisibleText.line(name.utf8), first ?? "(unset)", second ?? "(unset)")]
    case .outcome(let first, let second): return [change("outcome", first, second)]
    case .directory(let first, let second): return [change("directory", first, second)]
    case .program(let first, let second): return [change("program", first, second)]
    }
  }

  private func change(_ what: String, _ first: String, _ second: String) -> String {
    shortened("\(what): \(VisibleText.line(first.utf8)) → \(VisibleText.line(second.utf8))", 4)
  }

  private func moved() throws {
    guard !difference.moved.isEmpty else { return }
    try heading("run by somebody else: \(difference.moved.count)")
    for pair in difference.moved {
      let parents = (
        parent(of: pair.first, in: difference.first), parent(of: pair.second, in: difference.second)
      )
      try output.line(line("  ", pair.first, of: difference.first, ""))
      try output.line(shortened("      by \(parents.0) → by \(parents.1)", 0))
    }
  }

  private func parent(of place: Int, in view: SessionView) -> String {
    view.tree.parents[place].map { view.recordings[$0].commandLine(limit: 60) } ?? "the root"
  }

  private func timing(_ title: String, _ items: [SessionDifference.Timing.Item]) throws {
    guard !items.isEmpty else { return }
    let percent = Int((difference.timing.factor * 100).rounded())
    try heading(
      "\(title) beyond noise: \(items.count) (everything took \(percent) % of the first's time)")
    for item in items.prefix(Self.mostTimes) {
      let times =
        "  \(Quantities.duration(us: item.firstUs)) → \(Quantities.duration(us: item.secondUs))  "
      try output.line(line(times, item.pair.first, of: difference.first, ""))
    }
    if items.count > Self.mostTimes {
      try output.line("  … \(items.count - Self.mostTimes) more")
    }
  }

  private func heading(_ text: String) throws { try output.line(style.paint(text, .bold)) }

  private func line(
    _ start: String, _ place: Int, of view: SessionView, _ end: String
  ) -> String {
    let recording = view.recordings[place]
    let head = "\(start)#\(recording.sequence) "
    let room = columns.map { max(10, $0 - head.count - end.count) }
    let command = recording.commandLine(limit: room ?? .max)
    return head + (room.map { DisplayWidth.shortened(command, to: $0) } ?? command) + end
  }

  private func shortened(_ text: String, _ indent: Int) -> String {
    columns.map { DisplayWidth.shortened(text, to: max(10, $0 - indent)) } ?? text
  }
}
