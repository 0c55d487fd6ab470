internal import Synchronization

/// Takes secrets out of recordings: by rules, and by values that are known to be secret.
///
/// The default rules know the tokens of many services, private keys, headers, URLs with passwords,
/// and passwords and keys beside their names; docs/scrubbing.md lists them. All rules are applied
/// until none of them changes anything any more, so what was scrubbed is not changed by scrubbing it
/// again. Exact bytes are scrubbed as bytes.
///
/// Safe to use from many threads at once. What has not been added yet when a recording is scrubbed
/// is not looked for in it.
public final class PatternScrubber: Scrubber {
  private let state: Mutex<State>
  private let idle = Mutex<[ScrubbingPass]>([])

  private struct State {
    var rules: RuleSet
    var values = SecretValues()
    /// Default rules that have changed something.
    var used: Set<Int> = []
  }

  /// A scrubber with the default rules.
  public init() { state = Mutex(State(rules: .defaults)) }

  /// A scrubber with rules of its own.
  ///
  /// - Parameters:
  ///   - rules: in the order in which they are applied; those of a fixture, for example.
  ///   - includesDefaults: whether the default rules come first.
  /// - Throws: ``ScrubbingError`` for the first rule that cannot be applied.
  public init(rules: [ScrubbingRule], includesDefaults: Bool = false) throws {
    let prepared = try rules.map { try PreparedRule($0) }
    state = Mutex(
      State(rules: RuleSet((includesDefaults ? RuleSet.defaults.rules : []) + prepared)))
  }

  /// What stands for a secret.
  public static let mark = DefaultRule.mark

  /// The rules that every scrubber has unless it is told otherwise.
  public static var defaultRules: [ScrubbingRule] { DefaultRule.all.map(\.rule) }

  /// Adds a rule behind those that are there.
  ///
  /// - Throws: ``ScrubbingError`` where it cannot be applied; nothing is added then.
  public func add(_ rule: ScrubbingRule) throws {
    let prepared = try PreparedRule(rule)
    state.withLock { $0.rules = $0.rules.adding(prepared) }
  }

  /// Redacts a value wherever it appears from now on; encoded in JSON, a URL or base64, too. It is
  /// kept in memory only.
  ///
  /// - Throws: ``ScrubbingError/shortValue(length:least:)`` for one of less than 4 bytes.
  public func redact(value: String) throws {
    let bytes = Array(value.utf8)
    guard bytes.count >= SecretValues.least else {
      throw ScrubbingError.shortValue(length: bytes.count, least: SecretValues.least)
    }
    state.withLock { _ = $0.values.add(bytes) }
  }

  /// Redacts the values of an environment's variables from now on, where names and values look secret.
  ///
  /// - Parameter environment: `NAME=value`, each.
  package func learn(from environment: some Sequence<[UInt8]>) {
    for entry in environment { entry.withUnsafeBytes { learn(entry: $0) } }
  }

  /// Redacts the values of a process's variables, as far as /proc shows them.
  package func learn(fromProcess pid: UInt32) {
    let bytes = ProcessFiles.read(pid, "environ", limit: 4 << 20) ?? []
    bytes.withUnsafeBytes { learn(from: WireStrings(bytes: $0, count: 0)) }
  }

  func learn(from environment: WireStrings) {
    for entry in environment { learn(entry: entry) }
  }

  private func learn(entry: UnsafeRawBufferPointer) {
    let characters = entry.assumingMemoryBound(to: UInt8.self)
    guard let equals = characters.place(of: UInt8(ascii: "=")) else { return }
    learn(
      name: UnsafeBufferPointer(rebasing: characters[..<equals]),
      value: UnsafeBufferPointer(rebasing: characters[(equals + 1)...]))
  }

  /// Redacts a variable's value from now on, if its name and value look secret.
  private func learn(
    name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>
  ) {
    if SecretVariables.isSecret(name: name, value: value) {
      state.withLock { _ = $0.values.add(Array(value)) }
    } else if let password = SecretVariables.password(inURL: value) {
      state.withLock { _ = $0.values.add(password) }
    }
  }

  /// How many values are known to be secret: where it has become higher, what was scrubbed before may
  /// hold one.
  var valueCount: Int { state.withLock { $0.values.count } }

  /// Whether a recording holds a value that is known to be secret.
  func knowsSecret(in recording: RecordedInvocation) -> Bool {
    let values = state.withLock { $0.values }
    return !values.isEmpty && recording.hasBytes { values.stand(in: $0) }
  }

  /// The rules that were added, and of the default ones those that have changed something; none that
  /// has a secret value in it.
  public var rules: [ScrubbingRule] {
    state.withLock { state in
      state.rules.rules.enumerated()
        .filter { !$0.element.isDefault || state.used.contains($0.offset) }
        .map(\.element.rule)
    }.filter { !holdsSecret($0) }
  }

  public var possibleRules: [ScrubbingRule] {
    state.withLock { $0.rules.rules.map(\.rule) }.filter { !holdsSecret($0) }
  }

  /// Whether a value that is known to be secret stands in a rule.
  func holdsSecret(_ rule: ScrubbingRule) -> Bool {
    let values = state.withLock { $0.values }
    return [rule.pattern, rule.replacement].contains { text in
      var text = text
      return text.withUTF8 { values.stand(in: $0) }
    }
  }

  /// Whether the mark stands wherever a rule has taken something out.
  var marksSecrets: Bool {
    possibleRules.allSatisfy { RedactionMark.stands(in: $0.replacement) }
  }

  /// The recording without its secrets.
  ///
  /// - Throws: ``ScrubbingError`` where a rule cannot be applied to it.
  public func scrub(_ recording: RecordedInvocation) throws -> RecordedInvocation {
    try scrub(recording, onChange: nil)
  }

  /// - Parameter onChange: called for each change.
  package func scrub(
    _ recording: RecordedInvocation, onChange: ((ScrubbingChange) -> Void)?
  ) throws -> RecordedInvocation {
    learn(from: recording)
    let (rules, values) = state.withLock { ($0.rules, $0.values) }
    let pass = idle.withLock { $0.popLast() } ?? ScrubbingPass()
    defer {
      pass.reset()
      idle.withLock { $0.append(pass) }
    }
    var work = RecordingScrub(recording, rules, values, pass, onChange)
    try work.run()
    note(pass.counts)
    return work.recording
  }

  /// Redacts the values of a recording's variables from now on, where names and values look secret.
  func learn(from recording: RecordedInvocation) {
    guard !recording.envSubset.isEmpty else { return }
    for variable in recording.environmentBytes {
      variable.key.withUnsafeBufferPointer { key in
        variable.value.withUnsafeBufferPointer { learn(name: key, value: $0) }
      }
    }
  }

  private func note(_ counts: [Int: Int]) {
    guard !counts.isEmpty else { return }
    state.withLock { state in
      for index in counts.keys where index >= 0 { state.used.insert(index) }
    }
  }
}

/// A change that a scrubber made.
package struct ScrubbingChange: Sendable {
  /// What made it: a rule's description, or its pattern; nil for a value that is known to be secret.
  package var rule: String?
  /// Where in the recording: `args[1]`, `stdout`.
  package var place: String
  /// What stood there. It is secret.
  package var original: String
  /// What stands there now.
  package var replacement: String
}
