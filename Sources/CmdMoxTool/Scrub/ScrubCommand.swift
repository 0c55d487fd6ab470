import ArgumentParser
import CmdMox
import SystemPackage

struct ScrubCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scrub",
    abstract: "Takes secrets out of fixtures that are there already.",
    discussion: """
      Says what each rule changed and how often, never what stood there. A fixture that needs no \
      change is not written.
      """)

  @Argument(help: ArgumentHelp("The fixtures.", valueName: "fixture"), completion: .file())
  var files: [String]

  @OptionGroup var scrubbing: ScrubOptions

  @Flag(name: .customLong("in-place"), help: "Replace each fixture by the scrubbed one.")
  var isInPlace = false

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Where the scrubbed fixture goes.", valueName: "file"), completion: .file())
  var output: String?

  @Flag(name: .customLong("dry-run"), help: "Only say what would be changed.")
  var isDry = false

  @Flag(name: [.short, .long], help: "Say nothing but errors.")
  var quiet = false

  mutating func run() throws {
    guard [isInPlace, output != nil, isDry].count(where: { $0 }) == 1 else {
      throw Failure(.usage, "give one of --in-place, --output <file> and --dry-run")
    }
    guard output == nil || files.count == 1 else {
      throw Failure(.usage, "--output takes one fixture; use --in-place for several")
    }
    let scrubber = try scrubbing.scrubber()
    var failures: [Failure] = []
    for file in files {
      do {
        try scrub(file, scrubber)
      } catch let failure as Failure {
        // The others must not be left as they are because of this one.
        if let earlier = failures.last { say(earlier.sentence) }
        failures.append(failure)
      }
    }
    guard let last = failures.last else { return }
    throw Failure(failures[0].status, last.sentence)
  }

  private func scrub(_ file: String, _ scrubber: PatternScrubber) throws {
    do {
      let fixture = try FixtureFile.load(FilePath(file))
      var report = ScrubReport()
      let scrubbed = try fixture.scrubbed(by: scrubber) { report.count($0) }
      let isChanged = scrubbed != fixture
      if let output {
        try scrubbed.save(to: FilePath(output))
      } else if isInPlace, isChanged {
        try scrubbed.save(to: FilePath(file))
      }
      guard !quiet else { return }
      for line in report.lines(file, isDry: isDry) { print(line) }
    } catch let error as FixtureError {
      throw Failure(Self.status(of: error), error.description)
    } catch let error as ScrubbingError {
      throw Failure(.badData, "\(file): \(error)")
    }
  }

  private static func status(of error: FixtureError) -> Status {
    switch error {
    case .unreadable: .noInput
    case .unwritable: .cannotCreate
    default: .badData
    }
  }
}

/// What was changed in a fixture, by rule.
struct ScrubReport {
  private static let placesShown = 4
  private var rules: [(name: String, count: Int, places: [String])] = []

  mutating func count(_ change: ScrubbingChange) {
    let name = change.rule ?? "values known to be secret"
    let index = rules.firstIndex { $0.name == name } ?? rules.count
    if index == rules.count { rules.append((name, 0, [])) }
    rules[index].count += 1
    if !rules[index].places.contains(change.place) { rules[index].places.append(change.place) }
  }

  /// One line for each rule; never what stood there.
  func lines(_ file: String, isDry: Bool) -> [String] {
    guard !rules.isEmpty else { return ["\(file): nothing to change"] }
    let total = rules.reduce(0) { $0 + $1.count }
    let changes = "\(total) change\(total == 1 ? "" : "s")"
    return ["\(file): \(isDry ? "\(changes) to be made" : changes)"]
      + rules.map { rule in
        let more = rule.places.count > Self.placesShown ? ", …" : ""
        let places = rule.places.prefix(Self.placesShown).joined(separator: ", ")
        return "  \(rule.count) × \(rule.name): \(places)\(more)"
      }
  }
}
