import CmdMox

/// Recordings such as a build makes, and the same commands live.
struct Sample {
  /// What differs between the recordings of a sample.
  enum Kind: String, CaseIterable {
    /// The arguments.
    case arguments
    /// A variable.
    case variables
    /// Standard input.
    case inputs
    /// Nothing.
    case nothing
  }

  let kind: Kind

  private static let output = String(
    repeating: "note: a line of the compiler's output, forty-nine.\n", count: 6)
  /// What a program's environment has besides, about 2 KB.
  private static let surroundings = Array(
    (0..<38).map { "VARIABLE_\($0)=a value of about forty bytes, \($0) of them\0" }.joined().utf8)

  private func arguments(_ index: Int) -> [String] {
    let number = kind == .arguments ? index : 0
    return [
      "-c", "-O2", "-Wall", "-I", "/usr/local/include", "-DVERSION=\"1.\(number % 100)\"", "-o",
      "build/objects/module\(number % 97)/source\(number).o", "-MMD", "source\(number).c",
    ]
  }

  private func variables(_ index: Int) -> [String: String] {
    ["GIT_DIR": "/src/.git", "GIT_INDEX_FILE": kind == .variables ? "index\(index)" : "index"]
  }

  /// What a command reads.
  func input(_ index: Int) -> String { kind == .inputs ? "input \(index)\n" : "" }

  func fixture(_ count: Int) -> FixtureFile {
    let recordings = (0..<count).map { index in
      RecordedInvocation(
        sequence: index, command: "git", args: arguments(index), stdin: input(index),
        envSubset: variables(index), stdout: Self.output, timestamp: "2026-02-25T10:30:00.000000Z")
    }
    return FixtureFile(metadata: .create(), recordings: recordings)
  }

  func live(_ index: Int) -> LiveInvocation {
    var block = Self.surroundings
    for (name, value) in variables(index) { block += Array("\(name)=\(value)\0".utf8) }
    return LiveInvocation(
      command: Array("git".utf8), args: arguments(index).map { Array($0.utf8) },
      environmentBlock: block, cwd: Array("/src".utf8))
  }
}
