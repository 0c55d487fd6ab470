extension RecordedInvocation {
  /// What it wrote to stderr; where that went the same way as stdout, all that it wrote.
  package var errorOutput: [UInt8] {
    process?.stderr?.isMerged ?? false ? stdoutBytes : stderrBytes
  }
}
