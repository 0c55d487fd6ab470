extension GeneratedTest {
  /// The test for pytest.
  package var pythonText: String {
    """
    # Made by `cmdmox generate-test` of \(name); yours to change.
    from pathlib import Path

    from cmd_mox.ipc import Invocation
    from cmd_mox.record import ReplaySession

    FIXTURE = \(pythonPlace)


    def expect(session, *invocations, stdout, stderr, exit_code):
        responses = (session.match(invocation) for invocation in invocations)
        response = next((found for found in responses if found is not None), None)
        assert response is not None, f"no recording answers {invocations[0]}"
        assert shown(response.stdout) == stdout
        assert shown(response.stderr) == stderr
        assert response.exit_code == exit_code


    def shown(text):
        # What is no UTF-8 stands as U+FFFD, whoever wrote the fixture; long texts by their length.
        text = text.encode(errors="surrogateescape").decode(errors="replace")
        return text if len(text.encode()) <= \(Self.longestOutput) else len(text)


    def test_\(words.joined(separator: "_").lowercased())_replays_as_recorded():
        session = ReplaySession(FIXTURE\(isComplete ? "" : ", allow_unmatched=True"))
        session.load()
    \(steps.map(pythonStep).joined())
        session.verify_all_consumed()

    """
  }

  private var pythonPlace: String {
    switch place {
    case .absolute(let path): "Path(\(PythonLiteral.string(path)))"
    case .relative(let path): "Path(__file__).parent / \(PythonLiteral.string(path))"
    }
  }

  private func pythonStep(_ step: Step) -> String {
    let recording = step.invocation
    var invocations = [pythonInvocation(recording) { text, _ in PythonLiteral.string(text) }]
    if !recording.bytes.isEmpty {
      // A fixture that cmd-mox has written has them as lone surrogates.
      invocations.append(
        pythonInvocation(recording) { PythonLiteral.string($0, exact: $1) })
    }
    return """

          expect(  # recording \(step.sequence)
              session,
      \(invocations.joined(separator: "\n"))
              \(Self.pythonOutput("stdout", step.stdout)),
              \(Self.pythonOutput("stderr", step.stderr)),
              exit_code=\(step.exitCode),
          )

      """
  }

  /// - Parameter literal: how a text is written that has these bytes.
  private func pythonInvocation(
    _ recording: RecordedInvocation, _ literal: (_ text: String, _ exact: [UInt8]) -> String
  ) -> String {
    let args = zip(recording.args, recording.argumentBytes).map { literal($0, $1) }
    let variables = recording.envSubset.sorted { $0.key < $1.key }.map { name, value in
      let key = recording.bytes[EnvironmentTexts.keys, name] ?? Array(name.utf8)
      let bytes = recording.bytes.exact(EnvironmentTexts.member, name, text: value)
      return "\(literal(name, key)): \(literal(value, bytes))"
    }
    return """
              Invocation(
                  command=\(literal(recording.command, recording.commandBytes)),
                  args=[\(args.joined(separator: ", "))],
                  stdin=\(literal(recording.stdin, recording.stdinBytes)),
                  env={\(variables.joined(separator: ", "))},
              ),
      """
  }

  private static func pythonOutput(_ stream: String, _ text: String) -> String {
    text.utf8.count > longestOutput
      ? "\(stream)=\(text.unicodeScalars.count)" : "\(stream)=\(PythonLiteral.string(text))"
  }
}

/// Texts as Python source has them, in ASCII only, so that the file's encoding does not matter.
enum PythonLiteral {
  static func string(_ text: String) -> String {
    "\"" + text.unicodeScalars.map(escaped).joined() + "\""
  }

  /// A text that stands for bytes: what is no UTF-8 as lone surrogates, one for each byte, as
  /// `os.fsdecode` has it.
  static func string(_: String, exact bytes: [UInt8]) -> String {
    var literal = "\""
    var rest = bytes.makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var place = 0
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded):
        literal += escaped(Unicode.UTF8.decode(encoded))
        place += encoded.count
      case .error(let length):
        for byte in bytes[place..<(place + length)] {
          literal += "\\udc" + String(byte, radix: 16)
        }
        place += length
      case .emptyInput: return literal + "\""
      }
    }
  }

  private static func escaped(_ scalar: Unicode.Scalar) -> String {
    switch scalar {
    case "\n": "\\n"
    case "\t": "\\t"
    case "\"": "\\\""
    case "\\": "\\\\"
    case " "..."~": String(scalar)
    case _ where scalar.value > 0xffff: "\\U" + hexadecimal(scalar, digits: 8)
    default: "\\u" + hexadecimal(scalar, digits: 4)
    }
  }

  private static func hexadecimal(_ scalar: Unicode.Scalar, digits: Int) -> String {
    let number = String(scalar.value, radix: 16)
    return String(repeating: "0", count: digits - number.count) + number
  }
}
