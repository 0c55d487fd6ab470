internal import SystemPackage

/// What stands behind each slot (one of `JournalLine.slots`), in a file: eight bytes for each,
/// addressed by the slot.
final class SlotLinks {
  private static let size = 8
  private let file: TemporaryFile

  init(in directory: FilePath) throws { file = try TemporaryFile(in: directory) }

  func set(_ slot: Int, _ link: SlotLink) throws {
    let word: Int64 =
      switch link {
      case .unknown: 0
      case .recorded(let sequence): Int64(sequence) + 1
      case .passedOver(nil): -1
      case .passedOver(let parent?): -2 - Int64(parent)
      }
    try withUnsafeBytes(of: word) { try file.write($0, at: slot * Self.size) }
  }

  func get(_ slot: Int) throws -> SlotLink {
    var word: Int64 = 0
    try withUnsafeMutableBytes(of: &word) { try file.read(into: $0, at: slot * Self.size) }
    return switch word {
    case 0: .unknown
    case 1...: .recorded(sequence: Int(word - 1))
    case -1: .passedOver(parent: nil)
    default: .passedOver(parent: Int(-2 - word))
    }
  }
}
