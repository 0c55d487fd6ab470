import CmdMox
import Glibc
import SystemPackage
import WireSamples

enum Measurement {
  struct Rate {
    var events: Int
    var journalSeconds: Double
    var fixtureSeconds: Double
  }

  /// Records a stream that lies in a file, and writes the fixture.
  static func rate(invocations: Int) throws -> Rate {
    let folder = try Folder()
    defer { folder.remove() }
    let stream = try folder.file("stream")
    defer { try? stream.close() }
    var sample = BuildSample()
    while sample.invocations < invocations {
      try stream.writeAll(sample.piece(upTo: invocations))
    }
    try stream.seek(offset: 0, from: .start)
    let recorder = try folder.recorder()
    let start = Kernel.monotonicNs
    let events = try recorder.take(stream)
    let recorded = Kernel.monotonicNs
    let recordings = try recorder.finish()
    let end = Kernel.monotonicNs
    guard events == 4 * invocations + 1, recordings == invocations else {
      throw Surprise(events: events, recordings: recordings)
    }
    return Rate(
      events: events, journalSeconds: Double(recorded - start) / 1e9,
      fixtureSeconds: Double(end - recorded) / 1e9)
  }

  /// The largest resident set of this process after a session, in KiB.
  static func peakMemory(invocations: Int) throws -> Int {
    let folder = try Folder()
    defer { folder.remove() }
    let stream = try folder.file("stream")
    defer { try? stream.close() }
    let recorder = try folder.recorder()
    var sample = BuildSample()
    while sample.invocations < invocations {
      // One piece at a time in the file, as in a pipe.
      try stream.resize(to: 0)
      try stream.seek(offset: 0, from: .start)
      try stream.writeAll(sample.piece(upTo: invocations))
      try stream.seek(offset: 0, from: .start)
      _ = try recorder.take(stream)
    }
    let recordings = try recorder.finish()
    guard recordings == invocations else { throw Surprise(events: 0, recordings: recordings) }
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss
  }

  /// The same in a process of its own: a peak does not go down again.
  static func childPeakMemory(invocations: Int) throws -> Int {
    guard let stream = popen("/proc/\(getpid())/exe memory \(invocations)", "re") else {
      throw Errno(rawValue: errno)
    }
    var line = [CChar](repeating: 0, count: 64)
    fgets(&line, Int32(line.count), stream)
    pclose(stream)
    return Int(atol(line))
  }
}

/// The recorder did not record what it was given.
struct Surprise: Error {
  var events: Int
  var recordings: Int
}

/// A folder for one measurement.
struct Folder {
  let path: FilePath

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    path = FilePath("\(base)/cmdmox-bench-\(getpid())-\(Kernel.monotonicNs)")
    guard path.withPlatformString({ mkdir($0, 0o700) }) == 0 else { throw Errno(rawValue: errno) }
  }

  func file(_ name: String) throws -> FileDescriptor {
    try FileDescriptor.open(
      path.appending(name), .readWrite, options: [.create, .truncate, .closeOnExec],
      permissions: .ownerReadWrite)
  }

  func recorder() throws -> StoredStream {
    try StoredStream(
      directory: path, fixture: path.appending("cmdmox.json"),
      root: RootFacts(pid: 100, intent: 77, arguments: [], cwd: [], startNs: 0))
  }

  func remove() {
    for name in ["stream", "journal.jsonl", "ancestors", "cmdmox.json"] {
      _ = path.appending(name).withPlatformString { unlink($0) }
    }
    _ = path.withPlatformString { rmdir($0) }
  }
}
