import Foundation
import Testing

/// A fixture as any reader of JSON sees it: the tests do not trust the library's own reader.
struct Fixture: Decodable {
  struct Metadata: Decodable {
    var session: Session?
  }

  struct Session: Decodable {
    var mode: String
    var command: [String]
    var cwd: String
    /// These are not there where nobody saw the end.
    var exitCode: Int?
    var durationMs: Int?
    var invocations: Int?
    var opaque: Int?
    var lost: Int?
    var failed: Int?
    var running: Int?
    var confined: Int?
  }

  var version: String
  var metadata: Metadata
  var recordings: [Recording]

  init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    self = try decoder.decode(Fixture.self, from: json)
  }
}

/// One recorded invocation.
struct Recording: Decodable {
  struct Process: Decodable {
    var pid: Int
    var ppid: Int?
    var parent: Int?
    var executable: String?
    var cwd: String?
    var termination: String?
    var signal: Int?
    var error: String?
    var startedUs: Int?
    var endedUs: Int?
    var maxRssKib: Int?
    var argv0: String?
    var interpreter: String?
    var statusSource: String?
    var opaque: String?
    var confined: String?
    var stdin: Stream?
    var stdout: Stream?
    var stderr: Stream?
  }

  struct Stream: Decodable {
    var taken: String
    var length: Int?
    var marks: [String]?
  }

  struct Bytes: Decodable {
    var command: String?
    var args: [String: String]?
    var stdin: String?
    var stdout: String?
    var stderr: String?
  }

  var sequence: Int
  var command: String
  var args: [String]
  var stdin: String
  var envSubset: [String: String]
  var stdout: String
  var stderr: String
  var exitCode: Int
  var timestamp: String
  var durationMs: Int
  var bytes: Bytes?
  var process: Process
}

extension Recording {
  var stdinBytes: Data { Self.exact(stdin, bytes?.stdin) }
  var stdoutBytes: Data { Self.exact(stdout, bytes?.stdout) }
  var stderrBytes: Data { Self.exact(stderr, bytes?.stderr) }

  /// A stream's bytes, whether they are text or not.
  private static func exact(_ text: String, _ base64: String?) -> Data {
    base64.flatMap { Data(base64Encoded: $0) } ?? Data(text.utf8)
  }
}
