/// The scrubbing of one recording: every text of it, until nothing changes any more.
struct RecordingScrub {
  var recording: RecordedInvocation
  private let rules: RuleSet
  let values: SecretValues
  private let pass: ScrubbingPass
  private let onChange: ((ScrubbingChange) -> Void)?

  /// Rules that find something in each other's replacements have come to an end after two or three;
  /// secrets without anything between them take one for each.
  private static let mostRounds = 100
  /// A text that has become so many times as long, and a little, goes on growing.
  private static let mostGrowth = 4

  init(
    _ recording: RecordedInvocation, _ rules: RuleSet, _ values: SecretValues,
    _ pass: ScrubbingPass, _ onChange: ((ScrubbingChange) -> Void)?
  ) {
    self.recording = recording
    self.rules = rules
    self.values = values
    self.pass = pass
    self.onChange = onChange
  }

  /// - Throws: ``ScrubbingError``.
  mutating func run() throws {
    try scrubArguments()
    recording.stdin = try text(recording.stdin, .stdin, "stdin")
    recording.stdout = try text(recording.stdout, .stdout, "stdout")
    recording.stderr = try text(recording.stderr, .stderr, "stderr")
    scrubCutStreams()
    try scrubEnvironment()
    try scrubProcess()
    try scrubUnknownMembers()
  }

  private mutating func scrubProcess() throws {
    guard var process = recording.process else { return }
    func scrubbed(_ member: String, _ text: String?, _ place: ScrubbingPlaces) throws -> String? {
      guard let text else { return nil }
      observe("process", member)
      let exact = process.bytes.exact(member, text: text)
      guard let bytes = try settled(exact, place) else { return text }
      var remaining: [UInt8]?
      let shown = CmdMox.text(of: bytes, exact: &remaining)
      process.bytes[member] = remaining
      return shown
    }
    process.cwd = try scrubbed("cwd", process.cwd, .cwd)
    process.executable = try scrubbed("executable", process.executable, .cwd)
    process.interpreter = try scrubbed("interpreter", process.interpreter, .cwd)
    process.argv0 = try scrubbed("argv0", process.argv0, .args)
    recording.process = process
  }

  // MARK: Arguments

  /// The command and its arguments, each by itself and all of them together.
  private mutating func scrubArguments() throws {
    var isChanging = true
    var rounds = 0
    while isChanging {
      rounds += 1
      guard rounds <= Self.mostRounds else { throw unsettled() }
      recording.command = try text(recording.command, .args, "command")
      for index in recording.args.indices {
        recording.args[index] = try text(recording.args[index], .args, "args", String(index))
      }
      isChanging = try scrubCommandLine()
    }
  }

  /// - Returns: whether something changed.
  private mutating func scrubCommandLine() throws -> Bool {
    guard !recording.args.isEmpty else { return false }
    let words = [recording.commandBytes] + recording.argumentBytes
    observe("args")
    guard let scrubbed = try commandLine(words) else { return false }
    for (index, word) in scrubbed.enumerated() where word != words[index] {
      var exact: [UInt8]?
      let shown = CmdMox.text(of: word, exact: &exact)
      if index == 0 {
        recording.command = shown
        recording.bytes["command"] = exact
      } else {
        recording.args[index - 1] = shown
        recording.bytes["args", String(index - 1)] = exact
      }
    }
    return true
  }

  /// A command and its arguments, scrubbed as one text; nil where nothing changed.
  func commandLine(_ words: [[UInt8]]) throws -> [[UInt8]]? {
    guard let changed = try settled(words.flatMap { [0] + $0 }, .argv) else { return nil }
    let scrubbed = changed.split(separator: 0, omittingEmptySubsequences: false).dropFirst()
    guard changed.first == 0, scrubbed.count == words.count else {
      throw ScrubbingError.arguments(rule: lastRule)
    }
    return scrubbed.map { Array($0) }
  }

  // MARK: Texts

  /// A text of the recording, scrubbed; its exact bytes with it.
  mutating func text(
    _ text: String, _ place: ScrubbingPlaces, _ member: String, _ element: String? = nil
  ) throws -> String {
    guard !text.isEmpty else { return text }
    observe(member, element)
    let exact =
      recording.bytes.isEmpty
      ? nil : element.map { recording.bytes[member, $0] } ?? recording.bytes[member]
    if let exact, ExactBytes.reads(exact, as: text) {
      guard let bytes = try settled(exact, place) else { return text }
      var remaining: [UInt8]?
      let shown = CmdMox.text(of: bytes, exact: &remaining)
      if let element {
        recording.bytes[member, element] = remaining
      } else {
        recording.bytes[member] = remaining
      }
      return shown
    }
    var text = text
    let scrubbed = try text.withUTF8 { try settled($0, place) }
    return scrubbed.map { String(decoding: $0, as: UTF8.self) } ?? text
  }

  func settled(_ bytes: [UInt8], _ place: ScrubbingPlaces) throws -> [UInt8]? {
    try bytes.withUnsafeBufferPointer { try settled($0, place) }
  }

  /// Applies values and rules until neither changes anything: what comes out is left alone by another
  /// scrubbing.
  ///
  /// - Returns: nil where nothing changed at all.
  private func settled(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: ScrubbingPlaces
  ) throws -> [UInt8]? {
    var result = try once(bytes, place)
    var rounds = 1
    while let text = result {
      guard let next = try text.withUnsafeBufferPointer({ try once($0, place) }) else { break }
      result = next
      rounds += 1
      guard rounds <= Self.mostRounds, next.count <= bytes.count * Self.mostGrowth + 1 << 16
      else { throw unsettled() }
    }
    return result
  }

  private func once(
    _ bytes: UnsafeBufferPointer<UInt8>, _ place: ScrubbingPlaces
  ) throws -> [UInt8]? {
    guard let cleared = values.applied(to: bytes, pass) else {
      return try rules.applied(to: bytes, in: place, pass)
    }
    return try cleared.withUnsafeBufferPointer {
      try rules.applied(to: $0, in: place, pass)
    } ?? cleared
  }

  /// Puts the mark in the place of a secret that no rule found.
  func redact(_ original: [UInt8]) -> [UInt8] {
    let mark = Array(DefaultRule.mark.utf8)
    pass.tell(ScrubbingPass.values, original.indices, original, mark)
    return mark
  }

  /// From now on changes are told as changes of this text.
  func observe(_ member: String, _ element: String? = nil) {
    guard onChange != nil else { return }
    observe(path: element.map { member == "args" ? "args[\($0)]" : "\(member).\($0)" } ?? member)
  }

  func observe(path: @autoclosure () -> String) {
    guard let onChange else { return }
    let path = path()
    pass.onEdit = { [rules] edit in
      onChange(
        ScrubbingChange(
          rule: edit.rule == ScrubbingPass.values ? nil : rules.rules[edit.rule].rule.name,
          place: path, original: String(decoding: edit.original, as: UTF8.self),
          replacement: String(decoding: edit.replacement, as: UTF8.self)))
    }
  }

  private func unsettled() -> ScrubbingError { .unsettled(rule: lastRule) }

  /// The rule that changed most: where changes do not end, it is the one.
  private var lastRule: String {
    pass.counts.max { $0.value < $1.value }.map { $0.key }
      .flatMap { $0 >= 0 ? rules.rules[$0].rule.name : nil } ?? ""
  }
}
