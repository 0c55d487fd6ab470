import CmdMox
import Glibc
import SystemPackage

/// One thing that is measured, in a process of its own: `FixtureBench NAME ARGUMENT…`.
enum Measurement: String {
  /// FILE COUNT: writes a fixture.
  case generate
  /// FILE
  case load
  /// FILE OUTPUT
  case save
  /// FILE: reads all recordings, keeps none.
  case stream
  /// FOLDER COUNT: records into a journal, and makes the fixture.
  case journal

  /// Runs it, and returns a JSON object: seconds by name, and the peak of memory in KiB.
  func run(_ arguments: [String]) throws -> String {
    var seconds: [(String, Double)] = []
    let path = FilePath(arguments.first ?? "fixture.json")
    let count = arguments.dropFirst().first.flatMap { Int($0) } ?? 1
    switch self {
    case .generate:
      try GeneratedFixture.file(recordings: count).save(to: path)
    case .load:
      var fixture: FixtureFile?
      seconds.append(("load", try time { fixture = try FixtureFile.load(path) }))
      if fixture?.recordings.isEmpty ?? true { throw Errno.noData }
    case .save:
      let fixture = try FixtureFile.load(path)
      let output = FilePath(arguments.last ?? "output.json")
      seconds.append(("save", try time { try fixture.save(to: output) }))
    case .stream:
      var recordings = 0
      let passed = try time {
        _ = try FixtureReader.forEachRecording(in: path) { _ in recordings += 1 }
      }
      seconds.append(("stream", passed))
    case .journal:
      seconds = try journal(in: path, count: count)
    }
    let members = seconds.map { "\"\($0)_s\": \($1)" } + ["\"peak_kib\": \(Self.peak())"]
    return "{\(members.joined(separator: ", "))}"
  }

  private func journal(in folder: FilePath, count: Int) throws -> [(String, Double)] {
    let session = RecordingSession(
      fixturePath: folder.appending("journal.json"), journalDirectory: folder, metadata: .create())
    try session.start()
    let events = GeneratedFixture.Events()
    let append = try time {
      for index in 0..<count {
        try events.record(index, of: count, into: session)
        // A recorder flushes after each batch of events.
        if index % 64 == 63 { try session.flush() }
      }
      try session.flush()
    }
    let finish = try time { _ = try session.finish(metadata: .create()) }
    return [("append", append), ("finish", finish)]
  }

  private func time(_ body: () throws -> Void) rethrows -> Double {
    try ContinuousClock().measure(body) / .seconds(1)
  }

  /// The largest resident set of this process, in KiB, exec and fork not counted (`VmHWM`).
  private static func peak() -> Int {
    guard let status = try? Child.contents(of: "/proc/self/status"),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") })
    else { return 0 }
    return line.split { $0 == " " || $0 == "\t" }.compactMap { Int($0) }.first ?? 0
  }
}
