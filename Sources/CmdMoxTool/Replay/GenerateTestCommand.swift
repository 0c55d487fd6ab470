import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

struct GenerateTestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate-test",
    abstract: "Writes a test that replays a fixture.",
    discussion: """
      The test asks for each recorded command and expects its answer: Swift Testing with the package \
      CmdMox, or pytest with the package cmd-mox. It passes as it is written.
      """)

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The fixture that the test replays.", valueName: "file"), completion: .file()
  )
  var fixture = "cmdmox.json"

  @Option(help: "What the test is written in.")
  var language: GeneratedTest.Language

  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp("Where the test goes; to standard output if absent.", valueName: "file"),
    completion: .file())
  var output: String?

  @Flag(name: [.short, .long], help: "Do not say what the test leaves out.")
  var quiet = false

  mutating func run() throws {
    let path = OwnEnvironment.absolute(FilePath(fixture)).lexicallyNormalized()
    let target = output.map { OwnEnvironment.absolute(FilePath($0)).lexicallyNormalized() }
    let test = try generated(path, seenFrom: target)
    if !test.isComplete, !quiet {
      say(
        "the test leaves out some recordings of \(fixture): it has at most "
          + "\(GeneratedTest.longest), and none that cannot be replayed")
    }
    let text = language == .swift ? test.swiftText : test.pythonText
    guard let target else { return print(text, terminator: "") }
    try write(text, to: target)
  }

  private func generated(_ path: FilePath, seenFrom target: FilePath?) throws -> GeneratedTest {
    let place: GeneratedTest.Place =
      target.map { .relative(Self.relative(path, to: $0.removingLastComponent())) }
      ?? .absolute(path.string)
    do {
      return try GeneratedTest(
        FixtureFile.load(path), name: path.lastComponent?.stem ?? "fixture", place: place,
        language: language)
    } catch let error as FixtureError {
      if case .unreadable = error { throw Failure(.noInput, error.description) }
      throw Failure(.badData, error.description)
    } catch let error as ScrubbingError {
      throw Failure(.badData, "\(fixture): \(error)")
    }
  }

  /// A path as it is seen from a folder, both absolute.
  private static func relative(_ path: FilePath, to folder: FilePath) -> String {
    let (there, here) = (Array(path.components), Array(folder.components))
    let shared = zip(there, here).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: here.count - shared)
    return (up + there[shared...].map(\.string)).joined(separator: "/")
  }

  private func write(_ text: String, to target: FilePath) throws {
    do {
      let file = try FileDescriptor.open(
        target, .writeOnly, options: [.create, .truncate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      try file.closeAfter { _ = try file.writeAll(text.utf8) }
    } catch let error as Errno {
      throw Failure(.cannotCreate, "\(target): the test cannot be written: \(error)")
    }
  }
}

extension GeneratedTest.Language: ExpressibleByArgument {}
