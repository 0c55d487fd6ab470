/// What the report's page has of a recording: one JSON object, by columns, each word once.
///
///     {"words": ["gcc", "-c", …], "command": [0, …], "args": [[1, 2], …], "parent": [-1, 0, …],
///      "start": […], "length": […], …}
///
/// Columns have a number for each recording, in the order of the fixture: `command`, `args`,
/// `outcome`, `cwd` and `program` are places in `words` (-1: unknown), `parent` is a place in the
/// columns (-1: the root), `start` (µs) counts from the recording before, `length`, `cpu` (µs) and
/// `memory` (KiB) are -1 where unknown. `critical` has `[place, from, to]` for each piece of the
/// critical path. `errors` has the end of what failed commands wrote to stderr.
package struct ReportData {
  /// Longer arguments, and further ones, are only counted.
  private static let longestWord = 4000
  private static let mostArguments = 400
  /// Of all words together. Then only beginnings are kept, so that the page stays loadable.
  private static let mostBytes = 12 << 20
  private static let errorBytes = 4000
  private static let mostErrors = 500

  private let view: SessionView
  private let lanes: Lanes
  private let path: CriticalPath
  private var words: [String] = []
  private var places: [String: Int] = [:]
  private var bytes = 0

  package init(_ view: SessionView, _ path: CriticalPath) {
    self.view = view
    self.path = path
    lanes = Lanes(view)
  }

  /// Writes the object; no `<` stands in it, so that it can stand in a page.
  package mutating func write(to write: PieceWriter) throws {
    var text = JSONByteWriter(layout: .compact, capacity: JSONByteWriter.piece)
    let write: PieceWriter = { try Self.forPage($0, write) }
    text.beginObject()
    try texts(into: &text, write)
    try numbers(into: &text, write)
    try criticalPath(into: &text, write)
    errors(into: &text)
    text.member("words")
    text.beginArray()
    for word in words {
      text.element()
      text.string(word)
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    text.endArray()
    text.endObject()
    try text.drain(to: write)
  }

  private mutating func texts(into text: inout JSONByteWriter, _ write: PieceWriter) throws {
    try column("command", into: &text, write) { data, place in
      data.word(data.view.recordings[place].commandBytes)
    }
    text.member("args")
    text.beginArray()
    for place in view.recordings.indices {
      text.element()
      text.beginArray()
      for argument in arguments(of: place) {
        text.element()
        text.integer(argument)
      }
      text.endArray()
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    text.endArray()
    try column("outcome", into: &text, write) { data, place in
      data.word(Array(Outcome(data.view.recordings[place]).words.utf8))
    }
    try column("cwd", into: &text, write) { data, place in
      data.view.recordings[place].directoryBytes.map { data.word($0) } ?? -1
    }
    try column("program", into: &text, write) { data, place in
      data.view.recordings[place].process?.executable.map { data.word(Array($0.utf8)) } ?? -1
    }
  }

  private mutating func numbers(into text: inout JSONByteWriter, _ write: PieceWriter) throws {
    try column("sequence", into: &text, write) { $0.view.recordings[$1].sequence }
    try column("parent", into: &text, write) { $0.view.tree.parents[$1] ?? -1 }
    try column("failed", into: &text, write) {
      Outcome($0.view.recordings[$1]).isFailure ? 1 : 0
    }
    try column("start", into: &text, write) { data, place in
      data.view.intervals[place].startUs - (place > 0 ? data.view.intervals[place - 1].startUs : 0)
    }
    try column("length", into: &text, write) { $0.view.intervals[$1].lengthUs }
    try column("lane", into: &text, write) { $0.lanes.lanes[$1] }
    try column("level", into: &text, write) { $0.lanes.levels[$1] }
    try column("cpu", into: &text, write) { $0.view.recordings[$1].process?.cpuUs ?? -1 }
    try column("memory", into: &text, write) { $0.view.recordings[$1].process?.maxRssKib ?? -1 }
    try column("pid", into: &text, write) { $0.view.recordings[$1].process?.pid ?? -1 }
    text.member("heights")
    text.beginArray()
    for height in lanes.heights {
      text.element()
      text.integer(height)
    }
    text.endArray()
    text.member("whole")
    text.integer(view.whole.lengthUs)
  }

  private mutating func column(
    _ name: StaticString, into text: inout JSONByteWriter, _ write: PieceWriter,
    _ number: (inout ReportData, Int) -> Int
  ) throws {
    text.member(name)
    text.beginArray()
    for place in view.recordings.indices {
      text.element()
      text.integer(number(&self, place))
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    text.endArray()
  }

  private func criticalPath(into text: inout JSONByteWriter, _ write: PieceWriter) throws {
    text.member("critical")
    text.beginArray()
    for piece in path.pieces {
      text.element()
      text.beginArray()
      for number in [piece.place ?? -1, piece.interval.startUs, piece.interval.endUs] {
        text.element()
        text.integer(number)
      }
      text.endArray()
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    text.endArray()
  }

  private func errors(into text: inout JSONByteWriter) {
    text.member("errors")
    text.beginObject()
    var count = 0
    for (place, recording) in view.recordings.enumerated()
    where !recording.stderr.isEmpty && count < Self.mostErrors {
      count += 1
      text.member(String(place))
      text.string(VisibleText.lines(recording.stderrBytes.suffix(Self.errorBytes)))
    }
    text.endObject()
  }

  private mutating func arguments(of place: Int) -> [Int] {
    let recording = view.recordings[place]
    var arguments: [Int] = []
    for (index, argument) in recording.args.prefix(Self.mostArguments).enumerated() {
      let exact =
        recording.bytes.isEmpty
        ? Array(argument.utf8) : recording.bytes.exact("args", String(index), text: argument)
      arguments.append(word(exact))
    }
    if recording.args.count > Self.mostArguments {
      let rest = recording.args.count - Self.mostArguments
      arguments.append(word(Array("… (\(rest) more arguments)".utf8)))
    }
    return arguments
  }

  /// The place of a word among the words.
  private mutating func word(_ exact: [UInt8]) -> Int {
    let limit = bytes < Self.mostBytes ? Self.longestWord : 16
    let text =
      exact.count <= limit
      ? VisibleText.line(exact)
      : VisibleText.line(exact.prefix(limit)) + "… (\(exact.count) bytes)"
    if let place = places[text] { return place }
    places[text] = words.count
    words.append(text)
    bytes += text.utf8.count
    return words.count - 1
  }

  /// In JSON a `<` stands in strings only.
  private static func forPage(_ piece: UnsafeRawBufferPointer, _ write: PieceWriter) throws {
    var rest = piece
    while let place = rest.firstIndex(of: UInt8(ascii: "<")) {
      try write(UnsafeRawBufferPointer(rebasing: rest[..<place]))
      try Array("\\u003c".utf8).withUnsafeBytes { try write($0) }
      rest = UnsafeRawBufferPointer(rebasing: rest[(place + 1)...])
    }
    try write(rest)
  }
}
