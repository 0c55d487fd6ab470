import Foundation
import Testing

@Suite("With an interpreter as the root, what it runs is captured and behaves the same")
struct InterpreterRootTests {
  @Test(
    "What it runs by its own means", .requires("python3"), .requires("perl"),
    arguments: InterpreterProgram.python + InterpreterProgram.perl)
  func programs(program: InterpreterProgram) throws {
    var traced = TracedProgram()
    traced.arguments = program.interpreter + [program.text]
    for outcome in try traced.expectTransparent(in: Form.recording) {
      let recordings = outcome.fixture?.recordings ?? []
      let found = recordings.map { recording in
        "\(recording.command): \(recording.stdout.replacingOccurrences(of: "\n", with: "\\n"))"
      }
      #expect(!recordings.isEmpty && program.recorded.isSubset(of: found), "\(found)")
    }
  }

  @Test(
    "Shells that it runs", .requires("python3"), .requires("perl"),
    arguments: StreamScript.all, ["python3", "perl"])
  func shells(script: StreamScript, interpreter: String) throws {
    let text =
      interpreter == "perl"
      ? ["-e", "system(@ARGV); exit($? >> 8)"]
      : ["-c", "import subprocess, sys; sys.exit(subprocess.call(sys.argv[1:]))"]
    var program = TracedProgram()
    program.arguments = [interpreter] + text + [script.shell, "-c", script.text]
    program.ignoredFiles = ["out"]
    program.lost = script.isCaptured ? 0 : nil
    let forms: [Form] = interpreter == "perl" ? [.preloadedRecording] : [.recorded, .recordedWhole]
    for outcome in try program.expectTransparent(in: forms) {
      let recorded = outcome.fixture?.recordings.first
      #expect(recorded?.args.last == script.text)
      #expect(recorded?.process.parent == nil)
    }
  }
}
