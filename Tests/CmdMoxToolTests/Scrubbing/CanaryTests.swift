import Glibc
import SystemPackage
import Testing

@testable import CmdMox

/// Secrets of every kind that the default rules know are planted wherever a recording has text, and
/// then looked for in everything that the recorder wrote.
@Suite("No secret reaches the disk") struct CanaryTests {
  let workspace: Workspace
  /// What the program reads; not cmdmox's.
  let planted: Workspace

  init() throws {
    workspace = try Workspace()
    planted = try Workspace()
    try planted.write(
      "git",
      "#!/bin/sh\nread_all() { while IFS= read -r line; do echo \"$line\"; done; }\n"
        + "read_all\nfor word; do echo \"$word\" >&2; done\n", mode: 0o755)
    for (number, canary) in Canary.all.enumerated() {
      try planted.write("canary.\(number)", canary.text)
    }
  }

  /// A secret, and words of it that must not be found.
  struct Canary {
    var text: String
    var words: [String]

    static let all: [Canary] = DefaultRule.all.filter { !$0.places.contains(.argv) }
      .flatMap(\.examples).compactMap { example in
        let words = example.before.split { !$0.isLetter && !$0.isNumber }.map { String($0) }
          .filter { $0.utf8.count >= 8 && !example.after.contains($0) }
        return words.isEmpty ? nil : Canary(text: example.before, words: words)
      }
  }

  /// A program that gives each canary to a command: by variable, argument and stdin; the command
  /// writes them to stdout and stderr.
  private func program(killAfter: Int? = nil) throws -> FilePath {
    let kill = killAfter.map { "[ $number = \($0) ] && kill -9 \"$RECORDER\"\n" } ?? ""
    return try planted.write(
      "program.sh",
      """
      for number in $(seq 0 \(Canary.all.count - 1)); do
        secret=$(cat \(planted.file("canary.").string)$number)
        GIT_CANARY=$secret \(planted.file("git").string) tag "$secret" <\(planted.file("canary.").string)$number >/dev/null 2>&1
        \(kill)
      done
      """)
  }

  /// Every byte that is in a file below the workspace, and every byte that the recorder wrote.
  private func written(_ log: String) throws -> [UInt8] {
    let found = try Command("sh", "-c", "find \(workspace.path) -type f -exec cat {} +").run()
    return found.output
  }

  private func leaks(in bytes: [UInt8]) -> [String] {
    let words = Canary.all.flatMap(\.words)
    var found: Set<String> = []
    bytes.withUnsafeBufferPointer { bytes in
      KeywordAutomaton(words.map { Array($0.utf8) }, ignoresCase: false).scan(bytes) { hit in
        found.insert(words[hit.keyword])
        return nil
      }
    }
    return found.sorted()
  }

  @Test("without scrubbing they are found, so the probe works")
  func probe() throws {
    let program = try program()
    _ = try workspace.cmdmox("record", "-q", "--no-scrub", "--", "sh", program.string).run()
    #expect(leaks(in: try written("")).count == Set(Canary.all.flatMap(\.words)).count)
  }

  @Test(
    "of no file that was written, deleted ones included",
    arguments: [["trace"], ["record"], ["record", "--depth", "all"]])
  func everything(command: [String]) throws {
    let program = try program()
    let log = workspace.file("strace.txt").string
    let arguments =
      [
        "strace", "-qq", "-s", "100000000", "-e", "trace=write,pwrite64,writev,pwritev,pwritev2",
        "-o", log,
      ]
      + [Workspace.tool.string] + command + ["-q", "--", "sh", program.string]
    let result = try Command(
      bytes: arguments.map { Array($0.utf8) },
      environment: ["TMPDIR": workspace.path.string, "XDG_RUNTIME_DIR": nil, "LD_PRELOAD": nil],
      in: workspace.path
    ).run()
    #expect(result.status == 0, "\(result.errorText)")
    #expect(leaks(in: result.errors).isEmpty)
    let everything = try written(log)
    #expect(leaks(in: everything).isEmpty)
    #expect(everything.count > 100_000)
    #expect(try workspace.fixture().recordings.count >= Canary.all.count)
  }

  @Test("nor when the recorder is killed", arguments: [1, 7, 30, 60], ["trace", "record"])
  func killed(after number: Int, mode: String) throws {
    let program = try program(killAfter: number)
    let start = "RECORDER=$PPID exec sh \(program.string)"
    let result = try workspace.cmdmox(mode, "-q", "--", "sh", "-c", start).run()
    #expect(result.status == 137)
    let everything = try written("")
    #expect(leaks(in: everything).isEmpty)
    let session = try #require(workspace.sessions.first)
    let recovered = try workspace.cmdmox("recover", "-q", session).run()
    #expect(recovered.status == 0, "\(recovered.errorText)")
    #expect(leaks(in: try written("")).isEmpty)
  }

  @Test("A review has them, and nothing else does")
  func review() throws {
    let program = try program()
    let result = try workspace.cmdmox("record", "-q", "--review", "--", "sh", program.string).run()
    #expect(result.status == 0, "\(result.errorText)")
    #expect(leaks(in: try written("")).count > 50)
    #expect(unlink(workspace.file("cmdmox.json.review").string) == 0)
    #expect(leaks(in: try written("")).isEmpty)
  }

  @Test("The bare form scrubs, too")
  func bare() throws {
    let program = try program()
    let result = try workspace.bare("sh", program.string).run()
    #expect(result.status == 0, "\(result.errorText)")
    #expect(try workspace.fixture().recordings.count > Canary.all.count)
    #expect(leaks(in: try written("")).isEmpty)
  }
}
