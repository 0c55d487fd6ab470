import Glibc

/// The terminal that standard output may be.
enum Terminal {
  static var isOutput: Bool { isatty(STDOUT_FILENO) == 1 }

  /// How many columns a line may take; nil where it is no terminal, and nothing is shortened.
  static var columns: Int? {
    guard isOutput else { return nil }
    if let set = getenv("COLUMNS"), let columns = Int(String(cString: set)), columns > 0 {
      return columns
    }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }
}
