// Runs libFuzzer on one of the targets:
//
//   fuzz-targets --target=NAME [--tell] [libFuzzer's options] [CORPUS… | INPUT…]
//
// libFuzzer itself passes over what begins with two dashes.

import CLibFuzzer
import Glibc

guard FuzzTarget.chosen != nil else {
  print("the targets are: \(FuzzTarget.allCases.map(\.rawValue).joined(separator: " "))")
  exit(64)
}
var count = CommandLine.argc
var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
let status = LLVMFuzzerRunDriver(&count, &arguments) { bytes, count in
  FuzzTarget.chosen?.run(UnsafeRawBufferPointer(start: bytes, count: count))
  return 0
}
exit(status)
