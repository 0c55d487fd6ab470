internal import CmdMoxWire

/// What was seen from outside of an exec that was about to be made.
struct Sighting {
  /// `CLOCK_MONOTONIC`, nanoseconds.
  var stampNs: UInt64
  /// The fingerprint of the image that made it; 0 where that could not be read.
  var caller: UInt64
  var ppid: UInt32
  /// The file, as it was then; nil where nothing could be read.
  var program: ProgramFile?
  var environment: PackedStrings
  /// Whether the path and the arguments could be read.
  var isReadable: Bool
  /// Whether the kernel knows what to do with the file, and the caller has the right to it.
  var isCertain: Bool
  /// Whether the new image is given the library.
  var handsLibrary: Bool
  /// Whether the caller, or what stands above it, had cut itself off.
  var isBelowConfined = false
  /// Whether the file would give privileges that it does not give under the filter.
  var isUnprivileged: Bool

  /// The same once nobody will ask for the environment any more.
  var withoutEnvironment: Sighting {
    var copy = self
    copy.environment = PackedStrings()
    return copy
  }
}

extension Sighting {
  init(_ event: SeenEvent, handsLibrary: Bool) {
    stampNs = event.speaker.stamp
    caller = event.caller
    ppid = event.ppid
    isUnprivileged = event.flags.contains(.unprivileged)
    let isSetID = event.mode & 0o6000 != 0
    program =
      event.head.isEmpty
      ? nil
      : ProgramFile(head: Array(event.head), gainsPrivileges: isSetID && !isUnprivileged)
    environment = event.environment.packed
    isReadable = !event.flags.contains(.unreadable)
    isCertain = !event.flags.contains(.uncertain) && program?.isKnownToKernel != false
    self.handsLibrary = handsLibrary
  }
}

extension Intent {
  /// Whether it may have failed without anybody having said so: then it counts only if something
  /// was heard of what came of it.
  var isDoubtful: Bool {
    guard !isHooked, let sighting else { return false }
    return sighting.isReadable ? !sighting.isCertain : isUnread
  }

  /// Whether nothing is known of it but that it was made.
  var isUnread: Bool { sighting?.isReadable == false && commandLine.executable.isEmpty }
}

/// What the variables of a session say, in the environment that an exec hands down.
struct HandedVariables: Equatable {
  /// Whether the library stands in `LD_PRELOAD`.
  var hasLibrary = false
  /// Whether `CMDMOX_SESSION` names another session, or none.
  var isElsewhere = false
  /// The speaking image that stands above; nil where this session's variables are not there.
  var image: UInt64?
  /// The intent of that image; 0 for none.
  var intent: UInt64 = 0

  private static let preload = Array("LD_PRELOAD=".utf8)
  private static let session = Array("\(CMDMOX_ENV_SESSION)=".utf8)
  private static let parent = Array("\(CMDMOX_ENV_PARENT)=".utf8)
  private static let library = Array(PreloadPath.fileName.utf8)

  /// - Parameter session: the session directory.
  init(_ environment: WireStrings, session: [UInt8]) {
    var isOurs = false
    for entry in environment {
      if entry.starts(with: Self.session) {
        isOurs = entry.dropFirst(Self.session.count).elementsEqual(session)
        isElsewhere = !isOurs
      } else if entry.starts(with: Self.parent) {
        read(entry.dropFirst(Self.parent.count))
      } else if entry.starts(with: Self.preload) {
        hasLibrary = entry.split { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: " ") }
          .contains { Array($0).suffix(Self.library.count).elementsEqual(Self.library) }
      }
    }
    if !isOurs { (image, intent) = (nil, 0) }
  }

  private mutating func read(_ value: Slice<UnsafeRawBufferPointer>) {
    let text = String(decoding: value, as: UTF8.self).utf8
    guard image == nil, text.count == Int(CMDMOX_PARENT_LENGTH) else { return }
    image = id(in: value.prefix(Int(CMDMOX_ID_DIGITS)))
    intent =
      id(in: value.dropFirst(Int(CMDMOX_PARENT_AT_INTENT)).prefix(Int(CMDMOX_ID_DIGITS))) ?? 0
  }

  private func id(in digits: some Collection<UInt8>) -> UInt64? {
    UInt64(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
