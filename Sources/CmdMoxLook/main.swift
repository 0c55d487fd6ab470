import CmdMox
import GRDB
import Glibc
import SystemPackage

/// Makes what needs libraries that the tool does without. The tool runs this program and says what
/// went wrong; users have no need of it.
///
///     cmdmox-look report FIXTURE OUTPUT
///     cmdmox-look sqlite FIXTURE OUTPUT [--append]
///
/// Exit status: 0; 64 other arguments; 65 a fixture with something wrong in it, 66 a missing one; 73
/// an output that cannot be written.
func run(_ arguments: [String]) -> Int32 {
  guard arguments.count >= 3 else { return fail(64, "cmdmox-look is run by cmdmox") }
  let output = FilePath(arguments[2])
  do {
    switch arguments[0] {
    case "report":
      let view = try SessionView.load(FilePath(arguments[1])) { Outcome($0).isFailure }
      try ExportedFile.write(to: output) { try ReportPage(view: view).write(to: $0) }
    case "sqlite":
      let view = try SessionView.load(FilePath(arguments[1])) { _ in true }
      try DatabaseExport.write(view, to: output, appends: arguments.last == "--append")
    default: return fail(64, "cmdmox-look is run by cmdmox")
    }
    return 0
  } catch FixtureError.unwritable(let path, let errno) {
    return fail(73, "\(path): cannot be written: \(errno)")
  } catch let error as DatabaseError {
    return fail(
      73, "\(output): cannot be written: \(error.message ?? "SQLite error \(error.resultCode)")")
  } catch let error as FixtureError {
    if case .unreadable = error { return fail(66, error.description) }
    return fail(65, error.description)
  } catch {
    return fail(70, String(describing: error))
  }
}

func fail(_ status: Int32, _ sentence: String) -> Int32 {
  _ = try? FileDescriptor.standardError.writeAll("cmdmox: \(sentence)\n".utf8)
  return status
}

exit(run(Array(CommandLine.arguments.dropFirst())))
