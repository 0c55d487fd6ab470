/// Puts right the stamps of processes whose monotonic clock is not ours: those of a time namespace,
/// time_namespaces(7).
///
/// A clock is known to be another one when a stamp of it lies before the session, or in the future. The
/// real time is the same in all namespaces and tells how far off it is. A clock that is off by less
/// than the session is long is not noticed.
struct ForeignClocks {
  /// How much later a stamp may be than the last look at our own clock.
  private static let toleranceNs: UInt64 = 1_000_000_000

  /// When the session began.
  let originNs: UInt64
  /// The real time at that moment, nanoseconds since the epoch.
  let originRealtimeNs: UInt64
  private var latestNs: UInt64 = 0
  /// Whether there is one at all.
  private(set) var areThere = false

  init(originNs: UInt64, originRealtimeNs: UInt64) {
    self.originNs = originNs
    self.originRealtimeNs = originRealtimeNs
  }

  /// What to add, wrapping, to the stamps of who gave this one at that real time; 0 for our clock.
  mutating func shift(stampNs: UInt64, realtimeNs: UInt64) -> UInt64 {
    guard isForeign(stampNs) else { return 0 }
    areThere = true
    let sinceOrigin = realtimeNs > originRealtimeNs ? realtimeNs - originRealtimeNs : 0
    return min(originNs &+ sinceOrigin, max(latestNs, originNs)) &- stampNs
  }

  private mutating func isForeign(_ stampNs: UInt64) -> Bool {
    if stampNs &+ Self.toleranceNs < originNs {
      latestNs = Kernel.monotonicNs
      return true
    }
    guard stampNs > latestNs &+ Self.toleranceNs else { return false }
    latestNs = Kernel.monotonicNs
    return stampNs > latestNs &+ Self.toleranceNs
  }
}

extension Event {
  /// Who speaks.
  var speaker: Speaker {
    switch self {
    case .intent(let event): event.speaker
    case .start(let event): event.speaker
    case .failed(let event): event.speaker
    case .exit(let event): event.speaker
    case .wait(let event): event.speaker
    case .call(let event): event.speaker
    case .confined(let event): event.speaker
    case .seen(let event): event.speaker
    }
  }

  /// The same event by another clock, which shows `shift` more, wrapping.
  func shifted(by shift: UInt64) -> Event {
    guard shift != 0 else { return self }
    switch self {
    case .intent(var event):
      event.speaker.stamp &+= shift
      return .intent(event)
    case .start(var event):
      event.speaker.stamp &+= shift
      return .start(event)
    case .failed(var event):
      event.speaker.stamp &+= shift
      return .failed(event)
    case .exit(var event):
      event.speaker.stamp &+= shift
      return .exit(event)
    case .wait(var event):
      event.speaker.stamp &+= shift
      return .wait(event)
    case .call(var event):
      event.speaker.stamp &+= shift
      if event.begin != 0 { event.begin &+= shift }
      return .call(event)
    case .confined(var event):
      event.speaker.stamp &+= shift
      return .confined(event)
    case .seen: return self  // seen from the recorder's own process
    }
  }
}
