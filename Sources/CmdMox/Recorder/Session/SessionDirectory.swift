internal import CmdMoxWire
internal import Glibc
internal import KernelCalls
package import SystemPackage

/// Where a session lives: its pipes, and the journal.
///
/// Where root records, descendants that drop their privileges still have to reach the pipe: the
/// directory can be entered by all and listed by nobody else, and the session lies in it under a
/// name that only its processes know. The journal's own mode protects it.
package struct SessionDirectory: Sendable {
  /// What `CMDMOX_SESSION` says.
  package let path: FilePath
  /// The same, absolute.
  private let place: FilePath
  private let outers: [FilePath]

  /// A session directory that is there already: the bare form's first image made it.
  package init(existing path: FilePath) {
    self.path = path
    place = OwnEnvironment.absolute(path).lexicallyNormalized()
    outers = Self.outers(of: place)
  }

  /// Refuses a directory that somebody else could have put there.
  ///
  /// - Throws: ``SessionError/strangeDirectory(_:)`` for a symbolic link, and for what belongs to
  ///   another user.
  package func checkOwner() throws {
    var status = stat()
    guard path.withPlatformString({ lstat($0, &status) }) == 0,
      status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid()
    else { throw SessionError.strangeDirectory(path) }
  }

  /// The session directory that a user means: `path`, or the one in it that has the journal, or would
  /// have had it.
  package init(lookedForIn path: FilePath) {
    var place = path
    for _ in 0..<2 where !Self.hasJournal(place) {
      let below = Folder.names(in: place).map { place.appending($0) }
      guard let next = below.first(where: Self.hasJournal) ?? below.first(where: Self.isFolder)
      else {
        break
      }
      place = next
    }
    let found = SessionDirectory(existing: place)
    self = Self.hasJournal(place) || found.key != nil ? found : SessionDirectory(existing: path)
  }

  private static func hasJournal(_ path: FilePath) -> Bool {
    [JournalStore.fileName, JournalStore.writtenName].contains { name in
      path.appending(name).withPlatformString { access($0, F_OK) } == 0
    }
  }

  private static func isFolder(_ path: FilePath) -> Bool {
    var status = stat()
    return path.withPlatformString { lstat($0, &status) } == 0
      && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The folders around it that were made for it: up to the one with our name.
  private static func outers(of path: FilePath) -> [FilePath] {
    var outers: [FilePath] = []
    var folder = path
    while folder.lastComponent?.string.hasPrefix(namePrefix) == false, outers.count < 3 {
      folder = folder.removingLastComponent()
      outers.append(folder)
    }
    return folder.lastComponent?.string.hasPrefix(namePrefix) == true ? outers : []
  }

  /// What tells the session from others: the random part of its directory's name. Nil where it is no
  /// session directory.
  var key: String? {
    guard let name = (outers.last ?? place).lastComponent?.string, name.hasPrefix(Self.namePrefix)
    else { return nil }
    let key = name.dropFirst(Self.namePrefix.count)
    return key.isEmpty || !key.allSatisfy { $0.isHexDigit } ? nil : String(key)
  }

  /// Whether this is a session that no recorder listens to any more.
  package var isAbandoned: Bool {
    guard key != nil else { return false }
    do {
      try FileDescriptor.open(events, .writeOnly, options: [.nonBlocking, .closeOnExec]).close()
      return false
    } catch Errno.noSuchAddressOrDevice, Errno.noSuchFileOrDirectory {
      return true
    } catch {
      return false
    }
  }

  private static let namePrefix = "cmdmox-"

  /// Makes one, with its pipes, in `$XDG_RUNTIME_DIR`, else `$TMPDIR`, else `/tmp`.
  ///
  /// - Parameter mode: the preload tells by the folder's name what becomes of commands.
  /// - Throws: ``SessionError/noDirectory(_:)``.
  package init(_ mode: SessionMode = .trace) throws {
    var last = Errno.noSuchFileOrDirectory
    for base in Self.bases {
      do {
        self = try Self.make(in: base, mode.directoryName)
        return
      } catch let errno as Errno {
        last = errno
      }
    }
    throw SessionError.noDirectory(last)
  }

  /// Folders in the order in which they are tried. A space or a colon would end up in `LD_PRELOAD`
  /// where the library's own path has one; other users do not get into some at all.
  private static var bases: [FilePath] {
    var bases: [FilePath] = []
    for name in ["XDG_RUNTIME_DIR", "TMPDIR"] {
      guard let path = getenv(name).map({ String(cString: $0) }), path.hasPrefix("/"),
        PreloadPath.isSafe(path), geteuid() != 0 || canBeEnteredByAll(path)
      else { continue }
      bases.append(FilePath(path))
    }
    return bases + ["/tmp"]
  }

  private static func canBeEnteredByAll(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IXOTH != 0
  }

  private static func make(in base: FilePath, _ name: String?) throws -> SessionDirectory {
    let isRoot = geteuid() == 0
    var path = base.appending(namePrefix + hexadecimal(Kernel.randomID()))
    do {
      try makeFolder(path, mode: isRoot ? 0o711 : 0o700)
      if isRoot {
        path.append(hexadecimal(Kernel.randomID()))
        // Writable, so that whoever loses an event can count it in `lost`.
        try makeFolder(path, mode: name != nil ? 0o711 : 0o1733)
      }
      if let name {
        path.append(name)
        try makeFolder(path, mode: isRoot ? 0o1733 : 0o700)
      }
      let directory = SessionDirectory(existing: path)
      try makePipe(directory.events, mode: isRoot ? 0o622 : 0o600)
      return directory
    } catch {
      SessionDirectory(existing: path).remove()
      throw error
    }
  }

  private static func makeFolder(_ path: FilePath, mode: mode_t) throws {
    guard path.withPlatformString({ mkdir($0, 0o700) }) == 0 else { throw Errno(rawValue: errno) }
    // What mkdir takes away with the umask.
    guard path.withPlatformString({ chmod($0, mode) }) == 0 else { throw Errno(rawValue: errno) }
  }

  private static func makePipe(_ path: FilePath, mode: mode_t) throws {
    guard path.withPlatformString({ mkfifo($0, 0o600) }) == 0,
      path.withPlatformString({ chmod($0, mode) }) == 0
    else { throw Errno(rawValue: errno) }
  }

  /// The folder that it was made in.
  package var base: FilePath { (outers.last ?? path).removingLastComponent() }

  package var events: FilePath { path.appending(CMDMOX_FILE_EVENTS) }
  package var done: FilePath { path.appending(CMDMOX_FILE_DONE) }
  private var lost: FilePath { path.appending(CMDMOX_FILE_LOST) }
  private var stalled: FilePath { path.appending(CMDMOX_FILE_STALLED) }
  private var waiting: FilePath { path.appending(CMDMOX_FILE_WAITING) }
  var spill: FilePath { path.appending(CMDMOX_FILE_ANCESTORS) }
  private var control: FilePath { path.appending(CMDMOX_FILE_CONTROL) }
  private var shim: FilePath { path.appending(CMDMOX_FILE_SHIM) }
  /// Links to the stand-in, named as the commands that a replay answers.
  var commands: FilePath { path.appending(CMDMOX_DIRECTORY_COMMANDS) }

  /// Makes the socket that stand-ins connect to, and the link to the stand-in.
  ///
  /// - Throws: ``SessionError``.
  func makeControl() throws -> ControlSocket {
    let program = try LibexecProgram.shim.find()
    do {
      let made = program.withPlatformString { target in
        shim.withPlatformString { symlink(target, $0) }
      }
      guard made == 0 else { throw Errno(rawValue: errno) }
      return try ControlSocket(at: control, forAll: geteuid() == 0)
    } catch let errno as Errno {
      throw SessionError.noControl(control, errno)
    }
  }

  /// Makes the links by which commands are found that are not installed.
  ///
  /// - Throws: ``SessionError/noControl(_:_:)``.
  func makeCommands(_ names: Set<[UInt8]>) throws {
    do {
      try Self.makeFolder(commands, mode: geteuid() == 0 ? 0o755 : 0o700)
      let program = try LibexecProgram.shim.find()
      for name in names where !name.isEmpty && !name.contains(0x2f) && name != [0x2e] {
        let made = commands.pushing(FilePath(bytes: name)).withPlatformString { link in
          program.withPlatformString { symlink($0, link) }
        }
        // A name that is too long is no command's.
        guard made == 0 || errno == ENAMETOOLONG || errno == EEXIST else {
          throw Errno(rawValue: errno)
        }
      }
    } catch let errno as Errno {
      throw SessionError.noControl(commands, errno)
    }
  }

  package var library: FilePath { path.appending("libcmdmox.so") }
  /// A link to the folder with a library for each `$LIB`.
  var libraries: FilePath { path.appending("cmdmox") }

  /// How many events their writers could not deliver: each left a byte, or a link where it had no
  /// descriptor for that.
  package var lostEvents: Int {
    var status = stat()
    let bytes = lost.withPlatformString { stat($0, &status) } == 0 ? Int(status.st_size) : 0
    return bytes + lossLinks.count
  }

  /// Notes that the fixture is in its place: whoever recovers the session has nothing to write.
  func noteWritten() {
    let journal = path.appending(JournalStore.fileName)
    let written = path.appending(JournalStore.writtenName)
    _ = journal.withPlatformString { from in written.withPlatformString { rename(from, $0) } }
  }

  /// Whether writers still find it.
  var isThere: Bool { events.withPlatformString { access($0, F_OK) } == 0 }

  private var lossLinks: [FilePath] {
    Folder.names(in: path).filter { $0.hasPrefix(CMDMOX_FILE_LOST + "-") }.map {
      path.appending($0)
    }
  }

  /// Tells writers that events are read again.
  func clearStall() {
    for mark in [waiting, stalled] { _ = mark.withPlatformString { unlink($0) } }
  }

  /// Takes the session away; what still writes to it finds nothing and goes on.
  ///
  /// - Parameter keepsLibrary: for processes that live on with the library in `LD_PRELOAD`.
  package func remove(keepsLibrary: Bool = false) {
    var names = [
      events, done, lost, waiting, stalled, spill, control, shim, library, libraries,
      path.appending(JournalStore.fileName), path.appending(JournalStore.writtenName),
    ]
    // Whatever else there is was a recorder's that was killed. Known names come first: there may be
    // no descriptor left to look with.
    names += Folder.names(in: path).map { path.appending($0) }
    names += Folder.names(in: commands).map { commands.appending($0) }
    for name in names where !(keepsLibrary && [library, libraries].contains(name)) {
      _ = name.withPlatformString { unlink($0) }
    }
    _ = commands.withPlatformString { rmdir($0) }
    _ = place.withPlatformString { rmdir($0) }
    for outer in outers { _ = outer.withPlatformString { rmdir($0) } }
  }

  private static func hexadecimal(_ id: UInt64) -> String { RootVariables.hexadecimal(id) }
}
