import ArgumentParser
import CmdMox
import Glibc
import SystemPackage

/// What every command that runs a program and records it is given.
struct SessionOptions: ParsableArguments {
  @Option(
    name: [.short, .customLong("output")],
    help: ArgumentHelp(
      """
      Where the fixture goes; an earlier one is kept as <file>.old. %c: the command's name, %p: \
      cmdmox's process id, %t: the time.
      """, valueName: "file"), completion: .file())
  var output = "cmdmox.json"

  @Option(help: ArgumentHelp("Record these commands only.", valueName: "a,b"))
  var commands: String?

  @Option(
    name: .customLong("env-allow"),
    help: ArgumentHelp("Variables to keep in every recording.", valueName: "K,L"))
  var environmentAllowlist: String?

  @OptionGroup var scrubbing: ScrubOptions

  @Flag(
    name: .customLong("no-scrub"),
    help: "Keep secrets. Dangerous: such a fixture is nothing to be shared or committed.")
  var keepsSecrets = false

  @Flag(help: "Write <fixture>.review, too: what was taken out, and what may have been overlooked.")
  var review = false

  @Flag(name: .customLong("wait"), help: "Wait for descendants that outlive the program.")
  var waitsForDescendants = false

  @Flag(name: [.short, .long], help: "Say nothing at the end.")
  var quiet = false

  @OptionGroup var program: ProgramArguments

  /// - Throws: ``Failure`` where the fixture cannot be written.
  func settings(root: [UInt8]) throws -> SessionSettings {
    let path = FixtureName(output).path(
      root: String(decoding: root, as: UTF8.self), pid: UInt32(getpid()),
      nanoseconds: Kernel.realtimeNs)
    var settings = SessionSettings(fixture: OwnEnvironment.absolute(path))
    if let errno = FileAccess.obstacle(to: settings.fixture) {
      throw Failure(
        .cannotCreate,
        "\(path): the fixture cannot be written there: \(errno); choose another place with -o")
    }
    settings.commands = commands.map(Arguments.list)
    guard settings.commands?.isEmpty != true else {
      throw Failure(.usage, "--commands names no command; leave it out to record all")
    }
    settings.environmentAllowlist = environmentAllowlist.map(Arguments.list) ?? []
    let scrubber = try scrubbing.scrubber()
    settings.scrubber = keepsSecrets ? nil : scrubber
    guard !(review && keepsSecrets) else {
      throw Failure(.usage, "--review says what was taken out; --no-scrub takes nothing out")
    }
    settings.isReviewed = review
    settings.waitsForDescendants = waitsForDescendants
    return settings
  }
}
