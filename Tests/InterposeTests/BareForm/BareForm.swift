import Foundation
import Glibc

/// A run by `LD_PRELOAD=libcmdmox.so PROGRAM` that leaves every setting to the test.
struct BareForm {
  let sandbox: Sandbox
  var environment: [String: String]
  var library = BuiltParts.library
  var directory: String
  var limit: Duration = .seconds(60)

  init(in sandbox: Sandbox) {
    self.sandbox = sandbox
    environment = sandbox.environment
    environment["CMDMOX_FIXTURE"] = nil
    directory = sandbox.work
  }

  struct Result {
    var ending: Ending
    var output: String
    var errors: String
  }

  func run(_ words: String...) throws -> Result { try run(words) }

  func run(_ words: [String]) throws -> Result {
    var launch = launch(words)
    launch.output = sandbox.folder + "/stdout"
    launch.errors = sandbox.folder + "/stderr"
    let ending = try launch.run()
    return Result(
      ending: ending, output: sandbox.text(of: "stdout"), errors: sandbox.text(of: "stderr"))
  }

  func launch(_ words: [String]) -> Launch {
    var launch = Launch(arguments: words, environment: environment, directory: directory)
    launch.preload = library
    launch.limit = limit
    return launch
  }

  /// The default fixture, or another below the sandbox's folder. Throws where it is not there now.
  func fixture(_ path: String = "work/cmdmox.json") throws -> Fixture {
    guard let data = FileManager.default.contents(atPath: sandbox.folder + "/" + path) else {
      throw HarnessError.noFixture("\(path) is not there: \(sandbox.text(of: "stderr"))")
    }
    return try Fixture(json: data)
  }
}
