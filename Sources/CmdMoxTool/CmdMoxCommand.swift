import ArgumentParser
import CmdMox

@main
struct CmdMoxCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cmdmox",
    abstract: "Records every command that a program runs, and plays it back.")
}
