import Glibc

/// What libFuzzer gives bytes to. Whatever they are, a target returns; it traps where something is
/// not as it must be.
enum FuzzTarget: String, CaseIterable {
  /// Bytes in the pipe.
  case frames
  /// Events that are well formed and make no sense together.
  case events
  /// What stand-ins say to the recorder.
  case control
  case fixture
  case journal
  case rulesJSON = "rules-json"
  case rulesTOML = "rules-toml"
  case rulesYAML = "rules-yaml"
  /// Files of programs.
  case programs
  /// What looks at recordings, and exports them.
  case views

  /// The one that the command line names.
  static let chosen: FuzzTarget? = {
    let option = "--target="
    let argument = CommandLine.arguments.first { $0.hasPrefix(option) }
    return argument.flatMap { FuzzTarget(rawValue: String($0.dropFirst(option.count))) }
  }()

  /// Whether a target tells what it makes of an input: `--tell`, to understand a finding.
  static let tells = CommandLine.arguments.contains("--tell")

  static func tell(_ what: @autoclosure () -> Any) {
    guard tells else { return }
    print(what())
    // A finding ends the program at once.
    fflush(nil)
  }

  func run(_ bytes: UnsafeRawBufferPointer) {
    switch self {
    case .frames: fuzzFrames(bytes)
    case .events: fuzzEvents(bytes)
    case .control: fuzzControl(bytes)
    case .fixture: fuzzFixture(bytes)
    case .journal: fuzzJournal(bytes)
    case .rulesJSON: fuzzRules(bytes, named: "rules.json")
    case .rulesTOML: fuzzRules(bytes, named: "rules.toml")
    case .rulesYAML: fuzzRules(bytes, named: "rules.yaml")
    case .programs: fuzzPrograms(bytes)
    case .views: fuzzViews(bytes)
    }
  }
}
