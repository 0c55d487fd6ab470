/// When something ran, in microseconds since the session began. It never ends before it starts.
package struct Interval: Equatable, Sendable {
  package let startUs: Int
  package let endUs: Int

  /// Longer than any session, and small enough that sums of a million of them do not overflow.
  private static let range = 0...(1 << 42)

  /// Clamps to times that can be: what starts before the session starts with it, what ends before
  /// it starts ends at once.
  package init(startUs: Int, endUs: Int) {
    self.startUs = min(max(startUs, Self.range.lowerBound), Self.range.upperBound)
    self.endUs = min(max(endUs, self.startUs), Self.range.upperBound)
  }

  package var lengthUs: Int { endUs - startUs }

  /// Whether `other` lies inside.
  func contains(_ other: Interval) -> Bool { startUs <= other.startUs && other.endUs <= endUs }
}

extension Interval {
  /// When a recording ran.
  ///
  /// - Parameter epochUs: when the session began, since 1970: for recordings that have a timestamp
  ///   and no time within the session.
  init(of recording: RecordedInvocation, epochUs: Int?) {
    let process = recording.process
    let lengthUs = min(max(recording.durationMs, 0), Self.range.upperBound / 1000) * 1000
    let startUs = process?.startedUs ?? Self.start(recording, epochUs: epochUs)
    let latest = startUs.addingReportingOverflow(lengthUs)
    self.init(
      startUs: startUs,
      endUs: process?.endedUs ?? (latest.overflow ? startUs : latest.partialValue))
  }

  private static func start(_ recording: RecordedInvocation, epochUs: Int?) -> Int {
    guard let epochUs, let moment = Timestamp(recording.timestamp) else { return 0 }
    return moment.microseconds - epochUs
  }
}
