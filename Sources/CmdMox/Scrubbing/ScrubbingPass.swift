/// What one thread needs while it scrubs, and what it has done.
///
/// Only one thread has it at a time: ``PatternScrubber`` keeps those that nobody uses.
final class ScrubbingPass: @unchecked Sendable {
  private let workspace = MatchWorkspace()
  /// For what is asked about a match while that one is still needed.
  private let second = MatchWorkspace()
  /// Compiled rules by their place in the rule set, so that no lock is taken for each match.
  private var ready: [CompiledRule?] = []
  /// How often each rule changed something; -1 stands for values.
  private(set) var counts: [Int: Int] = [:]
  /// Called for each change.
  var onEdit: ((TextEdit) -> Void)?

  /// A change of a text.
  struct TextEdit {
    /// The rule's place in the rule set; -1 for a value.
    var rule: Int
    /// Where it was in the text as it stood then.
    var range: Range<Int>
    var original: [UInt8]
    var replacement: [UInt8]
  }

  /// What stands for the values in place of a rule.
  static let values = -1

  /// Begins anew.
  func reset() {
    counts = [:]
    onEdit = nil
    (attempts, bytes, startNs) = (0, 0, nil)
  }

  // MARK: The time that it takes

  private var attempts = 0
  private var bytes = 0
  private var startNs: Int?
  /// Looking at the clock takes as long as several attempts.
  private static let attemptsForEachLook = 64

  /// A text of so many bytes is gone through.
  func takes(bytes count: Int) { bytes += count }

  /// Counts an attempt to match.
  ///
  /// - Throws: ``PatternFailure/limit`` where all of them together have taken too long.
  private func countAttempt() throws {
    attempts += 1
    guard attempts.isMultiple(of: Self.attemptsForEachLook) else { return }
    let now = StepClock.now
    let start = startNs ?? now
    startNs = start
    guard now - start < StepClock.limitNs(bytes: bytes) else { throw PatternFailure.limit }
  }

  private func limited<Value>(_ rule: PreparedRule, _ body: () throws -> Value) throws -> Value {
    do {
      return try body()
    } catch is PatternFailure {
      throw ScrubbingError.tooCostly(rule: rule.rule.name)
    }
  }

  // MARK: Matching

  func compiled(_ rule: PreparedRule, _ index: Int) throws -> CompiledRule {
    if index < ready.count, let known = ready[index] { return known }
    while ready.count <= index { ready.append(nil) }
    let fresh = try rule.ready()
    ready[index] = fresh
    return fresh
  }

  /// Looks for a match that begins at a place; ``match`` says where it ends.
  ///
  /// - Throws: ``ScrubbingError/tooCostly(rule:)``.
  func matches(
    _ rule: PreparedRule, _ pattern: Pattern, _ text: UnsafeBufferPointer<UInt8>, at place: Int
  ) throws -> Bool {
    try limited(rule) {
      try countAttempt()
      return try pattern.matches(text, at: place, in: workspace)
    }
  }

  /// Looks for a match from a place on; ``match`` says where it is.
  ///
  /// - Throws: ``ScrubbingError/tooCostly(rule:)``.
  func findNext(
    _ rule: PreparedRule, _ pattern: Pattern, _ text: UnsafeBufferPointer<UInt8>, from place: Int,
    _ clock: inout StepClock
  ) throws -> Bool {
    try limited(rule) { try pattern.next(in: text, from: place, &clock, workspace) }
  }

  /// Where the last match is.
  var match: Range<Int>? { workspace.range(ofGroup: 0) }

  /// Puts the rule's replacement where the last match is.
  ///
  /// - Returns: whether that changes anything.
  func edit(
    _ rule: PreparedRule, _ index: Int, _ ready: CompiledRule,
    _ text: UnsafeBufferPointer<UInt8>, _ edits: inout TextEdits
  ) throws -> Bool {
    let target = try limited(rule) {
      try ready.target(text, workspace) { pattern, secret in
        var clock = StepClock(bytes: secret.count)
        return try pattern.next(in: secret, from: 0, &clock, second)
      }
    }
    guard let target else { return false }
    var replacement: [UInt8] = []
    ready.template.append(to: &replacement, text, workspace)
    return edit(index, target, replacement, text, &edits)
  }

  /// Puts something in the place of a part of the text.
  ///
  /// - Parameter index: the rule's; ``values`` for a value.
  /// - Returns: whether that changes anything.
  func edit(
    _ index: Int, _ target: Range<Int>, _ replacement: [UInt8],
    _ text: UnsafeBufferPointer<UInt8>, _ edits: inout TextEdits
  ) -> Bool {
    guard !text[target].elementsEqual(replacement) else { return false }
    edits.replace(target, with: replacement)
    tell(index, target, text[target], replacement)
    return true
  }

  /// Notes a change.
  func tell(
    _ index: Int, _ range: Range<Int>, _ original: some Sequence<UInt8>, _ replacement: [UInt8]
  ) {
    counts[index, default: 0] += 1
    onEdit?(
      TextEdit(rule: index, range: range, original: Array(original), replacement: replacement))
  }
}
