internal import Glibc
internal import SystemPackage

/// What the recorder still knows of an image that is over: a forked child of a dead shell names it
/// as its parent long after.
struct Ancestor: Equatable {
  var slotForChildren: Int?
  var namespace: UInt64
  var pid: UInt32
}

/// Images that are over, the most recently used ones in memory, the others in a file.
///
/// The memory that it needs does not grow with the session.
final class Ancestors {
  private struct Entry {
    var ancestor: Ancestor?
    var wasUsed: Bool
  }

  /// id, slot (-1: none), namespace, pid: 8 bytes each.
  private static let recordLength = 32

  private let limit: Int
  private let spill: FileDescriptor?
  private var entries: [UInt64: Entry] = [:]
  /// The ids in the order in which they came; a used one gets a second round.
  private var queue: [UInt64] = []
  private var head = 0
  private var spilled = 0
  private var unwritten: [UInt8] = []

  /// - Parameters:
  ///   - limit: how many stay in memory.
  ///   - spill: a file to append the others to; nil forgets them.
  init(limit: Int = 16384, spill: FileDescriptor? = nil) {
    self.limit = limit
    self.spill = spill
  }

  /// How many images are held in memory.
  var heldCount: Int { entries.count }

  func insert(_ id: UInt64, _ ancestor: Ancestor) {
    remember(id, ancestor)
  }

  /// What is known of an image; an answer of nothing is remembered too.
  func find(_ id: UInt64) -> Ancestor? {
    if let entry = entries[id] {
      if !entry.wasUsed { entries[id]?.wasUsed = true }
      return entry.ancestor
    }
    let found = findSpilled(id)
    remember(id, found)
    return found
  }

  /// What is known of an image that was over not long ago, without looking at the file.
  func recall(_ id: UInt64) -> Ancestor? { entries[id]?.ancestor }

  private func remember(_ id: UInt64, _ ancestor: Ancestor?) {
    if entries.updateValue(Entry(ancestor: ancestor, wasUsed: false), forKey: id) == nil {
      queue.append(id)
    }
    while entries.count > limit { evict() }
  }

  private func evict() {
    while head < queue.count {
      let id = queue[head]
      head += 1
      if head > limit {
        queue.removeFirst(head)
        head = 0
      }
      guard let entry = entries[id] else { continue }
      if entry.wasUsed {
        entries[id]?.wasUsed = false
        queue.append(id)
        continue
      }
      entries.removeValue(forKey: id)
      if let ancestor = entry.ancestor { spillOut(id, ancestor) }
      return
    }
  }

  private func spillOut(_ id: UInt64, _ ancestor: Ancestor) {
    guard spill != nil else { return }
    for member in [
      id, UInt64(bitPattern: Int64(ancestor.slotForChildren ?? -1)), ancestor.namespace,
      UInt64(ancestor.pid),
    ] {
      withUnsafeBytes(of: member) { unwritten.append(contentsOf: $0) }
    }
    if unwritten.count >= 1 << 16 { flush() }
  }

  private func flush() {
    guard let spill else { return }
    // A full disk loses parents, not invocations.
    if (try? spill.writeAll(toAbsoluteOffset: Int64(spilled), unwritten)) != nil {
      spilled += unwritten.count
    }
    unwritten.removeAll(keepingCapacity: true)
  }

  /// The newest record of an image: a linear scan, since nearly everything is found in memory.
  private func findSpilled(_ id: UInt64) -> Ancestor? {
    guard let spill else { return nil }
    flush()
    var found: Ancestor?
    let piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.recordLength << 11, alignment: 8)
    defer { piece.deallocate() }
    var offset = 0
    while offset < spilled,
      let count = try? spill.read(fromAbsoluteOffset: Int64(offset), into: piece),
      count >= Self.recordLength
    {
      let whole = count - count % Self.recordLength
      for at in stride(from: 0, to: whole, by: Self.recordLength)
      where piece.load(fromByteOffset: at, as: UInt64.self) == id {
        let slot = piece.load(fromByteOffset: at + 8, as: Int64.self)
        found = Ancestor(
          slotForChildren: slot < 0 ? nil : Int(slot),
          namespace: piece.load(fromByteOffset: at + 16, as: UInt64.self),
          pid: UInt32(truncatingIfNeeded: piece.load(fromByteOffset: at + 24, as: UInt64.self)))
      }
      offset += whole
    }
    return found
  }
}
