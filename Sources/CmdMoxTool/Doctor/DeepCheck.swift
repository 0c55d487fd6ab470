import CmdMox
import Glibc
import SystemPackage

/// Does `cmdmox trace --deep` work here?
enum DeepCheck {
  static var finding: Finding {
    do {
      let losesPrivileges = try DeepTrial.run()
      return .fine(
        "trace --deep: static programs, and what they run, can be seen"
          + (losesPrivileges ? "; set-user-ID programs get no privileges under it" : ""))
    } catch let error as DeepError {
      return .note("trace --deep is not possible: \(error.reason)")
    } catch {
      return .note("trace --deep was not tried: \(error)")
    }
  }
}
