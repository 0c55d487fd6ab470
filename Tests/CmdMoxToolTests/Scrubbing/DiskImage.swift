import Glibc
import SystemPackage

/// A file system of a test's own, in a file that can be read as a whole: what was deleted is still there,
/// as long as nothing else took its place.
final class DiskImage {
  private let workspace: Workspace

  /// Whether this user can mount one.
  static let isPossible: Bool = {
    guard getuid() == 0, let image = try? DiskImage() else { return false }
    return (try? image.run(["true"]).status) == 0
  }()

  init() throws {
    workspace = try Workspace()
    mkdir(workspace.file("mounted").string, 0o755)
    let made = try Command(
      "sh", "-c",
      // Without a journal of its own, and without zeros where something was.
      "dd if=/dev/zero of=image bs=1M count=64 && mkfs.ext4 -q -O ^has_journal,^metadata_csum image",
      in: workspace.path
    ).run()
    guard made.status == 0 else { throw Errno.notSupported }
  }

  /// Runs a command in it, its temporary files included, mounted for this command only; what is written
  /// reaches the device at once.
  func run(_ command: [String], environment: [String: String] = [:]) throws -> Command.Result {
    let script =
      "mount -o loop,sync image mounted && cd mounted && \"$@\"; status=$?; cd /; exit $status"
    let arguments = ["unshare", "-m", "sh", "-c", script, "sh"] + command
    var variables: [String: String?] = [
      "TMPDIR": workspace.file("mounted").string, "XDG_RUNTIME_DIR": nil, "LD_PRELOAD": nil,
    ]
    for (name, value) in environment { variables.updateValue(value, forKey: name) }
    return try Command(
      bytes: arguments.map { Array($0.utf8) }, environment: variables, in: workspace.path
    ).run(limitMs: 300_000)
  }

  /// Every byte of the device.
  func bytes() throws -> [UInt8] {
    try Command("cat", workspace.file("image").string).run(limitMs: 120_000).output
  }
}
