/// Values that are secret wherever they appear: in memory only, never in a file.
struct SecretValues: Sendable {
  /// A value is looked for from this length on, in bytes.
  static let least = 4

  private var known: Set<[UInt8]> = []
  private var forms: [[UInt8]] = []
  private var automaton: KeywordAutomaton?

  var isEmpty: Bool { known.isEmpty }

  /// Adds a value, and how it reads in JSON, in URLs and in base64.
  ///
  /// - Returns: false where it was known already, or is part of the mark that stands for secrets.
  @discardableResult
  mutating func add(_ value: [UInt8]) -> Bool {
    guard value.count >= Self.least, !isInMark(value), known.insert(value).inserted else {
      return false
    }
    for form in ValueForms.all(of: value) where !forms.contains(form) { forms.append(form) }
    automaton = KeywordAutomaton(forms, ignoresCase: false)
    return true
  }

  private func isInMark(_ value: [UInt8]) -> Bool {
    DefaultRule.mark.utf8.indices.contains {
      DefaultRule.mark.utf8[$0...].starts(with: value)
    }
  }

  /// Redacts every value in a text; of values in one another or across one another, all together.
  ///
  /// - Returns: the text afterwards; nil where nothing changed.
  func applied(to text: UnsafeBufferPointer<UInt8>, _ pass: ScrubbingPass) -> [UInt8]? {
    guard let automaton else { return nil }
    var found: [Range<Int>] = []
    automaton.scan(text) { hit in
      // Hits come by their ends: an earlier one can only lie within this one, or before it.
      var range = hit.range
      while let last = found.last, last.upperBound > range.lowerBound {
        range = min(last.lowerBound, range.lowerBound)..<range.upperBound
        found.removeLast()
      }
      found.append(range)
      return nil
    }
    guard !found.isEmpty else { return nil }
    var edits = TextEdits()
    let mark = Array(DefaultRule.mark.utf8)
    for range in found { _ = pass.edit(ScrubbingPass.values, range, mark, text, &edits) }
    return edits.result(text)
  }
}
