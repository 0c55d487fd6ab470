internal import SystemPackage

extension ReplayVerdict {
  /// The verdict as a JSON object; docs/replay-report.md has its members.
  public func toDictionary() -> JSONObject {
    [
      "fixture": fixture.map { .string($0.string) } ?? .null,
      "passed": .bool(isPassed),
      "recordings": .integer(recordings),
      "used": .integer(used),
      "miss_count": .integer(missCount),
      "misses": .array(misses.map { .object($0.object) }),
      "unused_count": .integer(unusedCount),
      "unused": .array(unused.map { .object($0.object) }),
      "allow_unmatched": .bool(allowUnmatched),
      "allow_unused": .bool(allowUnused),
      "allow_misses": .bool(allowMisses),
    ]
  }

  /// The verdict as JSON text, with a line break at the end.
  public var json: String {
    var writer = JSONByteWriter(layout: .indented)
    writer.value(.object(toDictionary()))
    return String(decoding: writer.bytes, as: UTF8.self) + "\n"
  }
}

extension ReplayMiss {
  fileprivate var object: JSONObject {
    var object = JSONObject(commandLine: commandLine)
    object["number"] = .integer(number)
    object["reason"] = .string(word)
    object["next"] = next.map { .integer($0) } ?? .null
    object["problem"] = problem.map { .string($0) } ?? .null
    object["closest"] = .array(closest.map { .object($0.object) })
    object["similar_commands"] = .array(similarCommands.map { .string($0) })
    return object
  }

  private var word: String {
    switch reason {
    case .noRecording: "no-recording"
    case .allUsed: "all-used"
    case .outOfOrder: "out-of-order"
    case .unanswerable: "unanswerable"
    case .incomparable: "incomparable"
    }
  }

  private var next: Int? { if case .outOfOrder(let next) = reason { next } else { nil } }
  private var problem: String? {
    switch reason {
    case .unanswerable(let error): error.description
    case .incomparable(let problem): problem
    case .noRecording, .allUsed, .outOfOrder: nil
    }
  }
}

extension RecordingDifference {
  fileprivate var object: JSONObject {
    var object = JSONObject(commandLine: commandLine)
    object["sequence"] = .integer(sequence)
    object["used"] = .bool(isUsed)
    object["differences"] = .array(differences.map { .string($0) })
    return object
  }
}

extension UnusedRecording {
  fileprivate var object: JSONObject {
    var object = JSONObject(commandLine: commandLine)
    object["sequence"] = .integer(sequence)
    return object
  }
}

extension JSONObject {
  fileprivate init(commandLine: [String]) {
    self = [
      "command": .string(commandLine.first ?? ""),
      "args": .array(commandLine.dropFirst().map { .string($0) }),
    ]
  }
}
