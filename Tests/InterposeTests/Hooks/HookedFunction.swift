import Testing

/// A hooked function, its caller program and what must be recorded of that program's children.
struct HookedFunction: CustomTestStringConvertible, Sendable {
  let name: String
  let recorded: [String]

  init(_ name: String, recorded: [String]) {
    self.name = name
    self.recorded = recorded
  }

  var testDescription: String { name }

  /// The caller does the same in every form, and its children are recorded as expected.
  ///
  /// - Parameter library: the preload, where another than the one under test is needed.
  func check(
    library: String? = nil, _ sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    var program = try TracedProgram(caller: "call_" + name)
    program.environment["CMDMOX_LIBRARY"] = library
    let forms = library == nil ? Form.compared : [.traced]
    for outcome in try program.expectTransparent(in: forms, sourceLocation) {
      outcome.fixture?.withPlainShells().expectLines(recorded, sourceLocation)
    }
  }
}

extension Fixture {
  /// `sh -c -- TEXT`, as newer C libraries have it, as `sh -c TEXT`.
  func withPlainShells() -> Fixture {
    var fixture = self
    for index in recordings.indices where recordings[index].args.starts(with: ["-c", "--"]) {
      fixture.recordings[index].args.remove(at: 1)
    }
    return fixture
  }
}
