import WireSamples

@testable import CmdMox

/// An exec as a watcher of the synthetic session reports it.
struct SeenExec {
  var exec: UInt64
  var command: String
  var pid: UInt32
  var ppid: UInt32 = 100
  /// The nearest process above that has executed something; nil: the parent.
  var ancestor: UInt32?
  /// The fingerprint of the image that calls.
  var caller: UInt64
  /// The variables that are handed down; nil for an environment without any.
  var handed: Handed? = Handed()
  var path: String?
  var head: [UInt8] = []
  var flags: UInt32 = 0
  var namespace: UInt64 = 0
  var ownPid: UInt32?

  struct Handed {
    var image: UInt64 = 1
    var intent: UInt64 = 0
    var session = SyntheticSession.directory
    var hasLibrary = true
  }

  init(_ exec: UInt64, _ command: String, pid: UInt32, caller: UInt64 = 0xf1) {
    (self.exec, self.command, self.pid, self.caller) = (exec, command, pid, caller)
  }

  /// The same with changes.
  func with(_ change: (inout SeenExec) -> Void) -> SeenExec {
    var copy = self
    change(&copy)
    return copy
  }

  /// With the variables of an image and its intent.
  func handed(_ image: UInt64, _ intent: UInt64 = 0) -> SeenExec {
    with { $0.handed = Handed(image: image, intent: intent) }
  }

  /// Below another process.
  func below(_ ppid: UInt32, ancestor: UInt32? = nil) -> SeenExec {
    with { ($0.ppid, $0.ancestor) = (ppid, ancestor) }
  }

  var environment: [[UInt8]] {
    guard let handed else { return [] }
    func hexadecimal(_ id: UInt64) -> String {
      let digits = String(id, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }
    let entries = [
      handed.hasLibrary ? "LD_PRELOAD=/lib/libcmdmox.so" : "A=1",
      "CMDMOX_SESSION=\(handed.session)",
      "CMDMOX_PARENT=\(hexadecimal(handed.image))0\(hexadecimal(handed.intent))00000000",
    ]
    return entries.map { Array($0.utf8) }
  }
}

extension MessageEncoder {
  mutating func seen(_ exec: SeenExec, ms: UInt64) {
    let words = exec.command.split(separator: " ").map { Array($0.utf8) }
    let path = exec.path.map { Array($0.utf8) } ?? Array("/bin/".utf8) + (words.first ?? [])
    seen(
      exec.exec, pid: exec.pid, ppid: exec.ppid, ancestor: exec.ancestor ?? exec.ppid,
      own: exec.ownPid, namespace: exec.namespace, caller: exec.caller, at: ms * 1_000_000,
      flags: exec.flags, head: exec.head, path: path, words, environment: exec.environment)
  }
}

extension SyntheticSession {
  /// One exec is seen in a batch of its own, and its process can be watched.
  func see(_ exec: SeenExec) {
    probe.seen[exec.exec] = exec.pid
    batch { $0.seen(exec, ms: nowMs) }
  }
}
