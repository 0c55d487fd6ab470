import Glibc
import SystemPackage

@testable import CmdMox

/// A program that hands secrets to commands: by variable, argument, stdin, directory, path and name; the
/// commands write them to stdout and stderr. Its files lie in a folder of its own.
final class PlantedProgram {
  let folder: Workspace
  /// What must not be found.
  private(set) var words: Set<String> = []
  /// A line of shell for each secret.
  private var steps: [String] = []
  private var unique = 0

  /// What the program has in a variable from the start.
  let variable = "tr0ub4dor/variable+3"
  /// What cmdmox is told to redact.
  let redacted = "c0rrect horse&staple"

  init() throws {
    folder = try Workspace()
    for name in ["bin", "in"] { mkdir(folder.file(name).string, 0o755) }
    try folder.write("bin/git", Self.command, mode: 0o755)
    // A secret that is told by the option before it is none any more on a line of its own.
    try folder.write("bin/quiet", "#!/bin/sh\necho done\n", mode: 0o755)
    for (number, example) in Self.texts.enumerated() { try plant(example, number) }
    for example in Self.commandLines { try plantArguments(example) }
    try plantOddPlaces()
    for (value, name) in [(variable, "variable"), (redacted, "option")] {
      try plantValue(value, name)
    }
  }

  /// Says what it reads, and on stderr what it is given.
  private static let command = """
    #!/bin/sh
    while IFS= read -r line; do echo "$line"; done
    [ -z "$line" ] || echo "$line"
    for word; do echo "$word" >&2; done

    """

  private static let texts = DefaultRule.all.filter { !$0.places.contains(.argv) }
    .flatMap(\.examples)
  private static let commandLines = DefaultRule.all.filter { $0.places.contains(.argv) }
    .flatMap(\.examples)

  // MARK: Secrets

  private func plant(_ example: DefaultRule.Example, _ number: Int) throws {
    let secrets = example.before.split { !$0.isLetter && !$0.isNumber }.map { String($0) }
      .filter { $0.utf8.count >= 8 && !example.after.contains($0) }
    guard !secrets.isEmpty else { return }
    words.formUnion(secrets)
    try step(text: Array(example.before.utf8), "text.\(number)")
    // Every tenth between bytes that are no text.
    guard number.isMultiple(of: 10) else { return }
    try step(text: [0xff, 0x0a] + Array(example.before.utf8) + [0x0a, 0xfe], "bytes.\(number)")
  }

  /// The command that an example names, with a secret that is found nowhere else.
  private func plantArguments(_ example: DefaultRule.Example) throws {
    let parts = example.after.split(
      separator: DefaultRule.mark, omittingEmptySubsequences: false)
    guard parts.count == 2 else { return }
    let line = parts[0] + freshWord() + parts[1]
    var arguments = line.split(separator: "\0", omittingEmptySubsequences: false).dropFirst()
      .map { String($0) }
    let name = FilePath(arguments.removeFirst()).lastComponent?.string ?? "git"
    link(folder.file("bin/quiet").string, folder.file("bin/\(name)").string)
    let quoted = arguments.map { "'" + $0.replacing("'", with: #"'\''"#) + "'" }
    steps.append(piped("bin/\(name)", quoted.joined(separator: " "), stdin: "/dev/null"))
  }

  private func plantOddPlaces() throws {
    func token() -> String { "ghp_" + freshWord() + "0123456789abcdef0123456789abcdef" }
    let directory = token()
    mkdir(folder.file(directory).string, 0o755)
    try folder.write("\(directory)/git", Self.command, mode: 0o755)
    steps += [
      "(cd '\(folder.file(directory))'; ./git status </dev/null 2>/dev/null | cat)",
      "bash -c \"exec -a \(token()) '\(folder.file("bin/git"))' status\" </dev/null | cat",
      "env GIT_\(token())=1 GIT_X=\(token()) '\(folder.file("bin/git"))' status </dev/null | cat",
      "'\(folder.file(token()))' not there 2>/dev/null",
    ]
  }

  /// A value, as it is and in other forms.
  private func plantValue(_ value: String, _ name: String) throws {
    let bytes = Array(value.utf8)
    for (number, form) in ValueForms.all(of: bytes).enumerated() {
      // Whatever files make of the other characters.
      let parts = String(decoding: form, as: UTF8.self).split { !$0.isLetter && !$0.isNumber }
      if let longest = parts.max(by: { $0.count < $1.count }) { words.insert(String(longest)) }
      let text = Array("say ".utf8) + form + Array(" again".utf8)
      try step(text: text, "\(name).\(number)")
    }
  }

  private func freshWord() -> String {
    unique += 1
    let word = "Canary\(1000 + unique)"
    words.insert(word)
    return word
  }

  private func step(text: [UInt8], _ name: String) throws {
    let file = try FileDescriptor.open(
      folder.file("in/\(name)"), .writeOnly, options: [.create, .exclusiveCreate],
      permissions: .ownerReadWrite)
    defer { try? file.close() }
    try file.writeAll(text)
    let path = folder.file("in/\(name)").string
    steps.append(
      "secret=$(cat \(path)); GIT_CANARY=$secret "
        + piped("bin/git", "tag \"$secret\"", stdin: path))
  }

  /// Its output goes through a pipe, what it says on stderr to a file: both are captured.
  private func piped(_ command: String, _ arguments: String, stdin: String) -> String {
    "'\(folder.file(command))' \(arguments) <\(stdin) 2>'\(folder.file("errors"))' | cat"
  }

  // MARK: The program

  /// Where the recorder is killed.
  struct Kill {
    /// How many steps come before.
    var step: Int
    /// How many rounds of a loop pass then, while the program goes on.
    var rounds: Int
  }

  /// How many steps there are.
  var stepCount: Int { steps.count }

  /// The program, and what it is called with; `RECORDER` names the process that is killed.
  ///
  /// - Parameter every: only each so many-th step, from `first` on.
  func arguments(
    every stride: Int = 1, from first: Int = 0, _ kill: Kill? = nil
  ) throws -> [String] {
    var lines = Swift.stride(from: first, to: steps.count, by: stride).map { steps[$0] }
    if let kill {
      lines.insert(
        """
        (i=0; while [ $i -lt \(kill.rounds) ]; do i=$((i+1)); done; kill -9 "$RECORDER" 2>/dev/null) &
        """, at: min(kill.step, lines.count))
    }
    let script = "{\n" + lines.joined(separator: "\n") + "\n} >/dev/null\n"
    let name = "program.\(first).sh"
    try folder.write(name, script)
    return [
      "sh", "-c", "RECORDER=$PPID; . \"$1\"", "sh", folder.file(name).string, "--password",
      freshWord(),
    ]
  }

  // MARK: What was found

  /// The secrets in a text, but for those whose words cmdmox itself writes.
  func leaks(in bytes: [UInt8]) -> [String] {
    var finder = ValueFinder()
    for word in words { finder.add(Array(word.utf8)) }
    return bytes.withUnsafeBufferPointer { text in
      Set(finder.ranges(in: text).map { String(decoding: text[$0], as: UTF8.self) })
    }.sorted()
  }
}
