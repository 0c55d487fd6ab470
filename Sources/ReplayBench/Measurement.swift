import CmdMox
import Glibc
import SystemPackage

/// What is measured: medians of rounds.
struct Measurement {
  /// Recordings in a small and in a large fixture.
  static let few = 100
  static let many = 100_000

  var folder = FilePath("/tmp")
  var rounds = 5

  private let clock = ContinuousClock()

  /// How long it takes until a session can answer, and how much of that reading the fixture takes.
  struct Start {
    var seconds: Double
    var readingSeconds: Double

    var json: String { "{\"s\": \(seconds), \"reading_s\": \(readingSeconds)}" }
  }

  /// Starts sessions of so many recordings.
  func start(_ count: Int) throws -> Start {
    let file = folder.appending("replay-bench-\(getpid())-\(count).json")
    try Sample(kind: .arguments).fixture(count).save(to: file)
    defer { _ = file.withPlatformString { unlink($0) } }
    var (whole, reading): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
      let session = ReplaySession(fixturePath: file)
      whole.append(try clock.measure { try session.load() } / .seconds(1))
      reading.append(try clock.measure { _ = try FixtureFile.load(file) } / .seconds(1))
    }
    return Start(seconds: median(whole), readingSeconds: median(reading))
  }

  /// Microseconds for each command with few and with many recordings.
  struct Figures {
    var few: Double
    var many: Double

    var json: String {
      "{\"us_at_\(Measurement.few)\": \(few), \"us_at_\(Measurement.many)\": \(many), "
        + "\"ratio\": \(many / few)}"
    }
  }

  /// Alternates between a small and a large fixture of which every recording answers.
  ///
  /// - Parameter order: the order of the live commands.
  func compare(
    _ kind: Sample.Kind, _ mode: MatchingOptions.Mode, order: ([Int]) -> [Int] = { $0 }
  ) throws -> Figures {
    let sample = Sample(kind: kind)
    let (small, large) = (sample.fixture(Self.few), sample.fixture(Self.many))
    var (few, many): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
      let sessions = try (0..<100).map { _ in
        try perCommand(sample, small, order(Array(0..<Self.few)), mode)
      }
      few.append(median(sessions))
      many.append(try perCommand(sample, large, order(Array(0..<Self.many)), mode))
    }
    return Figures(few: median(few), many: median(many))
  }

  private func perCommand(
    _ sample: Sample, _ fixture: FixtureFile, _ places: [Int], _ mode: MatchingOptions.Mode
  ) throws -> Double {
    let session = try ReplaySession(fixture: fixture, options: MatchingOptions(mode: mode))
    var passed = Duration.zero
    // The live commands are made piece by piece, as they come.
    for start in stride(from: 0, to: places.count, by: Self.few) {
      let lives = places[start..<min(start + Self.few, places.count)].map {
        (sample.live($0), Array(sample.input($0).utf8))
      }
      passed += try clock.measure {
        for (live, stdin) in lives {
          guard case .answer = try session.reply(to: live, stdin: stdin, isAtEnd: true) else {
            throw Errno.noData
          }
        }
      }
    }
    return passed / .microseconds(1) / Double(places.count)
  }

  private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
