import Foundation
import Glibc
import Testing

/// How a program is run.
enum Form: String, CaseIterable {
  /// Without any of it.
  case bare
  /// With a preload that does nothing: what any library shows. Tells whose fault a difference is.
  case emptyPreload
  /// `cmdmox trace -o FIXTURE --quiet -- PROGRAM`.
  case traced
  /// `cmdmox trace --deep -o FIXTURE --quiet -- PROGRAM`.
  case deep
  /// `LD_PRELOAD=libcmdmox.so PROGRAM`.
  case preloaded
  /// `cmdmox record -o FIXTURE --quiet -- PROGRAM`.
  case recorded
  /// The same with `--depth all`.
  case recordedWhole
  /// `CMDMOX_MODE=record LD_PRELOAD=libcmdmox.so PROGRAM`.
  case preloadedRecording

  /// The forms that capture streams.
  static let recording: [Form] = [.recorded, .recordedWhole, .preloadedRecording]

  /// Whether the tool starts the program: a signal becomes a status then.
  var isTools: Bool { [.traced, .deep, .recorded, .recordedWhole].contains(self) }

  var mode: String { Self.recording.contains(self) ? "record" : "trace" }

  /// The forms that are compared with bare. `CMDMOX_TEST_FORMS=emptyPreload` proves the harness.
  static let compared: [Form] = {
    guard let names = ProcessInfo.processInfo.environment["CMDMOX_TEST_FORMS"] else {
      return [.traced, .preloaded]
    }
    return names.split(separator: ",").compactMap { Form(rawValue: String($0)) }
  }()
}

/// A program and the place that it runs in: run bare, traced and in the bare form, it must do the
/// same each time.
struct TracedProgram {
  var arguments: [String]
  /// Beside the sandbox's own variables.
  var environment: [String: String] = [:]
  var workingDirectory = "work"
  /// Files of the working directory that differ from run to run by themselves.
  var ignoredFiles: [String] = []
  var input: String?
  /// Options of `cmdmox record`.
  var recordOptions: [String] = []
  /// A program that runs this one, without the preload: `setpriv …`, for example.
  var wrapper: [String] = []
  var limit: Duration = .seconds(90)
  /// How many events cannot be delivered, and must be counted; nil: some.
  var lost: Int? = 0
  /// Puts files into the working directory before each run.
  var prepare: (Sandbox) throws -> Void = { _ in }

  init(_ arguments: String..., workingDirectory: String = "work") {
    self.arguments = arguments
    self.workingDirectory = workingDirectory
  }

  /// A compiled caller.
  init(caller name: String, _ arguments: String..., workingDirectory: String = "work") throws {
    self.arguments = [try Callers.path(name)] + arguments
    self.workingDirectory = workingDirectory
  }

  /// Text for a shell.
  init(shell text: String, with shell: String = "sh", workingDirectory: String = "work") {
    self.arguments = [shell, "-c", text]
    self.workingDirectory = workingDirectory
  }

  /// Runs it once, in a sandbox of its own unless one is given.
  func run(_ form: Form, in given: Sandbox? = nil) throws -> Outcome {
    let sandbox = try given ?? Sandbox(workingDirectory: workingDirectory)
    try prepare(sandbox)
    if let input { try Data(input.utf8).write(to: URL(filePath: sandbox.folder + "/stdin")) }
    var launch = try launch(form, in: sandbox)
    launch.input = input == nil ? "/dev/null" : sandbox.folder + "/stdin"
    launch.output = sandbox.folder + "/stdout"
    launch.errors = sandbox.folder + "/stderr"
    launch.limit = limit
    let ending = try launch.run()
    return Outcome(
      ending: ending,
      output: bytes(of: launch.output), errors: bytes(of: launch.errors),
      files: FileTree(of: sandbox.work, ignoring: ignoredFiles),
      fixture: try form == .bare || form == .emptyPreload ? nil : fixture(in: sandbox))
  }

  /// The command line and the environment of a form.
  func launch(_ form: Form, in sandbox: Sandbox) throws -> Launch {
    var variables = sandbox.environment.merging(environment) { $1 }
    var words = arguments
    let others = variables["LD_PRELOAD"].map { ":" + $0 } ?? ""
    var preload: String?
    switch form {
    case .bare: break
    case .emptyPreload: preload = try Callers.path("libemptypreload.so")
    case .preloaded: preload = BuiltParts.library
    case .preloadedRecording:
      preload = BuiltParts.library
      variables["CMDMOX_MODE"] = "record"
    case .traced:
      words = [BuiltParts.tool, "trace", "-o", sandbox.fixture, "--quiet", "--"] + words
    case .deep:
      words = [BuiltParts.tool, "trace", "--deep", "-o", sandbox.fixture, "--quiet", "--"] + words
    case .recorded:
      words =
        [BuiltParts.tool, "record", "-o", sandbox.fixture, "--quiet"] + recordOptions + ["--"]
        + words
    case .recordedWhole:
      words =
        [BuiltParts.tool, "record", "--depth", "all", "-o", sandbox.fixture, "--quiet"]
        + recordOptions + ["--"] + words
    }
    if let preload, !wrapper.isEmpty {
      // Behind the wrapper, and only there: it is not hooked itself.
      words = wrapper + ["/usr/bin/env", "LD_PRELOAD=" + preload + others] + words
      return Launch(arguments: words, environment: variables, directory: sandbox.work)
    }
    var launch = Launch(
      arguments: wrapper + words, environment: variables, directory: sandbox.work)
    launch.preload = preload.map { $0 + others }
    return launch
  }

  /// Runs it in every one of `forms` and says what differs from the bare run. What was recorded comes
  /// back for further questions.
  @discardableResult
  func expectTransparent(
    in forms: [Form] = Form.compared, _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> [Outcome] {
    let sandbox = try Sandbox(workingDirectory: workingDirectory)
    let bare = try run(.bare, in: sandbox)
    var outcomes: [Outcome] = []
    for form in forms {
      try sandbox.reset()
      let outcome = try run(form, in: sandbox)
      var expected = bare
      if form.isTools { expected.ending = bare.ending.asExitStatus }
      let differences = expected.differences(from: outcome)
      if !differences.isEmpty {
        try sandbox.reset()
        let empty = try run(.emptyPreload, in: sandbox)
        let inherent = bare.differences(from: empty).isEmpty ? "no" : "the same or another"
        Issue.record(
          """
          \(form.rawValue) differs from bare (\(inherent) difference under an empty preload):
          \(differences.joined(separator: "\n"))
          """, sourceLocation: sourceLocation)
      }
      if let fixture = outcome.fixture {
        fixture.expectConsistent(with: bare.ending, mode: form.mode, lost: lost, sourceLocation)
        expectNothingLeft(in: sandbox, sourceLocation)
      }
      outcomes.append(outcome)
    }
    return outcomes
  }

  private func expectNothingLeft(in sandbox: Sandbox, _ sourceLocation: SourceLocation) {
    let isEmpty = waits { sandbox.sessionDirectories().isEmpty }
    if !isEmpty {
      Issue.record(
        "session directories are left: \(sandbox.sessionDirectories())",
        sourceLocation: sourceLocation)
    }
  }

  private func bytes(of path: String) -> [UInt8] {
    [UInt8](FileManager.default.contents(atPath: path) ?? Data())
  }

  /// The fixture is on disk when the command has returned; only a killed root's follows later.
  private func fixture(in sandbox: Sandbox) throws -> Fixture {
    let path = environment["CMDMOX_FIXTURE"] ?? sandbox.fixture
    _ = waits { FileManager.default.fileExists(atPath: path) }
    guard let data = FileManager.default.contents(atPath: path) else {
      let errors = String(decoding: bytes(of: sandbox.folder + "/stderr"), as: UTF8.self)
      throw HarnessError.noFixture("no fixture was written; stderr: \(errors)")
    }
    return try Fixture(json: data)
  }
}
