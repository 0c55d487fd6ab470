import Foundation
import Testing

@testable import CmdMox

@Suite struct JSONByteWriterTests {
  static func text(_ value: JSONValue, _ layout: JSONByteWriter.Layout) -> String {
    var writer = JSONByteWriter(layout: layout)
    writer.value(value)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  @Test func `indents as Python does`() throws {
    let value: JSONValue = [
      "empty": [:], "none": [], "list": [1, [2, [:]], -3.5, nil, true],
      "object": ["a": "ümlaut \"\\ \u{0}\u{1f}\u{7f}\u{8}\u{c}\n\r\t/ 😀", "b": ["c": 1e20]],
    ]
    let python = try Ran(
      "python3",
      [
        "-c",
        "import json,sys;sys.stdout.reconfigure(encoding='utf-8');"
          + "print(json.dumps(json.loads(sys.argv[1]),indent=2,ensure_ascii=False),end='')",
        Self.text(value, .compact),
      ])
    #expect(python.errors == "")
    #expect(Self.text(value, .indented) == python.output)
  }

  @Test(
    arguments: [
      (.integer(.max), "9223372036854775807"), (.integer(.min), "-9223372036854775808"), (0, "0"),
      (10, "10"), (-7, "-7"), (.double(0.1), "0.1"), (.double(1), "1.0"), (.double(-0.0), "-0.0"),
      (.double(.leastNonzeroMagnitude), "5e-324"), (.double(.nan), "null"),
      (.double(.infinity), "null"),
      (.largeNumber("12345678901234567890"), "12345678901234567890"),
      (.largeNumber("no number"), "\"no number\""),
    ] as [(JSONValue, String)])
  func `writes numbers that read back`(value: JSONValue, expected: String) {
    #expect(Self.text(value, .compact) == expected)
  }

  @Test(arguments: [0, 1, 3, 7, 8, 9, 15, 16, 17, 131_072])
  func `escapes at every place in a string`(length: Int) {
    let plain = String(repeating: "x", count: length)
    #expect(Self.text(.string(plain + "\"" + plain), .compact) == "\"\(plain)\\\"\(plain)\"")
    #expect(Self.text(.string(plain + "\u{1f}"), .compact) == "\"\(plain)\\u001f\"")
  }
}

@Suite struct Base64Tests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
  ])
  func `agrees with the examples of RFC 4648`(plain: String, encoded: String) {
    #expect(Base64.text(of: Array(plain.utf8)) == encoded)
    #expect(Base64.decode(encoded) == Array(plain.utf8))
  }

  @Test(arguments: 0..<64)
  func `agrees with Foundation`(length: Int) {
    var random = SeededGenerator(seed: length)
    let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
    #expect(Base64.text(of: bytes) == Data(bytes).base64EncodedString())
    #expect(Base64.decode(Base64.text(of: bytes)) == bytes)
  }

  @Test(arguments: [
    "Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "=Zg=", "Z===", "====", "Zm9v\n", "Zm 9", "Zm9-",
    "Zm_v",
    "Zg==Zm9v",
  ])
  func `refuses what no encoder makes`(text: String) {
    #expect(Base64.decode(text) == nil)
  }
}

@Suite struct JSONObjectTests {
  @Test(arguments: [1, 15, 16, 17, 18, 100])
  func `keeps order, replaces in place and removes`(count: Int) {
    var object = JSONObject((0..<count).map { ("n\($0)", .integer($0)) })
    object["n0"] = "first"
    #expect(object.members.map(\.name) == (0..<count).map { "n\($0)" })
    #expect(object["n0"] == "first")
    #expect(object["n\(count)"] == nil)
    object["n0"] = nil
    #expect(object.count == count - 1)
    #expect(object["n\(count - 1)"] == (count == 1 ? nil : .integer(count - 1)))
  }

  @Test func `equality ignores the order of members`() {
    #expect(JSONObject([("a", 1), ("b", 2)]) == JSONObject([("b", 2), ("a", 1)]))
    #expect(JSONObject([("a", 1), ("b", 2)]) != JSONObject([("a", 1), ("c", 2)]))
    #expect(JSONObject([("a", 1)]) != JSONObject([("a", 1), ("b", 2)]))
  }

  @Test(arguments: [0, 30])
  func `tells names apart that String takes for equal`(others: Int) {
    var object = JSONObject((0..<others).map { ("n\($0)", nil) })
    object["\u{fc}"] = 1
    object["u\u{308}"] = 2
    #expect(object["\u{fc}"] == 1)
    #expect(object["u\u{308}"] == 2)
  }
}
