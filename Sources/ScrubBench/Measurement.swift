import CmdMox

enum Measurement {
  /// How many megabytes of a text, as one stream after the other, are scrubbed in a second.
  static func rate(of text: String, megabytes: Int) throws -> Double {
    let scrubber = PatternScrubber()
    var recording = TypicalRecording.traced
    recording.stdout = text
    _ = try scrubber.scrub(recording)
    let start = Kernel.monotonicNs
    for _ in 0..<megabytes { _ = try scrubber.scrub(recording) }
    let seconds = Double(Kernel.monotonicNs - start) / 1e9
    return (Double(text.utf8.count * megabytes) / 1e6 / seconds).rounded()
  }

  /// How long one recording takes: the median of rounds.
  static func microseconds(_ recording: RecordedInvocation) throws -> Double {
    let scrubber = PatternScrubber()
    let rounds = try (0..<9).map { _ in
      let start = Kernel.monotonicNs
      for _ in 0..<2000 { _ = try scrubber.scrub(recording) }
      return Double(Kernel.monotonicNs - start) / 2000 / 1000
    }
    return (median(rounds) * 100).rounded() / 100
  }

  /// How long it takes to make a process's first scrubber.
  static func firstScrubberUs() -> Double {
    let start = Kernel.monotonicNs
    _ = PatternScrubber()
    return Double(Kernel.monotonicNs - start) / 1000
  }

  static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
