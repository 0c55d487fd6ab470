import SystemPackage
import Testing

@testable import CmdMox

/// Tests that are generated: those in Swift are part of this suite, those in Python run against a
/// stand-in for cmd-mox.
@Suite struct GeneratedTestTests {
  typealias Fixture = ReplayFixture

  /// `cmdmox generate-test --language swift -f Tests/Fixtures/NAME.json -o …` writes them.
  @Test(
    arguments: [
      ("python-deploy", "PythonDeploy"), ("python-scrubbed", "PythonScrubbed"),
      ("cmdmox-trace", "CmdmoxTrace"),
    ])
  func `a Swift test is what is compiled here`(fixture: String, name: String) throws {
    let test = try GeneratedTest(
      FixtureFile.load(Checkout.fixture("\(fixture).json")), name: fixture,
      place: .relative("../../../Fixtures/\(fixture).json"), language: .swift)
    let file = Checkout.tests.appending("CmdMoxTests/Replay/Generated/\(name)ReplayTests.swift")
    #expect(try test.swiftText == String(decoding: contents(of: file), as: UTF8.self))
  }

  /// Calls the functions of a test file as pytest does.
  private static let runner = """
    import runpy, sys
    sys.dont_write_bytecode = True
    sys.path.insert(0, sys.argv[1])
    tests = {name: test for name, test in runpy.run_path(sys.argv[2]).items() if name[:5] == "test_"}
    for test in tests.values():
        test()
    print(len(tests))
    """

  private static func runPython(_ text: String, in folder: TemporaryFolder) throws -> Ran {
    let file = folder.path.appending("test_it.py")
    try write(text.utf8, to: file)
    return try Ran(
      "python3", ["-c", runner, Checkout.tests.appending("python").string, file.string])
  }

  @Test(arguments: Checkout.fixtures)
  func `a Python test passes`(fixture: String) throws {
    let folder = try TemporaryFolder()
    let path = Checkout.fixture(fixture)
    let test = try GeneratedTest(
      FixtureFile.load(path), name: fixture, place: .absolute(path.string), language: .python)
    #expect(test.isComplete)
    let ran = try Self.runPython(test.pythonText, in: folder)
    #expect(ran.status == 0, "\(ran.errors)")
    #expect(ran.output == "1\n")
  }

  @Test(arguments: GeneratedTest.Language.allCases)
  func `texts of every kind are written exactly`(language: GeneratedTest.Language) throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("every-kind.json")
    let long = String(repeating: "ü", count: 2000)
    let fixture = Fixture.file(
      RandomFixture.pieces.enumerated().map {
        // An environment cannot have a NUL.
        Fixture.recording($0, "c", $1, stdin: $1, env: $1 == "\0" ? [:] : ["K": $1], stdout: $1)
      } + [Fixture.recording(99, "long", stdout: long), Fixture.recording(100, "")])
    try fixture.save(to: path)
    let test = try GeneratedTest(
      fixture, name: "every kind", place: .relative("every-kind.json"), language: language)
    #expect(test.isComplete)
    switch language {
    case .python:
      let ran = try Self.runPython(test.pythonText, in: folder)
      #expect(ran.status == 0, "\(ran.errors)")
      try Fixture.file(Array(fixture.recordings.dropLast())).save(to: path)
      #expect(try Self.runPython(test.pythonText, in: folder).status != 0)
    case .swift:
      // Nothing in it can be taken for the end of a literal or of a line.
      let text = test.swiftText
      #expect(text.contains("\\u{308}") && text.contains("\\u{2028}") && text.contains("\\u{0}"))
      #expect(
        !text.unicodeScalars.contains { $0.properties.generalCategory == .control && $0 != "\n" })
    }
  }

  @Test func `what cannot be replayed is left out`() throws {
    let running = Fixture.recording(1, "daemon").with { $0.termination = .running }
    let huge = Fixture.recording(2, "c", stdin: String(repeating: "x", count: 100_000))
    let fixture = Fixture.file(Fixture.recording(0, "a"), running, huge)
    let swift = try GeneratedTest(fixture, name: "f", place: .absolute("/f"), language: .swift)
    #expect(!swift.isComplete)
    #expect(swift.steps.map(\.sequence) == [0])
    #expect(swift.swiftText.contains("allowUnused: true"))
    let python = try GeneratedTest(fixture, name: "f", place: .absolute("/f"), language: .python)
    #expect(!python.isComplete)
    #expect(python.pythonText.contains("allow_unmatched=True"))
  }

  @Test func `only the outermost commands are asked for in Swift, all in Python`() throws {
    let fixture = Fixture.file(Fixture.recording(0, "sh"), Fixture.recording(1, "ls").inside(0))
    let swift = try GeneratedTest(fixture, name: "f", place: .absolute("/f"), language: .swift)
    #expect(swift.steps.map(\.sequence) == [0] && swift.isComplete)
    let python = try GeneratedTest(fixture, name: "f", place: .absolute("/f"), language: .python)
    #expect(python.steps.map(\.sequence) == [0, 1] && python.isComplete)
  }

  @Test(arguments: [
    ("deploy", "Deploy"), ("a-b c", "ABC"), ("1st", "Fixture1st"), ("é", "Fixture"),
  ])
  func `the suite has the fixture's name`(name: String, suite: String) throws {
    let test = try GeneratedTest(
      Fixture.file(), name: name, place: .absolute("/f"), language: .swift)
    #expect(test.swiftText.contains("struct \(suite)ReplayTests {"))
  }
}
