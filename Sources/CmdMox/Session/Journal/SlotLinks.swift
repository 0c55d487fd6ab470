internal import SystemPackage

/// What stands behind each slot, in a file: eight bytes for each, addressed by the slot.
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
    try withUnsafeBytes(of: word) { try file.write($0, at: try Self.place(of: slot)) }
  }

  func get(_ slot: Int) throws -> SlotLink {
    guard slot >= 0, let place = try? Self.place(of: slot) else { return .unknown }
    var word: Int64 = 0
    try withUnsafeMutableBytes(of: &word) { try file.read(into: $0, at: place) }
    return switch word {
    case 0: .unknown
    case 1...: .recorded(sequence: Int(word - 1))
    case -1: .passedOver(parent: nil)
    default: .passedOver(parent: Int(-2 - word))
    }
  }

  /// Throws for a slot so high that no file reaches it.
  private static func place(of slot: Int) throws -> Int {
    let (place, isOver) = slot.multipliedReportingOverflow(by: size)
    guard !isOver else { throw LifecycleError.invalidSlot(slot) }
    return place
  }
}
