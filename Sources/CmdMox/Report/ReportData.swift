/// What the report's page has of a recording: one JSON object, by columns, each word once.
///
///     {"words": ["gcc", "-c", …], "command": [0, …], "args": [[1, 2], …], "parent": [-1, 0, …],
///      "start": […], "length": […], …}
///
/// Columns have a number for each recording, in the order of the fixture: `command`, `args`, `env`,
/// `outcome`, `cwd`, `program` and `opaque` are places in `words` (-1: unknown), `parent` is a place in
/// the columns (-1: the root), `start` (µs) counts from the recording before, `length`, `own`, `cpu`
/// (µs) and `memory` (KiB) are -1 where unknown. `head` is what stands before the arguments in a line
/// to paste. Words of `command`, `args` and `env` are quoted for a shell. `critical` has
/// `[place, from, to]` for each piece of the critical path. `errors` has the end of what failed
/// commands wrote to stderr, `palette` the commands that have a colour of their own.
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
  private let own: OwnTime
  private let palette: [String]
  private var words: [String] = []
  private var places: [String: Int] = [:]
  private var bytes = 0

  /// - Parameter palette: commands.
  package init(_ view: SessionView, _ path: CriticalPath, _ own: OwnTime, palette: [String]) {
    self.view = view
    self.path = path
    self.own = own
    self.palette = palette
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
    text.member("palette")
    var colored: [Int] = []
    for command in palette { colored.append(quoted(Array(command.utf8))) }
    list(colored, into: &text)
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
      data.quoted(data.view.recordings[place].commandBytes)
    }
    try lists("args", into: &text, write) { data, place in data.arguments(of: place) }
    try lists("env", into: &text, write) { data, place in
      data.view.recordings[place].environmentWords.map { data.quoted($0) }
    }
    try column("head", into: &text, write) { data, place in
      data.line(data.view.recordings[place].pasteHead)
    }
    try column("outcome", into: &text, write) { data, place in
      data.word(Array(Outcome(data.view.recordings[place]).words.utf8))
    }
    try column("opaque", into: &text, write) { data, place in
      data.view.recordings[place].process?.opaque.map { data.word(Array($0.rawValue.utf8)) } ?? -1
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
    try column("own", into: &text, write) { $0.own.lengthsUs[$1] }
    try column("lane", into: &text, write) { $0.lanes.lanes[$1] }
    try column("level", into: &text, write) { $0.lanes.levels[$1] }
    try column("cpu", into: &text, write) { $0.view.recordings[$1].process?.cpuUs ?? -1 }
    try column("memory", into: &text, write) { $0.view.recordings[$1].process?.maxRssKib ?? -1 }
    try column("pid", into: &text, write) { $0.view.recordings[$1].process?.pid ?? -1 }
    text.member("heights")
    list(lanes.heights, into: &text)
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

  private mutating func lists(
    _ name: StaticString, into text: inout JSONByteWriter, _ write: PieceWriter,
    _ numbers: (inout ReportData, Int) -> [Int]
  ) throws {
    text.member(name)
    text.beginArray()
    for place in view.recordings.indices {
      text.element()
      list(numbers(&self, place), into: &text)
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    text.endArray()
  }

  private func list(_ numbers: [Int], into text: inout JSONByteWriter) {
    text.beginArray()
    for number in numbers {
      text.element()
      text.integer(number)
    }
    text.endArray()
  }

  private func criticalPath(into text: inout JSONByteWriter, _ write: PieceWriter) throws {
    text.member("critical")
    text.beginArray()
    for piece in path.pieces {
      text.element()
      list([piece.place ?? -1, piece.interval.startUs, piece.interval.endUs], into: &text)
      try text.drain(atLeast: JSONByteWriter.piece, to: write)
    }
    text.endArray()
  }

  private func errors(into text: inout JSONByteWriter) {
    text.member("errors")
    text.beginObject()
    var count = 0
    for (place, recording) in view.recordings.enumerated()
    where count < Self.mostErrors {
      let output = recording.errorOutput
      guard !output.isEmpty else { continue }
      count += 1
      text.member(String(place))
      text.string(VisibleText.lines(output.suffix(Self.errorBytes)))
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
      arguments.append(quoted(exact))
    }
    if recording.args.count > Self.mostArguments {
      let rest = recording.args.count - Self.mostArguments
      arguments.append(word(Array("… (\(rest) more arguments)".utf8)))
    }
    return arguments
  }

  /// The place of a word as a shell takes it.
  private mutating func quoted(_ exact: [UInt8]) -> Int {
    place(of: shortened(exact, ShellWord.quoted))
  }

  /// The place of a word as it is shown.
  private mutating func word(_ exact: [UInt8]) -> Int {
    place(of: shortened(exact) { VisibleText.line($0) })
  }

  private func shortened(_ exact: [UInt8], _ show: ([UInt8]) -> String) -> String {
    let limit = bytes < Self.mostBytes ? Self.longestWord : 16
    if exact.count <= limit { return show(exact) }
    // Not in the middle of a character.
    let end = exact[..<limit].lastIndex { $0 & 0xc0 != 0x80 } ?? limit
    return show(Array(exact[..<end])) + "… (\(exact.count) bytes)"
  }

  /// The place of a line that is quoted already.
  private mutating func line(_ text: String) -> Int {
    let isShort = text.utf8.count <= Self.longestWord
    return place(
      of: isShort ? text : String(text.unicodeScalars.prefix(Self.longestWord)) + "…")
  }

  /// The place of a text among the words.
  private mutating func place(of text: String) -> Int {
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
