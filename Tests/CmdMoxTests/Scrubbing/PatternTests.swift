import Testing

@testable import CmdMox

@Suite struct PatternTests {
  private func matches(_ pattern: String, _ text: [UInt8]) throws -> [Range<Int>] {
    let pattern = try Pattern(pattern, .anywhere)
    let workspace = MatchWorkspace()
    var found: [Range<Int>] = []
    try text.withUnsafeBufferPointer { text in
      var place = 0
      while place <= text.count, try pattern.matches(text, at: place, in: workspace),
        let range = workspace.range(ofGroup: 0)
      {
        found.append(range)
        place = max(range.upperBound, place + 1)
      }
    }
    return found
  }

  @Test(arguments: [
    (#"\Aa"#, "aa", [0..<1]), (#"a\Z"#, "a\n", []), (#"a\Z"#, "ba", [1..<2]),
    ("a$", "a\n", [0..<1]), ("a{,2}b", "aab", [0..<3]), ("[{,]{2}", "{,", [0..<2]),
    ("[]{,2}]", "]", [0..<1]), (#"(?P<x>a)(?P=x)"#, "aa", [0..<2]), (#"\w+"#, "für", [0..<4]),
    (#"é"#, "\u{e9}", [0..<2]), (#"\x41\u00e9"#, "A\u{e9}", [0..<3]),
    ("(?i)k", "\u{212a}", [0..<3]),
  ])
  func `patterns read as in Python`(pattern: String, text: String, expected: [Range<Int>]) throws {
    #expect(try matches(pattern, Array(text.utf8)) == expected)
  }

  @Test func `bytes that are no UTF-8 match nothing and hide nothing`() throws {
    let text: [UInt8] = [0xff, 0x61, 0xc3, 0x62, 0xe2, 0x82, 0x61]
    #expect(try matches("[ab]", text) == [1..<2, 3..<4, 6..<7])
    #expect(try matches(".", text) == [1..<2, 3..<4, 6..<7])
  }

  @Test func `a pattern that is none says what is wrong and where`() {
    #expect(throws: PatternFailure.syntax("missing closing parenthesis", offset: 2)) {
      try Pattern("(a", .anywhere)
    }
  }

  @Test func `a pattern that would take for ever is given up`() throws {
    let text = [UInt8](repeating: 0x61, count: 40)
    #expect(throws: PatternFailure.limit) { try matches("(a+)+$", text + [0x62]) }
  }

  @Test(arguments: [
    (#"[\1]"#, "<x:y>", "[x]"), (#"\g<b>-\g<1>-\g<0>"#, "x:y", "y-x-x:y"),
    (#"a\nb\\"#, "x:y", "a\nb\\"),
    ("", "x:y", ""), (#"\3|"#, "x:y", "|"),
  ])
  func `replacements read as in Python`(template: String, text: String, expected: String) throws {
    let pattern = try Pattern("(?P<a>x):(?P<b>y)(z)?", .anywhere)
    let template = try ReplacementTemplate(
      template, groupCount: pattern.groupCount, groupNamed: pattern.group)
    let workspace = MatchWorkspace()
    var result: [UInt8] = []
    try Array(text.utf8).withUnsafeBufferPointer { text in
      let isFound = try pattern.matches(text, at: 0, in: workspace)
      #expect(isFound)
      template.append(to: &result, text, workspace)
    }
    #expect(String(decoding: result, as: UTF8.self) == expected)
  }

  @Test(arguments: [
    (#"\4"#, TemplateFailure.noGroup("4")), (#"\g<no>"#, .noGroup("no")),
    (#"x\"#, .endsInBackslash),
    (#"\q"#, .unknownEscape("q")), (#"\g1"#, .noGroup(#"\g"#)),
  ])
  func `a replacement that makes no sense is refused`(
    template: String, failure: TemplateFailure
  ) throws {
    let pattern = try Pattern("(?P<a>x):(?P<b>y)(z)?", .anywhere)
    #expect(throws: failure) {
      try ReplacementTemplate(
        template, groupCount: pattern.groupCount, groupNamed: pattern.group)
    }
  }
}
