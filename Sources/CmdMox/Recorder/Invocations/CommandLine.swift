/// What a caller ran, as bytes: the executable, every argument, and who interprets a script.
struct CommandLine: Equatable {
  /// The path that was executed; absolute where that is known.
  var executable: [UInt8]
  /// The arguments as the caller gave them, argv[0] first.
  var arguments: PackedStrings
  /// argv[0] of the interpreter that the kernel put in for `#!`.
  var interpreter: [UInt8]?
}

extension CommandLine {
  /// What the constructor of the new image saw, with what the kernel put in for `#!` taken out.
  ///
  /// The kernel drops the caller's argv[0] of a script; the script's path stands in for it.
  init(_ event: StartEvent) {
    executable = withoutDots(Array(event.executable))
    guard event.script > 0 else {
      arguments = event.arguments.packed
      return
    }
    arguments = PackedStrings()
    for (index, argument) in event.arguments.enumerated() {
      if index == 0 { interpreter = Array(argument) }
      if index >= event.script { arguments.append(argument) }
    }
  }

  /// What an exec or spawn hook announced, or what failed.
  ///
  /// - Parameter isLookedUp: whether a path without a slash may be a name that libc looks up in PATH.
  init(
    path: UnsafeRawBufferPointer, cwd: UnsafeRawBufferPointer, arguments: WireStrings,
    isLookedUp: Bool = true
  ) {
    executable = absolutePath(path, in: cwd, isLookedUp: isLookedUp)
    self.arguments = arguments.packed
  }

  /// argv[0], where there is one.
  var argv0: ArraySlice<UInt8>? {
    guard arguments.count > 0, let end = arguments.bytes.firstIndex(of: 0) else { return nil }
    return arguments.bytes[..<end]
  }

  /// The base name of what was invoked.
  ///
  /// A multi-call binary that runs itself under another name is what argv[0] says, and so is an
  /// empty path, which can only fail.
  var command: ArraySlice<UInt8> {
    let name = baseName(executable[...])
    guard name.isEmpty || Self.isMultiCall(name, of: executable), let argv0 else { return name }
    let called = baseName(argv0)
    return called.isEmpty ? name : called
  }

  private static let multiCallNames = ["busybox", "toybox", "coreutils"].map { Array($0.utf8) }
  private static let ownProcess = Array("/proc/".utf8)
  private static let ownExecutable = Array("exe".utf8)

  private static func isMultiCall(_ name: ArraySlice<UInt8>, of path: [UInt8]) -> Bool {
    multiCallNames.contains { $0.elementsEqual(name) }
      || (name.elementsEqual(ownExecutable) && path.starts(with: ownProcess))
  }
}

/// What follows the last slash of a path, trailing slashes aside; all of it where there is none.
func baseName(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
  let slash = UInt8(ascii: "/")
  guard let last = path.lastIndex(where: { $0 != slash }) else { return path }
  let trimmed = path[...last]
  guard let before = trimmed.lastIndex(of: slash) else { return trimmed }
  return trimmed[(before + 1)...]
}

/// A path as an absolute one; a name that libc looks up in PATH stays as it is.
private func absolutePath(
  _ path: UnsafeRawBufferPointer, in cwd: UnsafeRawBufferPointer, isLookedUp: Bool
) -> [UInt8] {
  let slash = UInt8(ascii: "/")
  guard path.contains(slash) || (!isLookedUp && !path.isEmpty) else { return Array(path) }
  guard path.first != slash, !cwd.isEmpty else { return withoutDots(Array(path)) }
  return withoutDots(Array(cwd) + [slash] + path)
}

/// A path without empty components and `.`, which callers and the kernel put in differently.
func withoutDots(_ path: [UInt8]) -> [UInt8] {
  let slash = UInt8(ascii: "/")
  let dot = UInt8(ascii: ".")
  var kept: [UInt8] = []
  kept.reserveCapacity(path.count)
  for (index, byte) in path.enumerated() {
    if byte == slash, kept.last == slash { continue }
    if byte == dot, kept.last == slash, index + 1 < path.count, path[index + 1] == slash {
      continue
    }
    kept.append(byte)
  }
  return kept
}
