/// Where a session's finished invocations go, and what they came to.
protocol SessionSink: InvocationSink {
  var tally: SessionTally { get }
}
