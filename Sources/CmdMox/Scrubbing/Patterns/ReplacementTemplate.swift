/// What stands where a pattern matched, as Python's `re.sub` takes it: `\1`, `\g<1>`, `\g<name>`,
/// `\n`, `\\`.
struct ReplacementTemplate: Equatable, Sendable {
  enum Piece: Equatable, Sendable {
    case text([UInt8])
    case group(Int)
  }

  private(set) var pieces: [Piece] = []

  /// A template that is put in as it stands.
  init(literal: String) { pieces = [.text(Array(literal.utf8))] }

  /// - Parameters:
  ///   - groupCount: how many groups the pattern has.
  ///   - groupNamed: the number of a named group.
  /// - Throws: ``TemplateFailure``.
  init(_ template: String, groupCount: Int, groupNamed: (String) -> Int?) throws {
    var source = template.utf8[...]
    var text: [UInt8] = []
    while let byte = source.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        text.append(byte)
        continue
      }
      guard let letter = source.popFirst() else { throw TemplateFailure.endsInBackslash }
      if let escape = Self.escapes[letter] {
        text.append(escape)
        continue
      }
      let group = try Self.group(letter, &source, groupNamed)
      guard group <= groupCount else { throw TemplateFailure.noGroup(String(group)) }
      if !text.isEmpty { pieces.append(.text(text)) }
      pieces.append(.group(group))
      text = []
    }
    if !text.isEmpty { pieces.append(.text(text)) }
  }

  private static let escapes: [UInt8: UInt8] = [
    UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
    UInt8(ascii: "t"): 9, UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12,
    UInt8(ascii: "v"): 11,
  ]

  private static func group(
    _ letter: UInt8, _ source: inout Substring.UTF8View, _ groupNamed: (String) -> Int?
  ) throws -> Int {
    if letter == UInt8(ascii: "g") {
      guard source.popFirst() == UInt8(ascii: "<"),
        let end = source.firstIndex(of: UInt8(ascii: ">"))
      else { throw TemplateFailure.noGroup("\\g") }
      let name = String(Substring(source[..<end]))
      source = source[source.index(after: end)...]
      guard let group = Int(name).flatMap({ $0 >= 0 ? $0 : nil }) ?? groupNamed(name) else {
        throw TemplateFailure.noGroup(name)
      }
      return group
    }
    guard let first = digit(letter) else {
      throw TemplateFailure.unknownEscape(String(UnicodeScalar(letter)))
    }
    guard let next = source.first, let second = digit(next) else { return first }
    source.removeFirst()
    return first * 10 + second
  }

  private static func digit(_ byte: UInt8) -> Int? {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
  }

  /// Adds what stands for the last match of `workspace`; a group that took no part is empty.
  func append(
    to output: inout [UInt8], _ text: UnsafeBufferPointer<UInt8>,
    _ workspace: borrowing MatchWorkspace
  ) {
    for piece in pieces {
      switch piece {
      case .text(let bytes): output += bytes
      case .group(let group):
        if let range = workspace.range(ofGroup: group) { output += text[range] }
      }
    }
  }
}

/// Why a replacement makes no sense.
enum TemplateFailure: Error, Equatable {
  case endsInBackslash
  case noGroup(String)
  case unknownEscape(String)
}
