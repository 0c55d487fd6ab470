import ArgumentParser

/// The program that a session runs, and its arguments.
struct ProgramArguments: ParsableArguments {
  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("The program to run, and its arguments.", valueName: "command"))
  var command: [String] = []

  /// The program's argument vector, as bytes.
  ///
  /// - Throws: ``Failure`` where there is none; a request for help, which the parser takes for a
  ///   part of the program's.
  func arguments(of subcommand: any ParsableCommand.Type) throws -> [[UInt8]] {
    if ["-h", "--help"].contains(command.first) { throw CleanExit.helpRequest(subcommand) }
    if let option = command.first, option.hasPrefix("-"), option != "--" {
      throw Failure(.usage, "unknown option \(option); put -- before a command with that name")
    }
    let arguments = Arguments.last(command.first == "--" ? command.count - 1 : command.count)
    guard !arguments.isEmpty else {
      let name = subcommand.configuration.commandName ?? ""
      throw Failure(.usage, "no command to run; try `cmdmox \(name) -- make`")
    }
    return arguments
  }
}
