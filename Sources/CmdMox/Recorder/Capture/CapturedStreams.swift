internal import CmdMoxWire
internal import Glibc

/// What was kept of a command's three streams.
struct CapturedStreams: Equatable {
  var stdin = Stream()
  var stdout = Stream()
  var stderr = Stream()

  struct Stream: Equatable {
    var bytes: [UInt8] = []
    var facts = StreamFacts(taken: .unknown)
  }
}

extension CapturedStreams {
  /// - Parameters:
  ///   - kept: descriptors of those that have something kept, in order.
  ///   - limit: as many bytes as a stand-in was told to keep of each; what a file has beyond that is
  ///     not looked at, so that no file, however long it says it is, takes more memory.
  init(_ records: [CaptureReport.StreamRecord], kept: [Int32], limit: UInt64) {
    var rest = kept[...]
    var streams = records.map { record in
      let facts = StreamFacts(record)
      let descriptor = record.has(CMDMOX_STREAM_KEPT) ? rest.popFirst() : nil
      return Stream(
        bytes: descriptor.map { Self.contents($0, limit: limit) } ?? [], facts: facts)
    }
    while streams.count < 3 { streams.append(Stream()) }
    (stdin, stdout, stderr) = (streams[0], streams[1], streams[2])
  }

  /// Marks what was read back from files that others wrote to as well.
  ///
  /// - Parameter overlapping: for stdout and stderr.
  mutating func mark(overlapping: [Bool]) {
    stdout.facts.overlaps = overlapping[0] && stdout.facts.taken == .file
    stderr.facts.overlaps = overlapping[1] && stderr.facts.taken == .file
  }

  /// A file in memory, which its writer has finished.
  private static func contents(_ descriptor: Int32, limit: UInt64) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return [] }
    let length = min(Int(status.st_size), Int(clamping: limit))
    return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      while count < length, let start = buffer.baseAddress {
        let got = pread(descriptor, start + count, length - count, off_t(count))
        guard got > 0 else { break }
        count += got
      }
    }
  }
}

extension StreamFacts {
  init(_ record: CaptureReport.StreamRecord) {
    self.init(taken: Self.word(record.how))
    if taken == .relayed || taken == .file || taken == .peeked {
      length = Int(clamping: record.length)
    }
    isTruncated = record.has(CMDMOX_STREAM_TRUNCATED)
    isMerged = record.has(CMDMOX_STREAM_MERGED)
    isEnded = record.has(CMDMOX_STREAM_ENDED)
    runsOn = record.has(CMDMOX_STREAM_RUNS_ON)
  }

  private static func word(_ how: UInt32) -> Taken {
    switch how {
    case CMDMOX_STREAM_CLOSED.rawValue: .closed
    case CMDMOX_STREAM_INHERITED.rawValue: .inherited
    case CMDMOX_STREAM_RELAYED.rawValue: .relayed
    case CMDMOX_STREAM_FILE.rawValue: .file
    case CMDMOX_STREAM_PEEKED.rawValue: .peeked
    default: .unknown
    }
  }
}
