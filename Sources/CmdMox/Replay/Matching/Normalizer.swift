/// Takes out of both sides what must not matter before they are compared.
///
/// From what was recorded and from what is live: the matching rules' matches, make's jobserver tokens,
/// cmdmox's own variables and its library in `LD_PRELOAD`. From what is live also what the scrubber
/// takes out: the recording went through it when it was made.
struct Normalizer: Sendable {
  private let argumentPatterns: [RulePattern]
  private let stdinPatterns: [RulePattern]
  private let directoryPatterns: [RulePattern]
  private let ignoredVariables: Set<ByteString>
  private let scrubber: (any Scrubber)?
  /// Whether everything that the scrubber takes out leaves the mark behind.
  private let marksSecrets: Bool

  /// What stands where a rule matched: U+FFFC, which command lines do not have.
  static let placeholder = Array("\u{fffc}".utf8)

  /// - Throws: `MatchingRuleError`, for the first rule that has no valid regular expression.
  init(_ rules: [MatchingRule], scrubber: (any Scrubber)?) throws {
    argumentPatterns = try Self.patterns(of: .argument, rules)
    stdinPatterns = try Self.patterns(of: .stdin, rules)
    directoryPatterns = try Self.patterns(of: .directory, rules)
    ignoredVariables = Set(
      rules.filter { $0.subject == .variable }.map { ByteString($0.pattern.utf8) })
    self.scrubber = scrubber
    marksSecrets = (scrubber as? PatternScrubber)?.marksSecrets ?? false
  }

  private static func patterns(
    of subject: MatchingRule.Subject, _ rules: [MatchingRule]
  ) throws -> [RulePattern] {
    try rules.filter { $0.subject == subject }.map { rule in
      do {
        return try RulePattern(rule.pattern)
      } catch PatternFailure.syntax(let problem, _) {
        throw MatchingRuleError(rule: rule, problem: problem)
      }
    }
  }

  /// Whether texts are compared as they are.
  var keepsArguments: Bool { argumentPatterns.isEmpty }
  /// Whether a live standard input may be longer or shorter than a recorded one that agrees.
  var changesStdin: Bool { !stdinPatterns.isEmpty }
  /// Whether what is live is scrubbed.
  var scrubs: Bool { scrubber != nil }

  private func replaced(_ text: [UInt8], _ patterns: [RulePattern]) -> [UInt8] {
    patterns.reduce(text) { $1.replacingMatches(in: $0, with: Self.placeholder) }
  }
}

// MARK: What was recorded

extension Normalizer {
  func arguments(of recording: RecordedInvocation) -> [[UInt8]] {
    recording.argumentBytes.map { replaced($0, argumentPatterns) }
  }

  func stdin(of recording: RecordedInvocation) -> [UInt8] {
    replaced(recording.stdinBytes, stdinPatterns)
  }

  /// Whether a recorded standard input is compared as it is: nothing was taken out of it, and nothing
  /// will be.
  func isExact(_ stdin: [UInt8]) -> Bool {
    !changesStdin && (!scrubs || (marksSecrets && !RedactionMark.stands(in: stdin)))
  }

  func directory(of recording: RecordedInvocation) -> [UInt8]? {
    guard let process = recording.process, let cwd = process.cwd else { return nil }
    return replaced(process.bytes.exact("cwd", text: cwd), directoryPatterns)
  }

  /// The variables that have to agree, sorted by name.
  func variables(of recording: RecordedInvocation) -> [RecordedVariable] {
    guard !recording.envSubset.isEmpty else { return [] }
    return recording.environmentBytes
      .filter { matters($0.key[...]) }
      .map { RecordedVariable(name: ByteString($0.key), value: value($0.value, of: $0.key)) }
      .sorted { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
  }

  private func matters(_ name: ArraySlice<UInt8>) -> Bool {
    !EnvironmentFilter.isOwn(name)
      && (ignoredVariables.isEmpty || !ignoredVariables.contains(ByteString(name)))
  }

  private func value(_ value: [UInt8], of name: [UInt8]) -> [UInt8] {
    if JobserverTokens.mayStand(in: name) { return JobserverTokens.removed(from: value) }
    return name.elementsEqual("LD_PRELOAD".utf8) ? OwnLibrary.removed(from: value) : value
  }
}

/// A variable that a live invocation has to have.
struct RecordedVariable: Equatable, Sendable {
  let name: ByteString
  let value: [UInt8]
}

// MARK: What is live

/// A live invocation as recordings are compared with it.
struct NormalizedInvocation: Sendable {
  var command: [UInt8]
  var args: [[UInt8]]
  /// Those variables that some recording names.
  var variables: [ByteString: [UInt8]]
  var cwd: [UInt8]?
}

extension Normalizer {
  /// - Parameter names: the variables that recordings name; the others are not looked at.
  /// - Throws: what the scrubber throws.
  func normalized(
    _ live: LiveInvocation, names: VariableNames
  ) throws -> NormalizedInvocation {
    var live = live
    var variables = Self.variables(of: live, names: names)
    (scrubber as? PatternScrubber)?.learn(from: live)
    if let scrubber { try Self.scrub(&live, &variables, with: scrubber) }
    for (name, value) in variables { variables[name] = self.value(value, of: name.bytes) }
    return NormalizedInvocation(
      command: live.command,
      args: keepsArguments ? live.args : live.args.map { replaced($0, argumentPatterns) },
      variables: variables, cwd: live.cwd.map { replaced($0, directoryPatterns) })
  }

  /// Of several variables with one name the first counts, as for getenv(3).
  private static func variables(
    of live: LiveInvocation, names: VariableNames
  ) -> [ByteString: [UInt8]] {
    var variables: [ByteString: [UInt8]] = [:]
    guard !names.isEmpty else { return variables }
    live.forEachVariable { name, value in
      guard let name = names.name(name) else { return }
      if variables[name] == nil { variables[name] = Array(value) }
    }
    return variables
  }

  private static func scrub(
    _ live: inout LiveInvocation, _ variables: inout [ByteString: [UInt8]],
    with scrubber: any Scrubber
  ) throws {
    var texts = EnvironmentTexts(capacity: variables.count)
    for (name, value) in variables {
      var (exactName, exactValue): ([UInt8]?, [UInt8]?)
      let key = text(of: name.bytes, exact: &exactName)
      texts.add(
        key: key, value: text(of: value, exact: &exactValue), exactKey: exactName,
        exactValue: exactValue)
    }
    var recording = RecordedInvocation(live, variables: texts)
    recording = try scrubber.scrub(recording)
    recording.dropStaleBytes()
    live.command = recording.commandBytes
    live.args = recording.argumentBytes
    if let process = recording.process, let cwd = process.cwd {
      live.cwd = process.bytes.exact("cwd", text: cwd)
    }
    variables = Dictionary(recording.environmentBytes.map { (ByteString($0.key), $0.value) }) { $1 }
  }

  /// The beginning of a live standard input as recordings are compared with it.
  func stdin(_ bytes: [UInt8], of live: LiveInvocation) throws -> [UInt8] {
    var bytes = bytes
    if let scrubber, !bytes.isEmpty {
      var recording = RecordedInvocation(live, variables: EnvironmentTexts(capacity: 0))
      var exact: [UInt8]?
      recording.stdin = text(of: bytes, exact: &exact)
      recording.bytes.keep(exact, of: "stdin")
      recording = try scrubber.scrub(recording)
      recording.dropStaleBytes()
      bytes = recording.stdinBytes
    }
    return replaced(bytes, stdinPatterns)
  }
}

extension RecordedInvocation {
  /// A live invocation in the form that scrubbers take.
  fileprivate init(_ live: LiveInvocation, variables: EnvironmentTexts) {
    let invocation = Invocation(command: live.command, args: live.args)
    self.init(
      sequence: 0, command: invocation.command, args: invocation.args,
      envSubset: variables.texts, timestamp: "")
    bytes = invocation.bytes
    bytes.add(variables.bytes)
    guard let cwd = live.cwd else { return }
    var process = ProcessFacts(pid: 0)
    process.setCwd(cwd)
    self.process = process
  }
}
