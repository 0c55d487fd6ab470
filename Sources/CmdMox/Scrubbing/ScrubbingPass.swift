/// What one thread needs while it scrubs, and what it has done.
///
/// Only one thread has it at a time: ``PatternScrubber`` keeps those that nobody uses.
final class ScrubbingPass: @unchecked Sendable {
  private let workspace = MatchWorkspace()
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
  }

  func compiled(_ rule: PreparedRule, _ index: Int) throws -> CompiledRule {
    if index < ready.count, let known = ready[index] { return known }
    while ready.count <= index { ready.append(nil) }
    let fresh = try rule.ready()
    ready[index] = fresh
    return fresh
  }

  /// Looks for a match; ``match`` says where it is.
  ///
  /// - Throws: ``ScrubbingError/tooCostly(rule:)``.
  func matches(
    _ rule: PreparedRule, _ pattern: Pattern, _ text: UnsafeBufferPointer<UInt8>, at place: Int,
    last: Int? = nil
  ) throws -> Bool {
    do {
      return try pattern.matches(text, at: place, last: last, in: workspace)
    } catch is PatternFailure {
      throw ScrubbingError.tooCostly(rule: rule.rule.name)
    }
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
    guard let target = try ready.target(text, workspace) else { return false }
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
    counts[index, default: 0] += 1
    onEdit?(
      TextEdit(
        rule: index, range: target, original: Array(text[target]), replacement: replacement))
    return true
  }
}
