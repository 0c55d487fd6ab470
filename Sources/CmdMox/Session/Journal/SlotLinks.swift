internal import SystemPackage

/// What stands behind each slot (one of `JournalLine.slots`).
///
/// A few are kept in memory; many in a file, eight bytes for each, addressed by the slot.
final class SlotLinks {
  private static let size = 8
  private let directory: FilePath
  private let most: Int
  private var few: [Int: SlotLink] = [:]
  private var file: TemporaryFile?

  /// - Parameters:
  ///   - directory: where a temporary file can be made.
  ///   - most: how many are kept in memory.
  init(in directory: FilePath, most: Int = 4096) {
    self.directory = directory
    self.most = most
  }

  func set(_ slot: Int, _ link: SlotLink) throws {
    if let file { return try Self.write(slot, link, to: file) }
    few[slot] = link
    guard few.count > most else { return }
    let file = try TemporaryFile(in: directory)
    for (slot, link) in few { try Self.write(slot, link, to: file) }
    self.file = file
    few = [:]
  }

  func get(_ slot: Int) throws -> SlotLink {
    guard let file else { return few[slot] ?? .unknown }
    var word: Int64 = 0
    try withUnsafeMutableBytes(of: &word) { try file.read(into: $0, at: slot * Self.size) }
    return switch word {
    case 0: .unknown
    case 1...: .recorded(sequence: Int(word - 1))
    case -1: .passedOver(parent: nil)
    default: .passedOver(parent: Int(-2 - word))
    }
  }

  private static func write(_ slot: Int, _ link: SlotLink, to file: TemporaryFile) throws {
    let word: Int64 =
      switch link {
      case .unknown: 0
      case .recorded(let sequence): Int64(sequence) + 1
      case .passedOver(nil): -1
      case .passedOver(let parent?): -2 - Int64(parent)
      }
    try withUnsafeBytes(of: word) { try file.write($0, at: slot * size) }
  }
}
