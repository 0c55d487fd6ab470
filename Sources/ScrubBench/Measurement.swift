import CmdMox
import Glibc

/// All in CPU time: the machine may be shared.
enum Measurement {
  private static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  /// How many megabytes of a text, as one stream after the other, are scrubbed in a second.
  static func rate(of text: String, megabytes: Int) throws -> Double {
    let scrubber = PatternScrubber()
    var recording = TypicalRecording.traced
    recording.stdout = text
    _ = try scrubber.scrub(recording)
    let start = now
    for _ in 0..<megabytes { _ = try scrubber.scrub(recording) }
    let seconds = Double(now - start) / 1e9
    return (Double(text.utf8.count * megabytes) / 1e6 / seconds).rounded()
  }

  /// How long one recording takes: the median of rounds.
  static func microseconds(_ recording: RecordedInvocation) throws -> Double {
    let scrubber = PatternScrubber()
    let rounds = try (0..<9).map { _ in
      let start = now
      for _ in 0..<2000 { _ = try scrubber.scrub(recording) }
      return Double(now - start) / 2000 / 1000
    }
    return (median(rounds) * 100).rounded() / 100
  }

  /// How long it takes to look for secrets among the 41 variables of a process.
  static let environmentUs: Double = {
    let scrubber = PatternScrubber()
    let environment =
      (0..<40).map { Array("VARIABLE_\($0)=a value of about forty bytes, \($0) of them".utf8) }
      + [Array("GITHUB_TOKEN=ghp_x7Vt9qYbPzRk2LmN4sW".utf8)]
    let start = now
    for _ in 0..<2000 { scrubber.learn(from: environment) }
    return (Double(now - start) / 2000 / 10).rounded() / 100
  }()

  /// How long it takes to make a process's first scrubber.
  static func firstScrubberUs() -> Double {
    let start = now
    _ = PatternScrubber()
    return Double(now - start) / 1000
  }

  static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
