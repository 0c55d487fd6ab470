extension GeneratedTest {
  /// The test for Swift Testing.
  package var swiftText: String {
    """
    // swift-format-ignore-file
    // Made by `cmdmox generate-test` of \(name); yours to change.

    import CmdMox
    import SystemPackage
    import Testing

    @Suite struct \(swiftName)ReplayTests {
      static let fixture = \(swiftPlace)

      @Test func `replays as recorded`() throws {
        let session = ReplaySession(fixturePath: Self.fixture\(isComplete ? "" : ", allowUnused: true"))
        try session.load()
    \(steps.map(swiftStep).joined())
        try session.verify()
      }
    }

    """
  }

  private var swiftName: String {
    let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    return name.first?.isNumber == true ? "Fixture" + name : name
  }

  private var swiftPlace: String {
    switch place {
    case .absolute(let path): "FilePath(\(SwiftLiteral.string(path)))"
    case .relative(let path):
      "FilePath(#filePath).removingLastComponent().pushing(FilePath(\(SwiftLiteral.string(path))))"
    }
  }

  private func swiftStep(_ step: Step) -> String {
    let recording = step.invocation
    var lines = [
      "\n    do {  // recording \(step.sequence)",
      "      \(exact(recording).isEmpty ? "let" : "var") invocation = Invocation(",
      "        command: \(SwiftLiteral.string(recording.command)),",
      "        args: [\(recording.args.map(SwiftLiteral.string).joined(separator: ", "))],",
      "        stdin: \(SwiftLiteral.string(recording.stdin)),",
      "        env: \(SwiftLiteral.dictionary(recording.envSubset)))",
    ]
    lines += exact(recording).map { "      invocation.bytes[\($0.place)] = \($0.bytes)" }
    lines += [
      "      let response = try #require(try session.match(invocation))",
      "      #expect(\(Self.swiftComparison("stdout", step.stdout)))",
      "      #expect(\(Self.swiftComparison("stderr", step.stderr)))",
      "      #expect(response.exitCode == \(step.exitCode))",
      "    }\n",
    ]
    return lines.joined(separator: "\n")
  }

  private static func swiftComparison(_ stream: String, _ text: String) -> String {
    text.utf8.count > longestOutput
      ? "response.\(stream).utf8.count == \(text.utf8.count)"
      : "response.\(stream) == \(SwiftLiteral.string(text))"
  }

  /// Where exact bytes belong, and they, for texts that are no UTF-8.
  private func exact(_ recording: RecordedInvocation) -> [(place: String, bytes: String)] {
    var exact: [(place: String, bytes: String)] = []
    func add(_ member: String, _ element: String? = nil) {
      let bytes =
        if let element { recording.bytes[member, element] } else { recording.bytes[member] }
      guard let bytes else { return }
      let names = [member, element].compactMap { $0 }.map(SwiftLiteral.string)
      exact.append((names.joined(separator: ", "), "\(bytes)"))
    }
    add("command")
    for index in recording.args.indices { add("args", String(index)) }
    add("stdin")
    for name in recording.envSubset.keys.sorted() {
      add(EnvironmentTexts.keys, name)
      add(EnvironmentTexts.member, name)
    }
    return exact
  }
}

/// Values as Swift source has them.
enum SwiftLiteral {
  static func string(_ text: String) -> String {
    var literal = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n": literal += "\\n"
      case "\t": literal += "\\t"
      case "\"": literal += "\\\""
      case "\\": literal += "\\\\"
      case _ where isVisible(scalar): literal.unicodeScalars.append(scalar)
      default: literal += "\\u{" + String(scalar.value, radix: 16) + "}"
      }
    }
    return literal + "\""
  }

  static func dictionary(_ texts: [String: String]) -> String {
    guard !texts.isEmpty else { return "[:]" }
    let members = texts.sorted { $0.key < $1.key }.map { "\(string($0.key)): \(string($0.value))" }
    return "[\(members.joined(separator: ", "))]"
  }

  /// Neither a control character nor one that changes how others look.
  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned, .nonspacingMark, .enclosingMark, .spacingMark:
      false
    default: true
    }
  }
}
