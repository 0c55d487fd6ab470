import ArgumentParser

/// Which commands are captured.
enum CaptureDepth: String, CaseIterable, ExpressibleByArgument {
  case outermost, all
}

/// A number of bytes, as people write it: `4096`, `64K`, `16M`, `1G`, in powers of 1024.
struct ByteCount: ExpressibleByArgument {
  let bytes: UInt64

  init(bytes: UInt64) { self.bytes = bytes }

  init?(argument: String) {
    let units: [Character: UInt64] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let unit = argument.last.flatMap { units[Character($0.uppercased())] }
    guard let count = UInt64(unit == nil ? argument[...] : argument.dropLast()) else { return nil }
    let (bytes, isOver) = count.multipliedReportingOverflow(by: unit ?? 1)
    guard !isOver, bytes <= 1 << 40 else { return nil }
    self.bytes = bytes
  }

  var defaultValueDescription: String { "\(bytes >> 20)M" }
}
