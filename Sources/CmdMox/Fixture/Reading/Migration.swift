/// One step from a major version of the schema to the next: what it changes in a fixture's parts.
///
/// A step sees each part as JSON, so that it can be applied while a file is read piece by piece.
struct Migration: Sendable {
  let metadata: @Sendable (_ metadata: inout JSONObject) -> Void
  /// - Parameter index: the recording's place in the file, from 0.
  let recording: @Sendable (_ recording: inout JSONObject, _ index: Int) -> Void

  /// The chain, each step keyed by the major version that it starts from.
  static let chain: [Int: Migration] = [0: .from0]

  /// The steps from a version to the current one, in the order in which they are applied.
  static func steps(from version: FixtureVersion) -> [Migration] {
    guard version.major < FixtureVersion.current.major else { return [] }
    return (version.major..<FixtureVersion.current.major).compactMap { chain[$0] }
  }

  /// 0.x to 1.0: what was written before there was a version. Members that are absent get the value
  /// that says least; a recording without a command stays an error.
  private static let from0 = Migration(
    metadata: { metadata in
      metadata.fill("created_at", "")
      metadata.fill("cmdmox_version", "unknown")
      metadata.fill("platform", "unknown")
      metadata.fill("python_version", "")
    },
    recording: { recording, index in
      recording.fill("sequence", .integer(index))
      recording.fill("args", [])
      recording.fill("stdin", "")
      recording.fill("env_subset", [:])
      recording.fill("stdout", "")
      recording.fill("stderr", "")
      recording.fill("exit_code", 0)
      recording.fill("timestamp", "")
      recording.fill("duration_ms", 0)
    })
}

extension JSONObject {
  /// Sets a member that is absent.
  fileprivate mutating func fill(_ name: String, _ value: JSONValue) {
    if self[name] == nil { self[name] = value }
  }
}
