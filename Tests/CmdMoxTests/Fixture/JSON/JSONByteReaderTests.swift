import SystemPackage
import Testing

@testable import CmdMox

@Suite struct JSONByteReaderTests {
  /// Reads a whole document from a file, in pieces of the smallest size there is.
  static func read(_ text: some Collection<UInt8>, chunk: Int = 64) throws -> JSONValue {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("document")
    try write(text, to: path)
    let file = try FileDescriptor.open(path, .readOnly)
    defer { try? file.close() }
    var reader = JSONByteReader(input: file, chunk: chunk)
    try reader.begin()
    let value = try reader.value()
    try reader.finish()
    return value
  }

  @Test(
    arguments: [
      ("null", .null), ("true", true), (" \t\r\nfalse\n", false), ("0", 0), ("  123", 123),
      (String(repeating: " ", count: 62) + "12345", 12345), ("-0", 0), ("-1", -1),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("9223372036854775808", .largeNumber("9223372036854775808")),
      ("-9223372036854775809", .largeNumber("-9223372036854775809")), ("1.5", 1.5), ("1e3", 1000.0),
      ("1E+3", 1000.0), ("25e-1", 2.5), ("1.0", 1.0), ("1e400", .largeNumber("1e400")),
      ("\"\"", ""), ("\"a b\"", "a b"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
      (#""\u00e4\u20AC\ud83d\ude00""#, "ä€😀"), ("\"ümlaut\"", "ümlaut"), ("[]", []), ("{}", [:]),
      ("[ 1 , [ ] , { } ]", [1, [], [:]]),
      (#"{"a":{"b":[null]},"c":2}"#, ["a": ["b": [nil]], "c": 2]),
      (#"{"":0}"#, ["": 0]), (#"{"a":1,"b":2,"a":3}"#, ["b": 2, "a": 3]),
      (#"{"\u0061":1}"#, ["a": 1]),
    ] as [(String, JSONValue)])
  func `reads what RFC 8259 allows`(text: String, expected: JSONValue) throws {
    #expect(try Self.read(text.utf8) == expected)
  }

  @Test(arguments: [
    "", " ", "nul", "nulll", "TRUE", "None", "NaN", "Infinity", "-Infinity", "-", "+1", "01", "-01",
    "1.", ".5", "1e", "1e+", "0x10", "1_000", "'a'", "\"", "\"a", #""\"#, #""\x""#, #""\u12""#,
    #""\u12g4""#, "\"\n\"", "\"\u{1}\"", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "[1}", "{",
    "{1:2}",
    #"{"a""#, #"{"a":"#, #"{"a":1"#, #"{"a":1,"#, #"{"a":1,}"#, #"{"a" 1}"#, #"{"a":1]"#, "{a:1}",
    "1 2", "[] []", "{}x", "// comment\n1", "\u{feff}1", "\u{0}",
  ])
  func `refuses what RFC 8259 does not allow`(text: String) throws {
    #expect(throws: DecodingFailure.self) { try Self.read(text.utf8) }
  }

  @Test(
    arguments: [
      [0x22, 0xff, 0x22], [0x22, 0xc3, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22],
      [0x22, 0xc0, 0x80, 0x22],
      [0x22, 0x5c, 0x6e, 0xff, 0x22], [0xff, 0xfe, 0x31, 0x00],
      [0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d],
    ] as [[UInt8]])
  func `refuses bytes that are not UTF-8`(bytes: [UInt8]) throws {
    #expect(throws: DecodingFailure.self) { try Self.read(bytes) }
  }

  @Test(arguments: [
    (#""\ud800""#, "\u{fffd}"), (#""\udc00""#, "\u{fffd}"),
    (#""\ud800\ud800""#, "\u{fffd}\u{fffd}"),
    (#""a\ud83dz""#, "a\u{fffd}z"), (#""\ud800\u0041""#, "\u{fffd}A"), (#""\udcff""#, "\u{fffd}"),
  ])
  func `reads a lone surrogate as U+FFFD`(text: String, expected: String) throws {
    #expect(try Self.read(text.utf8) == .string(expected))
  }

  @Test(
    arguments: [
      (#""\udcff\udce4""#, [0xff, 0xe4]), (#""caf\udce9""#, [0x63, 0x61, 0x66, 0xe9]),
      (#""\ud800""#, nil), (#""\udc41""#, nil), (#""ümlaut\n""#, nil),
    ] as [(String, [UInt8]?)])
  func `reads what Python makes of bytes as those bytes`(text: String, expected: [UInt8]?) throws {
    var reader = JSONByteReader(text.utf8)
    var exact: [UInt8]?
    _ = try reader.string(exact: &exact)
    #expect(exact == expected)
  }

  @Test(arguments: [
    ("\u{feff}{}", 1, 1, 0, "JSON in UTF-8 without a byte order mark", "a byte order mark"),
    ("[1,\n  2,\n  x]", 3, 3, 11, "a value", "“x”"),
    ("{\"a\": 1\n \"b\": 2}", 2, 2, 9, "a comma or the end of the object", "“\"”"),
    ("[\"ümlaut\", \"\u{1}\"]", 1, 14, 13, "an escape for a control character", "the byte 0x01"),
    ("[\"abc", 1, 6, 5, "the end of a string", "the end of the file"),
    ("{}\n\n  []", 3, 3, 6, "the end of the file", "“[”"),
    ("[01]", 1, 2, 1, "a number", "a malformed one"), ("[tru]", 1, 2, 1, "a value", "another word"),
  ])
  func `names line, column and byte of what is wrong`(
    text: String, line: Int, column: Int, offset: Int, expected: String, found: String
  ) throws {
    let failure = #expect(throws: DecodingFailure.self) { try Self.read(text.utf8) }
    #expect(
      failure?.reason
        == .syntax(
          JSONPosition(line: line, column: column, offset: offset), expected: expected,
          found: found))
  }

  @Test func `counts lines and bytes over many pieces`() throws {
    let text = "[" + String(repeating: "\"0123456789ümlaut\",\n", count: 500) + "?]"
    let failure = #expect(throws: DecodingFailure.self) { try Self.read(text.utf8) }
    guard case .syntax(let position, _, _) = failure?.reason else {
      Issue.record("not a syntax error")
      return
    }
    #expect(position == JSONPosition(line: 501, column: 1, offset: 1 + 500 * 21))
  }

  @Test(arguments: [512, 513])
  func `takes 512 levels and no more`(levels: Int) throws {
    let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    if levels == 512 {
      _ = try Self.read(text.utf8)
    } else {
      #expect(throws: DecodingFailure.self) { try Self.read(text.utf8) }
    }
  }

  @Test(arguments: [0, 1, 7, 8, 9, 55, 63, 64, 65, 1000, 131_072])
  func `reads a string of any length, with and without escapes`(length: Int) throws {
    let plain = String(repeating: "x", count: length)
    #expect(try Self.read("\"\(plain)\"".utf8) == .string(plain))
    #expect(try Self.read("\"\(plain)\\n\(plain)\"".utf8) == .string("\(plain)\n\(plain)"))
    #expect(
      try Self.read("[\"\(plain)ü\", \(length)]".utf8) == [.string(plain + "ü"), .integer(length)])
  }

  @Test(arguments: 0..<200)
  func `reads back what the writer wrote, in pieces of any size`(seed: Int) throws {
    var random = RandomFixture(seed: seed)
    let value = random.value(depth: 5)
    for layout in [JSONByteWriter.Layout.compact, .indented] {
      var writer = JSONByteWriter(layout: layout, capacity: 1)
      writer.value(value)
      #expect(try Self.read(writer.bytes, chunk: 64 + seed) == value)
    }
  }

  @Test(arguments: 0..<50)
  func `skips as much as it would read`(seed: Int) throws {
    var random = RandomFixture(seed: seed)
    var writer = JSONByteWriter(layout: .indented)
    writer.value(random.value(depth: 5))
    var reader = JSONByteReader(writer.bytes)
    try reader.skip()
    try reader.finish()
  }

  /// Documents that are nearly JSON: pieces of it in any order, and fixtures with a byte changed.
  static func nearlyJSON(seed: Int) throws -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    if seed.isMultiple(of: 2) {
      let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"\\u00e4\"", "\\", "\\u",
        "\"\\ud800\\udc00\"", "null",
        "true", "false", "nul", "0", "-", "1", "12", ".", "5", "e", "E+", " ", "\n", "\t", "ü",
        "\u{1}",
        "{\"k\":", "\"k\":1", "[1,", "[]", "{}",
      ]
      let count = Int.random(in: 1...6, using: &random)
      return (0..<count).flatMap { _ in Array((pieces.randomElement(using: &random) ?? "").utf8) }
    }
    var text = Array("{\"a\": [1, -2.5e3, \"x\\ty\", {\"ü\": null}], \"b\": {\"c\": true}}".utf8)
    for _ in 0..<Int.random(in: 0...2, using: &random) {
      let place = Int.random(in: text.indices, using: &random)
      switch Int.random(in: 0...2, using: &random) {
      case 0: text[place] = UInt8.random(in: 0...255, using: &random)
      case 1: text.remove(at: place)
      default: text.insert(text[Int.random(in: text.indices, using: &random)], at: place)
      }
    }
    return text
  }

  @Test func `agrees with Python on what JSON is, in pieces of any size`() throws {
    let documents = try (0..<600).map(Self.nearlyJSON)
    let folder = try TemporaryFolder()
    let path = folder.path.appending("documents")
    try write(documents.flatMap { Base64.encode($0) + [0x0a] }, to: path)
    let python = try Ran(
      "python3",
      [
        "-c",
        """
        import base64, json, sys
        def refuse(word):
            raise ValueError(word)
        for line in open(sys.argv[1]):
            try:
                json.loads(base64.b64decode(line).decode("utf-8"), parse_constant=refuse)
                print("yes")
            except ValueError:
                print("no")
        """, path.string,
      ])
    let answers = python.output.split(separator: "\n").map { $0 == "yes" }
    #expect(answers.count == documents.count)
    #expect(answers.contains(true) && answers.contains(false))
    for (document, isJSON) in zip(documents, answers) {
      let large = try? Self.read(document, chunk: 4096)
      #expect((large != nil) == isJSON, "\(String(decoding: document, as: UTF8.self))")
      // A document in front makes every piece end somewhere else.
      let padding = [UInt8](repeating: 0x20, count: document.count % 64)
      #expect((try? Self.read(padding + document)) == large)
    }
  }
}
