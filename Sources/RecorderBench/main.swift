// Measures the recorder alone, without processes: events a second from a stored stream into the
// journal, and the peak memory of sessions of different length. Prints JSON.
//
//   RecorderBench [INVOCATIONS]            events a second, and memory of 10,000 and 1,000,000
//   RecorderBench memory INVOCATIONS       the peak memory of one session, in KiB

import CmdMox
import Glibc
import SystemPackage

let arguments = CommandLine.arguments.dropFirst()
if arguments.first == "memory" {
  let count = arguments.dropFirst().first.flatMap { Int($0) } ?? 10_000
  print(try Measurement.peakMemory(invocations: count))
} else {
  let count = arguments.first.flatMap { Int($0) } ?? 50_000
  let rate = try Measurement.rate(invocations: count)
  let small = try Measurement.childPeakMemory(invocations: 10_000)
  let large = try Measurement.childPeakMemory(invocations: 1_000_000)
  print(
    """
    {
      "invocations": \(count),
      "events": \(rate.events),
      "journal_events_per_second": \(Int(Double(rate.events) / rate.journalSeconds)),
      "fixture_seconds": \(rate.fixtureSeconds),
      "peak_kib_10000": \(small),
      "peak_kib_1000000": \(large),
      "peak_ratio": \(Double(large) / Double(small))
    }
    """)
}
