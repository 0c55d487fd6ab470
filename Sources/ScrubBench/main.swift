// Measures what scrubbing costs, with all default rules on one thread. Prints JSON.
//
//   ScrubBench [MEGABYTES]

import CmdMox

// Before anything else: it makes what all scrubbers share.
let firstScrubberUs = Measurement.firstScrubberUs()
let megabytes = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 100
let log = BuildLog.text(bytes: 1_000_000)
let leaky = BuildLog.text(bytes: 1_000_000, secretEvery: 200)
let rates = try (0..<5).map { _ in try Measurement.rate(of: log, megabytes: megabytes / 5) }
let leakyRates = try (0..<5).map { _ in try Measurement.rate(of: leaky, megabytes: megabytes / 5) }
print(
  """
  {
    "megabytes": \(megabytes),
    "build_log_mb_per_second": \(Measurement.median(rates)),
    "build_log_with_secrets_mb_per_second": \(Measurement.median(leakyRates)),
    "trace_recording_us": \(try Measurement.microseconds(TypicalRecording.traced)),
    "record_recording_us": \(try Measurement.microseconds(TypicalRecording.captured)),
    "record_recording_with_secrets_us": \(try Measurement.microseconds(TypicalRecording.secret)),
    "first_scrubber_us": \(firstScrubberUs)
  }
  """)
