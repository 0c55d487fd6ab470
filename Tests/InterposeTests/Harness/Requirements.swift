import Foundation
import Glibc
import Testing

/// Conditions that show in the test report when they skip a test.
extension Trait where Self == ConditionTrait {
  /// The test needs this program.
  static func requires(_ program: String) -> Self {
    .enabled("needs \(program)") { Requirement.isInstalled(program) }
  }

  /// The test needs to be root.
  static var requiresRoot: Self {
    .enabled("needs root") { geteuid() == 0 }
  }

  /// The test needs to make process namespaces.
  static var requiresNamespaces: Self {
    .enabled("needs unshare to make a pid namespace") {
      Requirement.succeeds("unshare", "-pf", "true")
    }
  }

  /// The test needs to cut programs off the network.
  static var requiresNoNetwork: Self {
    .enabled("needs unshare to make a network namespace") {
      Requirement.succeeds(Requirement.withoutNetwork + ["true"])
    }
  }

  /// The test needs a compiler for 32-bit programs, and libraries that these run with, where
  /// `PreloadPath` tells them apart.
  static var requiresNarrowPrograms: Self {
    .enabled("needs gcc-multilib, or the like, and 32-bit libraries that are not in lib") {
      Requirement.succeeds(
        "sh", "-c",
        """
        test -e /lib/ld-linux.so.2 && { ! test -e /lib/libc.so.6 || test -e /usr/lib32/libc.so.6; } &&
          echo 'int main(void) { return 0; }' | cc -m32 -xc -o /dev/null -
        """)
    }
  }

  /// The test needs to trace processes.
  static var requiresStrace: Self {
    .enabled("needs strace to be there and allowed") { Requirement.succeeds("strace", "true") }
  }
}

enum Requirement {
  /// What runs a program in a network of its own, in which there is nobody.
  static let withoutNetwork = geteuid() == 0 ? ["unshare", "-n"] : ["unshare", "-rn"]

  static func isInstalled(_ program: String) -> Bool {
    Sandbox.searchPath.split(separator: ":").contains {
      access("\($0)/\(program)", X_OK) == 0
    }
  }

  static func succeeds(_ arguments: String...) -> Bool { succeeds(arguments) }

  static func succeeds(_ arguments: [String]) -> Bool {
    guard isInstalled(arguments[0]) else { return false }
    let launch = Launch(
      arguments: arguments, environment: ["PATH": Sandbox.searchPath], directory: "/",
      limit: .seconds(20))
    return (try? launch.run()) == .exited(0)
  }
}
