internal import CmdMoxWire
internal import Glibc
package import SystemPackage

/// The environment that a session's root starts with: the caller's, and the variables that make the
/// preload report to the session.
package struct RootVariables {
  let session: FilePath
  let library: FilePath
  /// The intent that stands for the root's start.
  let intent: UInt64
  /// A folder that is looked through for commands after all others.
  let commands: FilePath?

  package init(session: FilePath, library: FilePath, intent: UInt64, commands: FilePath? = nil) {
    self.session = session
    self.library = library
    self.intent = intent
    self.commands = commands
  }

  /// `environment`, as `NAME=value` bytes each, with ours put in.
  ///
  /// Our library stands first in `LD_PRELOAD`; entries with its name go, whatever else the user
  /// preloads stays.
  package func environment(from environment: [[UInt8]]) -> [[UInt8]] {
    var preload = [Array(library.string.utf8)]
    var kept: [[UInt8]] = []
    for entry in environment {
      if let value = Self.value(of: "LD_PRELOAD", in: entry) {
        preload += value.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: ":") }
          .filter { !baseName($0).elementsEqual(PreloadPath.fileName.utf8) }
          .map { Array($0) }
      } else if let commands, let value = Self.value(of: "PATH", in: entry) {
        kept.append(Array("PATH=".utf8) + value + Array(":".utf8) + commands.bytes)
      } else if Self.value(of: CMDMOX_ENV_SESSION, in: entry) == nil,
        Self.value(of: CMDMOX_ENV_PARENT, in: entry) == nil
      {
        kept.append(entry)
      }
    }
    kept.append(Array("LD_PRELOAD=".utf8) + preload.joined(separator: [UInt8(ascii: ":")]))
    kept.append(Array("\(CMDMOX_ENV_SESSION)=".utf8) + session.string.utf8)
    kept.append(Array("\(CMDMOX_ENV_PARENT)=\(parent)".utf8))
    return kept
  }

  /// The value of `CMDMOX_PARENT`: no image, flags, an intent, whose role it is. Where commands are
  /// given to stand-ins, the root, which is to be a child of this process, has to be told that it is
  /// the root.
  private var parent: String {
    let name = session.lastComponent?.string
    let hasStandIns = name == CMDMOX_CAPTURE_DIRECTORY || name == CMDMOX_REPLAY_DIRECTORY
    let flags = hasStandIns ? CMDMOX_PARENT_ROOT.rawValue : 0
    let owner = hasStandIns ? CMDMOX_OWNER_PARENT | UInt32(getpid()) : 0
    let ownerDigits = Int(CMDMOX_PARENT_LENGTH - CMDMOX_PARENT_AT_OWNER)
    return Self.hexadecimal(0) + String(flags, radix: 16) + Self.hexadecimal(intent)
      + Self.hexadecimal(UInt64(owner), digits: ownerDigits)
  }

  static func hexadecimal(_ number: UInt64, digits: Int = Int(CMDMOX_ID_DIGITS)) -> String {
    let text = String(number, radix: 16)
    return String(repeating: "0", count: digits - text.count) + text
  }

  private static func value(of name: String, in entry: [UInt8]) -> ArraySlice<UInt8>? {
    let start = Array(name.utf8) + [UInt8(ascii: "=")]
    return entry.starts(with: start) ? entry[start.count...] : nil
  }
}
