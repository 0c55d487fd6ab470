import Foundation
import Testing

@Suite("Everything that strace sees is recorded, once, with its status", .serialized)
struct CompletenessTests {
  @Test(
    "make and gcc, a shell script, git commit, a Python script, the callers",
    .requiresStrace, .requires("python3"), .requires("make"), .requires("git"),
    arguments: ["trace", "bare"])
  func completeness(form: String) throws {
    let sandbox = try Sandbox()
    var launch = Launch(
      arguments: [
        "/usr/bin/python3", BuiltParts.repository + "/Tests/coverage/compare.py",
        "--tool", BuiltParts.tool, "--library", BuiltParts.library, "--form", form,
        "--callers", try Callers.folder(),
      ], environment: sandbox.environment, directory: sandbox.work, limit: .seconds(300))
    launch.environment["PYTHONDONTWRITEBYTECODE"] = "1"
    launch.output = sandbox.folder + "/stdout"
    launch.errors = sandbox.folder + "/stderr"
    let ending = try launch.run()
    #expect(ending == .exited(0), "\(sandbox.text(of: "stdout"))\n\(sandbox.text(of: "stderr"))")
  }
}
