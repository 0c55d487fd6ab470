/// The status of a process as `wait(2)` gives it.
struct WaitStatus: Equatable {
  let rawValue: Int32

  init(rawValue: Int32) {
    self.rawValue = rawValue
  }

  init(exitCode: Int32) {
    rawValue = (exitCode & 0xff) << 8
  }

  /// Stopped or continued: the process lives on.
  var isChange: Bool { rawValue & 0xff == 0x7f || rawValue == 0xffff }

  /// The code of a process that exited; nil where a signal ended it.
  var exitCode: Int32? { rawValue & 0x7f == 0 ? (rawValue >> 8) & 0xff : nil }

  /// The signal that ended the process.
  var signal: Int32? {
    let signal = rawValue & 0x7f
    return signal == 0 || signal == 0x7f ? nil : signal
  }

  /// What a shell's `$?` says.
  var shellCode: Int32 { exitCode ?? 128 + (signal ?? 0) }
}
