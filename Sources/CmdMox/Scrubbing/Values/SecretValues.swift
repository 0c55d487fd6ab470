/// Values that are secret wherever they appear: in memory only, never in a file.
struct SecretValues: Sendable {
  /// A value is looked for from this length on, in bytes.
  static let least = ValueFinder.head

  private var known: Set<[UInt8]> = []
  private var forms = ValueFinder()

  var isEmpty: Bool { known.isEmpty }
  /// How many there are: higher where something was added.
  var count: Int { known.count }

  /// Adds a value, and how it reads in JSON, in URLs, in scripts and in base64.
  ///
  /// - Returns: false where it was known already, or is part of the mark that stands for secrets.
  @discardableResult
  mutating func add(_ value: [UInt8]) -> Bool {
    guard value.count >= Self.least, !isInMark(value), known.insert(value).inserted else {
      return false
    }
    for form in ValueForms.all(of: value) where !isInMark(form) { forms.add(form) }
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
    let found = forms.ranges(in: text)
    guard !found.isEmpty else { return nil }
    var edits = TextEdits()
    let mark = Array(DefaultRule.mark.utf8)
    for range in found { _ = pass.edit(ScrubbingPass.values, range, mark, text, &edits) }
    return edits.result(text)
  }

  /// Whether a value stands in a text.
  func stand(in text: UnsafeBufferPointer<UInt8>) -> Bool {
    !forms.ranges(in: text, atMost: 1).isEmpty
  }

  /// Where the beginning of a value stands that was cut off by the end of the text.
  func cutValue(in text: UnsafeBufferPointer<UInt8>) -> Int? {
    isEmpty ? nil : forms.beginningAtEnd(of: text)
  }
}
