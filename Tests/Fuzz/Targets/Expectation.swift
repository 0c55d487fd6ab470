/// Ends the run where something is not as it must be. `precondition` says nothing in a release build.
func expect(_ isSo: Bool, _ otherwise: @autoclosure () -> String) {
  if !isSo { fatalError(otherwise()) }
}
